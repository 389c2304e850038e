"""The functions that formulas may call."""

from perfxl.workbooks.formulas.functions import conditional, dates, logic, lookup, maths, statistics, text
from perfxl.workbooks.formulas.functions.registry import FUNCTIONS, VOLATILE, Function

__all__ = [
    "FUNCTIONS",
    "VOLATILE",
    "Function",
    "conditional",
    "dates",
    "logic",
    "lookup",
    "maths",
    "statistics",
    "text",
]
