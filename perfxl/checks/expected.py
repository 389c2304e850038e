"""The check of what was handed in against a list of what should be (XBK004)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from perfxl.checks.across import spellings
from perfxl.checks.facts import Expected, FormFacts, Named
from perfxl.checks.registry import AcrossFault, list_check

_NEAR = 0.75  # of two names, by difflib's ratio: 河堤加固工程 and 河堤加固 are near


@list_check("XBK004")
def not_submitted(forms: Sequence[FormFacts], expected: Sequence[Expected]) -> Iterator[AcrossFault]:
    """A department or project on the list of those expected has handed nothing in.

    Rule: every project of the budget evaluates itself (财预〔2020〕10号). Names count as the same without their region and
    without 和, 与 and brackets; a project that was handed in under a near name is told with it. Cannot tell a form that
    names another year or unit by mistake.
    """
    by_owner: dict[str, list[FormFacts]] = defaultdict(list)
    for form in forms:
        for spelling in _owners((form.department, form.unit)):
            by_owner[spelling].append(form)
    for entry in expected:
        owners = _owners((entry.department, entry.unit))
        of_them = [form for spelling in owners for form in by_owner.get(spelling, ())] if owners else forms
        of_the_year = {form.place(""): form for form in of_them if entry.year in (None, form.year)}
        fault = _missing(entry, list(of_the_year.values()))
        if fault is not None:
            yield fault


def _owners(parties: Iterable[Named | None]) -> set[str]:
    return {spelling for party in parties if party is not None for spelling in spellings(party.key)}


def _missing(entry: Expected, forms: Sequence[FormFacts]) -> AcrossFault | None:
    """What is wrong with an entry of the list, None where it was handed in; `forms` are those of its department and year."""
    owner = entry.unit or entry.department
    by_name = {form.project.key: form for form in forms if form.project is not None}
    if entry.project is None:
        if forms or owner is None:
            return None
        return AcrossFault([entry.place], owner.text, variant="department")
    if any(spellings(name) & spellings(entry.project.key) for name in by_name):
        return None
    facts = {"owner": f"“{owner.text}”的" if owner is not None else ""}
    near = get_close_matches(entry.project.key, by_name, n=1, cutoff=_NEAR)
    if not near:
        return AcrossFault([entry.place], entry.project.text, **facts)
    form = by_name[near[0]]
    assert form.project is not None
    places = [entry.place, form.place(form.project.cell)]
    return AcrossFault(places, entry.project.text, variant="near", near=form.project.text, **facts)
