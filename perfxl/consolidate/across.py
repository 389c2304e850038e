"""Compares the forms in a store with each other: projects handed in twice, repeated texts, names under several spellings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from perfxl.checks import Choice, run_across_checks, run_list_checks
from perfxl.checks.facts import Figure, FormFacts, Named, Said
from perfxl.checks.finding import AcrossFinding
from perfxl.checks.registry import AcrossFault, across_checks
from perfxl.consolidate.records import JOINT, Key, Row
from perfxl.consolidate.schema import FINDINGS, Table, rows_as_text
from perfxl.consolidate.store import Store

_FORM_KEY = {"source": "VARCHAR", "book": "VARCHAR", "sheet": "VARCHAR", "index": "INTEGER"}
_JUDGED = Table("judged", {**_FORM_KEY, "department_meant": "VARCHAR", "superseded_by": "VARCHAR"})
_MISSING = Table("missing", {"book": "VARCHAR", "sheet": "VARCHAR", "cell": "VARCHAR", "missing": "INTEGER"})
_NAMES = ("project", "department", "unit")


def compare(store: Store, choice: Choice, stamp: str) -> None:
    """Writes the findings across forms anew, and what they settle: which form counts, which spelling of a department.

    `stamp` is kept, so that a later run knows by what the forms were compared.
    """
    forms = read_facts(store)
    places = {form.place("")[:3]: key for key, form in forms.items()}
    facts = list(forms.values())
    expected = store.expected()
    missing = run_list_checks(facts, expected, choice) if expected else ()
    found = (*run_across_checks(facts, choice), *missing)
    judged = _judged(store, facts, places)
    with store.transaction():
        store.sql.execute("DELETE FROM findings WHERE across IS NOT NULL")
        store.load({FINDINGS.name: [rows_as_text(_finding_rows(found, places))]})
        store.sql.execute("UPDATE expected SET missing = NULL")
        with store.temporary(_MISSING, _missing_rows(found, places)):
            store.sql.execute(
                "UPDATE expected SET missing = m.missing FROM missing m "
                "WHERE expected.book = m.book AND expected.sheet = m.sheet AND expected.cell = m.cell"
            )
        store.sql.execute(
            "UPDATE forms SET department_meant = NULL, superseded_by = NULL "
            "WHERE department_meant IS NOT NULL OR superseded_by IS NOT NULL"
        )
        with store.temporary(_JUDGED, judged):
            store.sql.execute(
                "UPDATE forms SET department_meant = j.department_meant, superseded_by = j.superseded_by FROM judged j "
                'WHERE forms.source = j.source AND forms.book = j.book AND forms.sheet = j.sheet AND forms."index" = j."index"'
            )
        store.sql.execute("UPDATE store SET across = ?", [stamp])


def read_facts(store: Store) -> dict[Key, FormFacts]:
    """The facts of all forms, in the order of books and sheets. Texts come only where two forms share them: of the others no check
    would speak, and there may be very many."""
    names: dict[Key, dict[str, Named]] = {}
    for *key, kind, text_key, text, code, cell in _rows(
        store, f"""SELECT source, book, sheet, "index", kind, key, text, code, cell FROM facts WHERE kind IN {_NAMES}"""
    ):
        names.setdefault(tuple(key), {})[kind] = Named(text_key, text, code, cell)
    said: dict[Key, dict[str, list[Any]]] = {}
    for *key, kind, text_key, text, cell in _rows(
        store,
        f"""SELECT source, book, sheet, "index", kind, key, text, cell FROM facts
        SEMI JOIN (SELECT kind, key FROM facts WHERE kind NOT IN {_NAMES} GROUP BY ALL
            HAVING count(DISTINCT (source, book, sheet, "index")) > 1) USING (kind, key)""",
    ):
        said.setdefault(tuple(key), {}).setdefault(kind, []).append(_said(kind, text_key, text, cell))
    out: dict[Key, FormFacts] = {}
    for source, book, sheet, index, year in _rows(
        store, 'SELECT source, book, sheet, "index", year FROM forms ORDER BY source, book, position'
    ):
        form = (source, book, sheet, index)
        named, texts = names.get(form, {}), said.get(form, {})
        out[form] = FormFacts(
            book=f"{source}/{book}",
            sheet=sheet,
            number=index,
            year=year,
            project=named.get("project"),
            department=named.get("department"),
            unit=named.get("unit"),
            reasons=tuple(texts.get("reason", ())),
            achievements=tuple(texts.get("achievement", ())),
            figures=tuple(texts.get("figure", ())),
        )
    return out


def _rows(store: Store, query: str) -> Iterator[tuple[Any, ...]]:
    result = store.sql.execute(query)
    while rows := result.fetchmany(10_000):
        yield from rows


def _said(kind: str, key: str, text: str, cell: str) -> Said | Figure:
    if kind != "figure":
        return Said(key, text, cell)
    number, tie, unit = key.split(JOINT)
    return Figure(number, tie, unit, text, cell)


def _finding_rows(found: Iterable[AcrossFinding], places: dict[tuple[Any, ...], Key]) -> Iterator[Row]:
    for number, finding in enumerate(found, 1):
        for place in finding.places:
            form = places.get(place[:3])  # None for a line of the list of those expected
            yield (
                *(form or (None, None, None, None)),
                finding.code,
                finding.name,
                finding.severity.value,
                place.cell if form else None,
                finding.found,
                finding.expected,
                finding.message,
                number,
            )


def _missing_rows(found: Iterable[AcrossFinding], places: dict[tuple[Any, ...], Key]) -> Iterator[Row]:
    """The lines of the list of those expected that a finding is about."""
    for number, finding in enumerate(found, 1):
        for place in finding.places:
            if place[:3] not in places:
                yield (place.book, place.sheet, place.cell, number)


def _judged(store: Store, facts: Sequence[FormFacts], places: dict[tuple[Any, ...], Key]) -> list[Row]:
    """The forms that do not count, and those whose department is meant by another spelling, whichever checks were asked for."""
    dated = {(source, book): when for source, book, when in _rows(store, "SELECT source, book, dated FROM books")}
    newer: dict[Key, str] = {}
    for fault in _faults("XBK001", facts):
        keys = [places[place[:3]] for place in fault.places]
        latest = max(keys, key=lambda key: (dated[key[:2]], key))
        newer.update((key, _named(latest, key)) for key in keys if key != latest)
    meant: dict[Key, str] = {}
    cells = {place: form.department.cell for form in facts if form.department for place in [form.place("")[:3]]}
    for fault in _faults("XBK005", facts):
        for place in fault.places:
            if cells.get(place[:3]) == place.cell and fault.expected is not None:
                meant[places[place[:3]]] = fault.expected
    return [(*key, meant.get(key), newer.get(key)) for key in {**newer, **meant}]


def _faults(code: str, facts: Sequence[FormFacts]) -> Iterator[AcrossFault]:
    return across_checks()[code](facts)


def _named(latest: Key, instead_of: Key) -> str:
    """The form that counts, named as far as it differs: source, book, sheet, number."""
    source, book, sheet, index = latest
    name = book if source == instead_of[0] else f"{source}/{book}"
    return f"{name} · {sheet}" + (f" · {index}" if index > 1 else "")
