"""The port through which workbooks are read and changed, and its backends."""
