"""Days as serial numbers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from perfxl.grid.dateformat import calendar_date, serial_day
from perfxl.workbooks.formulas.functions.registry import function
from perfxl.workbooks.formulas.values import NUM, CannotCompute, Failed, integer_of

if TYPE_CHECKING:
    from perfxl.workbooks.formulas.evaluation import Evaluation


@function("DATE", "n n n", placed=True)
def _date(evaluation: Evaluation, year: Decimal, month: Decimal, day: Decimal) -> Decimal:
    wanted_year, wanted_month, wanted_day = integer_of(year), integer_of(month), integer_of(day)
    if not 0 <= wanted_year <= 9999 or abs(wanted_month) > 120_000 or abs(wanted_day) > 4_000_000:
        raise Failed(NUM)
    if wanted_year < 1900:
        wanted_year += 1900
    serial = serial_day(wanted_year, wanted_month, wanted_day, evaluation.book.date1904)
    if serial is None or serial > 2_958_465:
        raise Failed(NUM)
    return Decimal(serial)


@function("YEAR", "n", placed=True)
def _year(evaluation: Evaluation, serial: Decimal) -> Decimal:
    return Decimal(_day(evaluation, serial).year)


@function("MONTH", "n", placed=True)
def _month(evaluation: Evaluation, serial: Decimal) -> Decimal:
    return Decimal(_day(evaluation, serial).month)


@function("DAY", "n", placed=True)
def _day_of_month(evaluation: Evaluation, serial: Decimal) -> Decimal:
    return Decimal(_day(evaluation, serial).day)


def _day(evaluation: Evaluation, serial: Decimal) -> date:
    day = integer_of(serial)
    if serial < 0 or day > 2_958_465:
        raise Failed(NUM)
    found = calendar_date(day, evaluation.book.date1904)
    if found is None:
        raise CannotCompute("1900 年初的日期，各软件算法不同")
    return found
