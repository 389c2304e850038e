"""Workbooks that stand open in a real spreadsheet program: LibreOffice, started for the tests in a profile of its own."""
