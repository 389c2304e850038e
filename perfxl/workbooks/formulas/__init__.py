"""Works out the formulas of a closed workbook, in `Decimal`.

The value stored with a formula is not to be believed: other programs write 0 or nothing there, and an edit makes it
stale. The libraries that evaluate spreadsheet formulas take seconds to import, calculate with floats and keep the
workbook in their own model, so perfxl has its own small evaluator: the operators, the references and the functions
that such forms use. What it does not understand it does not guess: the answer is `NotComputable` with the reason.

A backend gives its cells through `CellSource` and asks a `Calculator`:

    calculator = Calculator(source)
    calculator.value("自评表", 23, 7)                        # Decimal("30"), or NotComputable("…")
    stale = calculator.dependents({("自评表", 6, 8)}, cells)  # formula cells that lean on H6
    calculator.forget(stale)                                 # then ask for their values again

`shift_formula` writes out a shared formula for another cell.
"""

from perfxl.workbooks.formulas.calculator import Calculator
from perfxl.workbooks.formulas.shift import shift_formula
from perfxl.workbooks.formulas.source import CellKey, CellSource, NotComputable, RawCell, TableInfo

__all__ = ["Calculator", "CellKey", "CellSource", "NotComputable", "RawCell", "TableInfo", "shift_formula"]
