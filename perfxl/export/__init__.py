"""Copies of forms to publish: Word documents with the official table, and PDF where LibreOffice is installed."""
