"""What the labels of a form are called. The words stand in `labels/*.toml`; here is how a printed label is matched against them."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.data import load_toml
from perfxl.errors import BadSettings
from perfxl.patterns import pattern

FOLDER = Path(__file__).parent / "labels"

_ASIDE = pattern(r"\(([^()]*)\)|【([^【】]*)】")
_LEAD = pattern(r"^(?:[*★☆●■◆※]+|[0-9]{1,2}[.、](?!\d)|[一二三四五六七八九十]+[、.])+")
_POINTS = pattern(r"(\d+(?:\.\d+)?)分?$")
_MONEY_UNIT = pattern(r"(?<![位金])(亿元|万元|元)")
_COLON = pattern("[:：]")
_NUMBERING = pattern(
    r"[(\[]?(?:\d{1,2}|[A-Z]|[甲乙丙丁戊己庚辛壬癸]|[一二三四五六七八九十]{1,2})[)\]]?|(?:行|列|栏)[次目]?|序号|[\dA-Z]{1,2}=[\dA-Z()/÷×*+%-]+"
)
# Longer texts are never labels; looking them up would only fill the memory of the matcher.
_LONGEST = 40


class Label(NamedTuple):
    """A printed label: its words without brackets, what stood in the brackets, and whether it was marked as important (★)."""

    words: str
    asides: tuple[str, ...]


@lru_cache(maxsize=4096)
def label_of(text: str) -> Label:
    """The label in a cell's text: `年初\\n\\n预算数(A)` gives the words 年初预算数 and the aside A."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    asides: tuple[str, ...] = ()
    if "(" in plain or "【" in plain:
        asides = tuple(a or b for a, b in _ASIDE.findall(plain))
        plain = _ASIDE.sub("", plain)
    return Label(_LEAD.sub("", plain).rstrip(":;,。").strip("*★"), asides)


@cache
def _words() -> dict[str, Any]:
    return load_toml(FOLDER / "words.toml")


@cache
def _pattern(family: str) -> re.Pattern[str]:
    """All labels of a family; the role that comes first in the file wins."""
    try:
        return re.compile("|".join(f"(?P<{role}>{words})" for role, words in _words()[family].items()))
    except re.error as error:
        raise BadSettings(f"标签“{family}”的写法有误：{error}。", book=FOLDER / "words.toml", key=family) from error


@lru_cache(maxsize=4096)
def role_of(family: str, text: str) -> str | None:
    """The role that a printed label has in a family of labels (`indicator`, `money`, `info` …), None where it has none."""
    if len(text) > _LONGEST:
        return None
    words = label_of(text).words
    if not words:
        return None
    match = _pattern(family).fullmatch(words)
    return match.lastgroup if match else None


@lru_cache(maxsize=4096)
def is_name_label(text: str) -> bool:
    """Whether a text is a label of the column of names, by which tables of indicators are found: asked of each text of a workbook."""
    return len(text) <= _LONGEST and _looks_like_name()(text) is not None and role_of("indicator", text) == "name"


@cache
def _looks_like_name() -> Callable[[str], object]:
    return re.compile(f"(?:{_words()['may_be']['name']})$", re.DOTALL).search


def before_colon(text: str) -> str:
    """The label of a cell that may hold a label and its value: `执行数: 29.97` gives 执行数."""
    if len(text) > _LONGEST or not (":" in text or "：" in text):
        return text
    return _COLON.split(text, maxsplit=1)[0]


def after_colon(text: str) -> str:
    """The value of a cell that holds a label and its value, "" where there is none."""
    parts = _COLON.split(text, maxsplit=1)
    return parts[1].strip() if len(parts) == 2 else ""


def is_numbering(texts: Iterable[str]) -> bool:
    """Whether the texts of a row only number its columns: 行次 1 2 3, (A) (B) (C), ① ② ③, 3=2/1."""
    found = False
    for text in texts:
        found = _is_number_of_column(text)
        if not found:
            return False
    return found


@lru_cache(maxsize=4096)
def _is_number_of_column(text: str) -> bool:
    return _NUMBERING.fullmatch("".join(unicodedata.normalize("NFKC", text).split())) is not None


class Level(NamedTuple):
    """A level name: 1, 2 or 0 where it may be either; its name without weight; the weight printed with it; the level one it belongs to."""

    level: int
    name: str
    weight: Decimal | None
    parent: str


@lru_cache(maxsize=4096)
def level_of(text: str) -> Level | None:
    """The level that a text names if it is one of the closed set: `产出指标 50分` is level one with the weight 50."""
    if not text or len(text) > _LONGEST:
        return None
    name, weight = split_weight(text)
    name = name.removesuffix("等")
    table = _words()["levels"]
    level1 = name in table["level1"]
    if name in table["level2"]:
        return Level(0 if level1 else 2, name, weight, table["level2"][name])
    return Level(1, name, weight, "") if level1 else None


_SAME_SECTION = {"效果": "效益", "绩效": "效益", "服务对象满意度": "满意度"}


def section_class(name: str) -> str:
    """What a level-one name speaks of, however it is worded: 产出 of 产出指标 and 项目产出, 效益 of 效果指标."""
    bare = name.removesuffix("指标").removeprefix("项目")
    return _SAME_SECTION.get(bare, bare)


@lru_cache(maxsize=4096)
def split_weight(text: str) -> tuple[str, Decimal | None]:
    """A name and the weight printed with it: `产出指标\\n(50分)` gives 产出指标 and 50; `满意度指标` has none."""
    label = label_of(text)
    for aside in label.asides:
        match = _POINTS.fullmatch(aside.rstrip("。"))
        if match:
            return label.words, Decimal(match[1])
    match = re.fullmatch(r"(.*?[^\d.])(\d+(?:\.\d+)?)分", label.words)
    if match:
        return match[1].rstrip(":,"), Decimal(match[2])
    return label.words, None


def money_unit_in(text: str) -> str | None:
    """The money unit that a label names, in brackets or after 单位: 项目资金(万元), 单位：元."""
    if len(text) > _LONGEST:
        return None
    label = label_of(text)
    for part in (*label.asides, label.words if "单位" in label.words or "项目资金" in label.words else ""):
        match = _MONEY_UNIT.search(part)
        if match:
            return match[1]
    return None


class Layout(NamedTuple):
    """A print of the form: what it needs (keys of `names`), the labels by which it is told from others, and the structure without which
    these tell nothing ("" where the labels are enough)."""

    name: str
    title: str
    needs: tuple[str, ...]
    tells: frozenset[str]
    structure: str = ""


@cache
def layouts() -> tuple[Layout, ...]:
    """All layouts, in the order of the file: the first one wins where two agree as well."""
    table = load_toml(FOLDER / "layouts.toml")
    return tuple(
        Layout(e["name"], e["title"], tuple(e["needs"]), frozenset(e["tells"]), e.get("structure", ""))
        for e in table["layouts"]
    )


@cache
def printed_name(need: str) -> str:
    """What a needed block or column is called in print, for messages."""
    return str(load_toml(FOLDER / "layouts.toml")["names"][need])
