"""Which templates there are, read from `workbook_templates/*.toml`."""

from functools import cache
from typing import Any, NamedTuple

from perfxl.data import load_toml, shipped_folder
from perfxl.errors import BadSettings
from perfxl.grid.address import column_number


class Column(NamedTuple):
    """A column of a block: its first and last column on the sheet (from 1), what it holds, its printed label."""

    first: int
    last: int
    role: str
    label: str


class LevelRows(NamedTuple):
    """So many blank rows under one level name."""

    level1: str
    level2: str
    blank: int


class FundRow(NamedTuple):
    """A row of the money block: where its money comes from (`total`, `fiscal`, `carryover`, `other` …) and its label."""

    source: str
    label: str


class FormTemplate(NamedTuple):
    """A form: what is printed where. `info` are the lines above the money block, each a list of labels and what follows them."""

    name: str
    title: str
    file: str
    sheet: str
    about: str
    profile: str
    first_year: int
    last_year: int
    blank_year: str
    info: tuple[tuple[Column, Column], ...]
    info_lines: tuple[int, ...]
    weight_in_level1: bool
    columns: tuple[Column, ...]
    widths: tuple[float, ...]
    rows: tuple[LevelRows, ...]
    money_label: str
    money_columns: tuple[Column, ...]
    fund_rows: tuple[FundRow, ...]
    goals_label: str
    goal_columns: tuple[Column, ...]

    @property
    def evaluates(self) -> bool:
        """It has scores: a self-evaluation form, not a declaration."""
        return any(column.role == "score" for column in self.columns)

    @property
    def whole_department(self) -> bool:
        """It is about a department's whole spending, not about a project."""
        return not any(value.role == "project" for _, value in self.info)

    def column(self, role: str) -> int:
        """The sheet column (from 1) of an indicator column."""
        return next(column.first for column in self.columns if column.role == role)


class TableColumn(NamedTuple):
    """A column of a table: what it holds, its label, its width in characters."""

    role: str
    label: str
    width: float


class TableSheet(NamedTuple):
    """A table on a sheet of its own, with so many rows ready to be filled."""

    name: str
    title: str
    rows: int
    columns: tuple[TableColumn, ...]


class TableTemplate(NamedTuple):
    """A workbook of tables: the plan, or the execution ledger."""

    name: str
    title: str
    file: str
    about: str
    guide: str
    profile: str
    sheets: tuple[TableSheet, ...]


def template_titles() -> dict[str, str]:
    """The names of all templates and what each is, for lists and help."""
    return {template.name: f"{template.title}（{template.about}）" for template in all_templates()}


def all_templates() -> list[FormTemplate | TableTemplate]:
    """All templates, forms first."""
    return [*form_templates().values(), *table_templates().values()]


def template_named(name: str) -> FormTemplate | TableTemplate:
    """The template of this name.

    Raises:
        BadSettings: there is none.
    """
    found = form_templates().get(name) or table_templates().get(name)
    if found is None:
        listed = "；".join(f"{key} {title}" for key, title in template_titles().items())
        raise BadSettings(f"没有名为“{name}”的模板。可用的有：{listed}。", key=name)
    return found


def form_template(name: str) -> FormTemplate:
    """The form template of this name.

    Raises:
        BadSettings: there is none, or it is a table.
    """
    found = template_named(name)
    if not isinstance(found, FormTemplate):
        forms = "、".join(form_templates())
        raise BadSettings(f"“{name}”不是自评表的模板。可用的有：{forms}。", key=name)
    return found


@cache
def form_templates() -> dict[str, FormTemplate]:
    """All form templates, by name, in the order of their file."""
    return {name: _form(name, entry) for name, entry in forms_data()["forms"].items()}


@cache
def table_templates() -> dict[str, TableTemplate]:
    """All table templates, by name."""
    entries = load_toml(shipped_folder("workbook_templates") / "tables.toml")["tables"]
    return {name: _table(name, entry) for name, entry in entries.items()}


def forms_data() -> dict[str, Any]:
    """The whole of `forms.toml`: forms, prompts and the words of refused entries."""
    return load_toml(shipped_folder("workbook_templates") / "forms.toml")


def guide_data() -> dict[str, Any]:
    """The paragraphs of the sheets 填报说明."""
    return load_toml(shipped_folder("workbook_templates") / "guide.toml")


def _form(name: str, entry: dict[str, Any]) -> FormTemplate:
    pairs: list[tuple[Column, Column]] = []
    lines: list[int] = []
    for line, cells in enumerate(entry["info"]):
        for label, value in zip(cells[::2], cells[1::2], strict=True):
            pairs.append((_columns(label[0], "label", label[1]), _columns(value[0], value[1], "")))
            lines.append(line)
    return FormTemplate(
        name=name,
        info=tuple(pairs),
        info_lines=tuple(lines),
        columns=tuple(_columns(*column) for column in entry["columns"]),
        widths=tuple(entry["widths"]),
        rows=tuple(LevelRows(*row) for row in entry["rows"]),
        money_label=entry["money"]["label"],
        money_columns=tuple(_columns(*column) for column in entry["money"]["columns"]),
        fund_rows=tuple(FundRow(*row) for row in entry["money"]["rows"]),
        goals_label=entry["goals"]["label"],
        goal_columns=tuple(_columns(*column) for column in entry["goals"]["columns"]),
        **{key: entry[key] for key in _PLAIN_KEYS},
    )


_PLAIN_KEYS = (
    "title",
    "file",
    "sheet",
    "about",
    "profile",
    "first_year",
    "last_year",
    "blank_year",
    "weight_in_level1",
)


def _columns(letters: str, role: str, label: str) -> Column:
    first, _, last = letters.partition(":")
    return Column(column_number(first), column_number(last or first), role, label)


def _table(name: str, entry: dict[str, Any]) -> TableTemplate:
    sheets = tuple(
        TableSheet(s["name"], s["title"], s["rows"], tuple(TableColumn(*column) for column in s["columns"]))
        for s in entry["sheets"]
    )
    return TableTemplate(name, entry["title"], entry["file"], entry["about"], entry["guide"], entry["profile"], sheets)
