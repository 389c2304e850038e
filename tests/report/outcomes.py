"""Outcomes to report on: one good form, one with three faults, and what a run did."""

from __future__ import annotations

from dataclasses import replace

from perfxl.checks import run_checks
from perfxl.form.model import Form
from perfxl.outcome import Change, Failure, JudgedForm, Outcome
from tests.forms import change, good_form, scored


def judged(form: Form) -> JudgedForm:
    judgement = scored(form)
    return JudgedForm(judgement, run_checks(judgement))


def faulty_form(book: str = "教育局自评表.xlsx") -> Form:
    return replace(change(good_form(), G8="100.00%", H17="17", I17=""), book=book)


def full_outcome() -> Outcome:
    return Outcome(
        forms=[judged(faulty_form()), judged(good_form())],
        changes=[
            Change("自评表.xlsx", "自评表", "G8", "", "99.90%", "FND001"),
            Change("自评表.xlsx", "台账", "B11", "30", None, "recalculated"),
        ],
        failures=[Failure("坏的.xlsx", "文件已损坏，无法读取。文件没有改动。请用 Excel 打开并另存后再试。")],
        notes=[("说明.xlsx", "没有找到自评表。")],
        books=4,
    )
