"""Lays out the tables that people fill in over the year: the plan (a row a project, a row an indicator) and the execution ledger."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfxl.grid.address import column_letters
from perfxl.rules import Profile, load_profile
from perfxl.scoring.rounding import plain
from perfxl.templates.catalogue import TableSheet, TableTemplate, form_template
from perfxl.templates.drawing import Box, Look, Rule, SheetDrawing, Validation, a1, box, span

_AMOUNTS = ("fiscal", "carryover", "other", "total", "paid")
_LOOKS = dict.fromkeys(_AMOUNTS, Look.AMOUNT) | {
    "weight": Look.POINTS,
    "weight_sum": Look.POINTS,
    "year": Look.CENTRED,
    "sign": Look.CENTRED,
    "unit": Look.CENTRED,
    "date": Look.DATE,
}
_MOST = "999999999999"
_YEARS = ("2000", "2099")
_HEAD = 2  # the row of the head under the title


def lay_out_table(template: TableTemplate, sheet: TableSheet) -> SheetDrawing:
    """A table under its title, its rows blank."""
    profile = load_profile(template.profile)
    at = {column.role: number for number, column in enumerate(sheet.columns, 1)}
    summed = "paid" in at
    head = _HEAD + summed
    first, last = head + 1, head + sheet.rows
    boxes = [box(1, 1, sheet.title, Look.TITLE, right=len(sheet.columns))]
    if summed:
        area = span(first, last, at["paid"])
        boxes.append(box(2, at["paid"] - 1, "合计", Look.LABEL))
        boxes.append(box(2, at["paid"], Decimal(0), Look.AMOUNT, formula=f"SUM({area})"))
    boxes += [box(head, number, column.label, Look.HEAD) for number, column in enumerate(sheet.columns, 1)]
    for row in range(first, last + 1):
        boxes += _row(template, sheet, row, at)
    return SheetDrawing(
        sheet.name,
        tuple(column.width for column in sheet.columns),
        boxes,
        rules=list(_rules(at, first, last, profile)),
        validations=list(_validations(at, first, last)),
        repeated=(head, head),
        header=(sheet.title, ""),
        landscape=True,
        frozen=head,
        growing=range(first, last + 1),
    )


def _row(template: TableTemplate, sheet: TableSheet, row: int, at: dict[str, int]) -> Iterator[Box]:
    for column, entry in enumerate(sheet.columns, 1):
        look = _LOOKS.get(entry.role, Look.TEXT)
        if entry.role == "weight_sum":
            yield box(row, column, "", look, formula=_weight_sum(template, row, at))
        else:
            yield box(row, column, "", look, typed=True)


def _weight_sum(template: TableTemplate, row: int, at: dict[str, int]) -> str:
    """The weights of a project's indicators on the sheet that lists them: by its code, else by its name.

    SUMIF takes texts of digits for numbers, which have 15: of longer codes, which only texts can be, all signs must agree too. In a name
    the signs that stand for others stand for themselves. Of a code that is a number each program's SUMIF makes something else.
    """
    listed = next(sheet for sheet in template.sheets if any(column.role == "weight" for column in sheet.columns))
    columns = {column.role: column_letters(number) for number, column in enumerate(listed.columns, 1)}
    weights, codes, names = (
        f"{listed.name}!${columns[role]}:${columns[role]}" for role in ("weight", "project_code", "project")
    )
    last = f"COUNTA({names})+{listed.rows}"  # blank rows in between are no matter
    used = {
        role: f"{listed.name}!${columns[role]}${_HEAD + 1}:INDEX({listed.name}!${columns[role]}:${columns[role]},{last})"
        for role in ("weight", "project_code")
    }
    code, name = a1(row, at["project_code"]), a1(row, at["project"])
    same = f'SUMPRODUCT(1*({used["project_code"]}&""={code}&""),{used["weight"]})'
    text = f'IF(LEN({code})>15,SUMIFS({weights},{codes},{code},{codes},{code}&"*"),SUMIF({codes},{code},{weights}))'
    by_code = f"IF(ISNUMBER({code}),{same},{text})"
    plain_name = name
    for sign in "~*?":
        plain_name = f'SUBSTITUTE({plain_name},"{sign}","~{sign}")'
    by_name = f'SUMIF({names},"="&{plain_name},{weights})'
    return f'IF({code}<>"",{by_code},IF({name}<>"",{by_name},""))'


def _rules(at: dict[str, int], first: int, last: int, profile: Profile) -> Iterator[Rule]:
    if "weight_sum" in at:
        column = at["weight_sum"]
        here = a1(first, column, fixed="column")
        expected = plain(profile.total_weight - profile.execution_weight)
        yield Rule(first, column, last, column, f"AND(ISNUMBER({here}),ROUND({here},2)<>{expected})")


def _validations(at: dict[str, int], first: int, last: int) -> Iterator[Validation]:
    for role, column in at.items():
        area = (first, column, last, column)
        if role in _AMOUNTS:
            low = f"-{_MOST}" if role == "paid" else "0"
            yield Validation(*area, "number", error="amount", low=low, high=_MOST)
        elif role == "year":
            yield Validation(*area, "number", error="year", low=_YEARS[0], high=_YEARS[1])
        elif role == "weight":
            yield Validation(*area, "number", prompt="weight", error="weight", high="100")
        elif role in ("level1", "level2", "sign"):
            yield Validation(*area, "list" if role == "level1" else "offer", role, "level", words=_words(role))
        elif role in ("name", "target", "unit", "goal"):
            yield Validation(*area, "any", prompt=role)


def _words(role: str) -> tuple[str, ...]:
    if role == "sign":
        return ("≥", "≤", "＝", "＞", "＜", "定性")
    rows = [row for name in ("2020", "2021") for row in form_template(name).rows]
    return tuple(dict.fromkeys(getattr(row, role) for row in rows))
