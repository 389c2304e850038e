"""Workbooks in formats that perfxl reads and does not write: .xls (also called .et), .xlsb, .ods."""
