"""A bureau's own choices for the books of a folder: `perfxl.toml` beside them, or in a folder above.

profile = "national-2020"           # the name of a rule profile, or the path of one's own file
ignore = ["IND003"]

[severities]
FND007 = "error"

[grades]
"优" = "90"
"""

import os
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from perfxl.checks.finding import Severity
from perfxl.checks.registry import Choice, known
from perfxl.data import parse_toml
from perfxl.errors import BadSettings
from perfxl.rules import Profile, load_profile
from perfxl.rules.profile import Grade

FILE_NAME = "perfxl.toml"


class Settings(NamedTuple):
    """What a settings file says; the defaults say nothing. `path` is the file, None where there is none."""

    path: Path | None = None
    profile: str | None = None
    ignore: frozenset[str] = frozenset()
    severities: dict[str, Severity] = {}  # noqa: RUF012  (a NamedTuple's default, which nobody changes)
    grades: tuple[Grade, ...] = ()

    def with_grades(self, profile: Profile) -> Profile:
        """The profile with the grades of this file, where it names some."""
        return profile._replace(grades=self.grades) if self.grades else profile

    def choice(self, asked: Choice) -> Choice:
        """The checks asked for on the command line, without those that the file leaves out unless they are selected by name."""
        ignore = self.ignore if asked.select is None else self.ignore - asked.select
        return Choice(asked.select, asked.ignore | ignore, self.severities)


def settings_for(book: Path) -> Settings:
    """The settings that hold for a workbook: those of the nearest folder that has a settings file.

    Raises:
        BadSettings: the file is not as it must be; the message names file and key.
    """
    folder = os.path.dirname(os.path.abspath(book))
    while True:
        path = os.path.join(folder, FILE_NAME)
        try:
            stat = os.stat(path)
        except (OSError, ValueError):
            above = os.path.dirname(folder)
            if above == folder:
                return Settings()
            folder = above
        else:
            return _read(Path(path), (stat.st_mtime_ns, stat.st_size))


@lru_cache(maxsize=64)
def _read(path: Path, stamp: tuple[int, int]) -> Settings:
    """The settings in a file, read again when the file has another `stamp`: a run may be a long one with a window open."""
    del stamp  # it only tells one state of the file from another
    return read_settings(parse_toml(path), path)


def read_settings(table: dict[str, Any], path: Path) -> Settings:
    """The settings in a table; `path` is for messages, and what a profile's path is relative to.

    Raises:
        BadSettings: a key is unknown or of the wrong kind, a code is no check's, or the profile cannot be loaded.
    """
    for key in table:
        if key not in ("profile", "ignore", "severities", "grades"):
            _fail(path, key, "不是已知的项目，可用的有 profile、ignore、severities、grades")
    return Settings(
        path=path,
        profile=_profile(table.get("profile"), path),
        ignore=_ignored(table.get("ignore", []), path),
        severities=_severities(table.get("severities", {}), path),
        grades=_grades(table.get("grades", {}), path),
    )


def _fail(path: Path, key: str, why: str) -> NoReturn:
    raise BadSettings(f"设置的“{key}”{why}。", book=path, key=key)


def _profile(name: object, path: Path) -> str | None:
    if name is None:
        return None
    if not isinstance(name, str) or not name.strip():
        _fail(path, "profile", '应为引号中的名称或文件路径，如 "national-2020"')
    own_file = name.lower().endswith(".toml")
    full = str(path.parent / name) if own_file else name
    try:
        load_profile(full)
    except BadSettings as error:
        if own_file:
            raise  # names the file and the key in it
        _fail(path, "profile", f"有误：{error.message.rstrip('。')}")
    return full


def _code(code: object, path: Path, key: str) -> str:
    try:
        return known(str(code))
    except BadSettings as error:
        _fail(path, key, f"有误：{error.message.rstrip('。')}")


def _ignored(codes: object, path: Path) -> frozenset[str]:
    if not isinstance(codes, list):
        _fail(path, "ignore", '应为代码的列表，如 ["IND003", "EXP003"]')
    return frozenset(_code(code, path, f"ignore[{number}]") for number, code in enumerate(codes, 1))


def _severities(table: object, path: Path) -> dict[str, Severity]:
    if not isinstance(table, dict):
        _fail(path, "severities", '应为表，每行写 代码 = "error"、"warning" 或 "advice"')
    out = {}
    for code, word in table.items():
        key = f"severities.{code}"
        try:
            out[_code(code, path, key)] = Severity(word)
        except ValueError:
            _fail(path, key, '应为 "error"、"warning" 或 "advice"')
    return out


def _grades(table: object, path: Path) -> tuple[Grade, ...]:
    if not isinstance(table, dict):
        _fail(path, "grades", '应为表，每行写 等级 = "起始分"')
    grades = []
    for name, text in table.items():
        try:
            points = Decimal(text) if isinstance(text, str) else None
        except InvalidOperation:
            points = None
        if points is None or not points.is_finite() or points < 0:
            _fail(path, f"grades.{name}", '应为引号中的分数，如 "90"')
        grades.append(Grade(name, points))
    grades.sort(key=lambda grade: -grade.at_least)
    bounds = {grade.at_least for grade in grades}
    if grades and (grades[-1].at_least != 0 or len(bounds) < len(grades)):
        _fail(path, "grades", "应写全各个等级，起始分各不相同，最低的一级从 0 分起")
    return tuple(grades)
