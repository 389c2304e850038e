"""Marks in a workbook: a fill and a note on a cell, and the results sheet. What they say is decided elsewhere."""
