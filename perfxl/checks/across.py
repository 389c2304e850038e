"""Checks over the facts of all forms of a run (XBK, EXP004): by index, never each form against each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from perfxl.checks.facts import Figure, FormFacts, Named, Said
from perfxl.checks.registry import AcrossFault, across_check
from perfxl.patterns import pattern

_Project = tuple[int | None, str | None, str]


def _project_key(form: FormFacts) -> _Project | None:
    return None if form.project is None else (form.year, form.owner, form.project.key)


@across_check("XBK001")
def project_listed_twice(forms: Sequence[FormFacts]) -> Iterator[AcrossFault]:
    """The same project of the same unit and year stands in two forms.

    Rule: one form a project and year (财预〔2020〕10号). The unit is the implementing one, else the department. Projects
    whose printed codes differ are not the same. Cannot tell which of the forms is the final one.
    """
    groups: dict[_Project, list[FormFacts]] = defaultdict(list)
    for form in forms:
        key = _project_key(form)
        if key is not None and key[1] is not None:
            groups[key].append(form)
    for (year, _, _), members in groups.items():
        for same in _of_one_code(members):
            first = same[0]
            assert first.project is not None
            owner = first.unit or first.department
            yield AcrossFault(
                [form.place(form.project.cell) for form in same if form.project is not None],
                first.project.text,
                project=first.project.text,
                unit="" if owner is None else owner.text,
                year="" if year is None else f" {year} 年度",
                count=str(len(same)),
            )


def _of_one_code(members: list[FormFacts]) -> Iterator[list[FormFacts]]:
    """The groups of two and more whose project codes do not differ; a form without a code goes with the only code."""
    if len(members) < 2:
        return
    by_code: dict[str | None, list[FormFacts]] = defaultdict(list)
    for form in members:
        by_code[form.project.code if form.project else None].append(form)
    if len(by_code.keys() - {None}) < 2:
        yield members
        return
    for code, same in by_code.items():
        if code is not None and len(same) > 1:
            yield same


_Where = list[tuple[FormFacts, Said]]


def _by_text(forms: Sequence[FormFacts], texts: str) -> Iterator[_Where]:
    """Where each text stands, once a form."""
    places: dict[str, _Where] = defaultdict(list)
    for form in forms:
        said: tuple[Said, ...] = getattr(form, texts)
        for text in {each.key: each for each in reversed(said)}.values():
            places[text.key].append((form, text))
    yield from places.values()


def _projects(where: _Where) -> int:
    """Under how many projects a text stands: one that was handed in twice (XBK001) counts once."""
    return len({_project_key(form) or form.place("") for form, _ in where})


@across_check("EXP004")
def reason_repeated(forms: Sequence[FormFacts]) -> Iterator[AcrossFault]:
    """The same reason stands word for word under another project.

    Rule: each lost point is to be explained by its own cause (form-2019, heading 未完成原因分析). A project handed in
    twice does not repeat itself (XBK001). Cannot tell one cause that really held for both.
    """
    for where in _by_text(forms, "reasons"):
        if _projects(where) > 1:
            places = [form.place(said.cell) for form, said in where]
            text = where[0][1].text
            yield AcrossFault(places, text, variant="across", count=str(len(where)), begins=_beginning(text))


_MOST_QUOTED = 40


def _beginning(text: str) -> str:
    """As much of a text as a message quotes."""
    return text if len(text) <= _MOST_QUOTED else f"{text[:_MOST_QUOTED]}……"


_LONG = 20  # two units may well hit on the same dozen signs; within one unit they are copied


@across_check("XBK002")
def achievement_reused(forms: Sequence[FormFacts]) -> Iterator[AcrossFault]:
    """The same achievement, word for word, stands under two projects.

    Rule: a project reports what it brought about itself (财预〔2020〕10号). Only sentences count, between two units only
    long ones. Cannot tell an achievement that two projects share.
    """
    for everywhere in _by_text(forms, "achievements"):
        by_owner: dict[str | None, _Where] = defaultdict(list)
        for form, said in everywhere:
            by_owner[form.owner].append((form, said))
        long = len(everywhere[0][1].key) >= _LONG
        for where in [everywhere] if long else by_owner.values():
            count = _projects(where)
            if count > 1:
                places = [form.place(said.cell) for form, said in where]
                text = where[0][1].text
                yield AcrossFault(places, text, count=str(count), begins=_beginning(text))


@across_check("XBK003")
def figures_conflict(forms: Sequence[FormFacts]) -> Iterator[AcrossFault]:
    """The same fact has different figures under two projects of one unit: 3626 … 增长41% and 3626 … 增长41.7%.

    Rule: what is published agrees with itself (财预〔2020〕10号). A fact is a number of three digits or more with what is
    said to have grown, fallen or been reached right behind it. Cannot tell which figure is right, nor two facts that
    share a number by chance.
    """
    facts: dict[tuple[int | None, str, str, str, str], list[tuple[FormFacts, Figure]]] = defaultdict(list)
    for form in forms:
        for figure in form.figures:
            if form.owner is not None:
                facts[form.year, form.owner, figure.number, figure.tie, figure.unit].append((form, figure))
    for (_, _, number, tie, unit), where in facts.items():
        by_figure = {figure.figure: form for form, figure in where}
        if len(by_figure) < 2 or len({_project_key(form) for form, _ in where}) < 2:
            continue
        owner = where[0][0].unit or where[0][0].department
        yield AcrossFault(
            dict.fromkeys(form.place(figure.cell) for form, figure in where),
            "、".join(f"{tie}{figure}{unit}" for figure in by_figure),
            unit="" if owner is None else owner.text,
            fact=number,
        )


_JOINERS = pattern(r"[和与及暨、,，·\s()（）]")
_REGION = pattern(r"^.{2,8}?(?:自治区|自治州|自治县|省|市|县|区|州|盟|旗)")
_MOST_REGIONS = 3  # 某省某市某县


@across_check("XBK005")
def name_differs(forms: Sequence[FormFacts]) -> Iterator[AcrossFault]:
    """One department or unit stands under several spellings: without its city, with another or no 和.

    Rule: summaries go by the unit's name (form-2019, heading 主管部门). The spelling of most forms counts, the longer one
    where as many have it. A name without its region is silent where several regions have such a unit. Cannot tell an
    abbreviation (教体局) from another unit.
    """
    for role, what in (("department", "主管部门"), ("unit", "实施单位")):
        named: dict[str, list[tuple[FormFacts, Named]]] = defaultdict(list)
        for form in forms:
            party: Named | None = getattr(form, role)
            if party is not None:
                named[party.key].append((form, party))
        right = _right_spellings(Counter({key: len(where) for key, where in named.items()}))
        for key, where in named.items():
            if right[key] != key:
                expected = named[right[key]][0][1].text
                places = [form.place(party.cell) for form, party in where]
                yield AcrossFault(places, where[0][1].text, expected, what=what)


def spellings(name: str) -> set[str]:
    """What a name is compared by: without signs and words that join, and the same without its regions."""
    bare = _JOINERS.sub("", name)
    return {bare, *_without_regions(bare)}


def _right_spellings(counts: Counter[str]) -> dict[str, str]:
    """For each spelling the one to use instead, itself where it is right or alone."""
    bare = {name: _JOINERS.sub("", name) for name in counts}
    full_of: dict[str, set[str]] = defaultdict(set)  # a name without its region -> the names with one
    for name in bare.values():
        for short in _without_regions(name):
            full_of[short].add(name)

    def family(name: str) -> str:
        """What stands for all spellings of a unit: its longest name, where no other unit could be meant."""
        full = full_of.get(name, set())
        return next(iter(full)) if len(full) == 1 else name

    families: dict[str, list[str]] = defaultdict(list)
    for name, joined in bare.items():
        families[family(joined)].append(name)
    out: dict[str, str] = {}
    for names in families.values():
        best = max(names, key=lambda name: (counts[name], len(name), name))
        out.update(dict.fromkeys(names, best))
    return out


def _without_regions(name: str) -> Iterator[str]:
    for _ in range(_MOST_REGIONS):
        match = _REGION.match(name)
        if match is None or len(name) - match.end() < 2:
            return
        name = name[match.end() :]
        yield name
