"""The add-in: buttons in Excel, WPS and LibreOffice that start perfxl.

Built without a spreadsheet program from the sources in `macros/`, installed for one user, taken off again without a trace.
"""
