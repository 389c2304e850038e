"""Which project of the sources a form is about: by code, else by its exact name. A near name is told, never taken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from perfxl.form.model import Form
from perfxl.form.values import normal
from perfxl.populate.plan import Project

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|《|》|“|”|\"|'|[-—_·、,，.。:：;；]")
_REGION = re.compile(r"^[\u4e00-\u9fff]{1,8}?(?:自治区|自治州|省|市|县|区|旗)")


class Match(NamedTuple):
    """The projects that a form is about, and those whose names are only near."""

    projects: list[Project]
    near: list[Project]


def match(form: Form, projects: Sequence[Project]) -> Match:
    """The projects of the sources for a form; of two with its name, those of its unit."""
    if form.whole_department:
        return _match_department(form, projects)
    projects = [project for project in projects if not project.whole]
    if form.project is None:
        return Match([], [])
    code, name = form.project.code, form.project.name
    by_code = [project for project in projects if code is not None and project.code == code]
    if by_code:
        return Match(by_code, [])
    open_to = [project for project in projects if code is None or project.code is None]
    same = [project for project in open_to if normal(project.name) == normal(name)]
    unit = form.implementing_unit
    if unit is not None:
        same = [p for p in same if p.unit is None or normal(p.unit.name) == normal(unit.name)]
    if same:
        return Match(same, [])
    return Match([], [project for project in open_to if is_near(project.name, name)])


def _match_department(form: Form, projects: Sequence[Project]) -> Match:
    """What the sources say of the whole spending of the form's department."""
    own = form.subject
    whole = [(project, project.department) for project in projects if project.whole]
    if own is None:
        return Match([], [])
    by_code = [project for project, party in whole if party and own.code is not None and party.code == own.code]
    if by_code:
        return Match(by_code, [])
    open_to = [(project, party) for project, party in whole if party and (own.code is None or party.code is None)]
    same = [project for project, party in open_to if normal(party.name) == normal(own.name)]
    return Match(same, [] if same else [project for project, party in open_to if is_near(party.name, own.name)])


def is_near(one: str, other: str) -> bool:
    """Whether two names differ only by signs, brackets and what stands in them, or the place's name before them."""
    a, b = _core(one), _core(other)
    return a == b or _without_place(a) == b or a == _without_place(b) or _without_place(a) == _without_place(b)


def _core(name: str) -> str:
    plain = normal(name)
    return _ASIDE.sub("", plain) or plain


def _without_place(name: str) -> str:
    return _REGION.sub("", name) or name
