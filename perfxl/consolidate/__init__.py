"""Many workbooks into one store: collect their forms, keep them, compare them, add them up.

The only place that imports duckdb, and only inside the functions that need it.
"""
