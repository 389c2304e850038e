"""The summary workbook: what a store holds as one workbook to look at, to print and to go on working with.

`sheets.toml` says which rows and columns the detail sheets have, `skeleton` draws all but their rows with XlsxWriter, `rows` streams
these into it, `overview` draws the page 汇总.
"""
