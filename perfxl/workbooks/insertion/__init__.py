"""Inserts rows into a worksheet of a closed workbook: whatever names a place, in any part, moves along; all else stays as it is."""
