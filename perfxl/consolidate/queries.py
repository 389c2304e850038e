"""Questions to a store: one's own SQL, ready ones, answered in print, as JSON or as a data frame; and its tables as Parquet files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from perfxl.consolidate.schema import OF_A_BOOK
from perfxl.consolidate.store import read_store
from perfxl.data import load_toml
from perfxl.errors import BadSettings, UnwritableBook
from perfxl.files import replace_file
from perfxl.folders import made_for_writing
from perfxl.report.json import write_lists
from perfxl.report.terminal import emit, one_line, pad, width
from perfxl.scoring.rounding import plain
from perfxl.signs import shown

if TYPE_CHECKING:
    from pandas import DataFrame  # type: ignore[import-untyped]

_ROWS_AHEAD = 1000
_HINT = "也可以用 --list 列出的现成问题。"
_MEANT = (
    ("ParserException", "SQL 的写法有误。请核对关键字、逗号、括号和引号；文字用单引号括起。"),
    (
        "CatalogException",
        "汇总库里没有这个名称的表或函数。请核对名称：SHOW TABLES 列出各表，DESCRIBE 表名 列出一张表的各栏。",
    ),
    (
        "BinderException",
        "表里没有这个名称的栏，或者这一栏不能这样用（如把文字相加）。请核对名称：DESCRIBE 表名 列出一张表的各栏和类型。",
    ),
    ("ConversionException", "有的值不能换算成所要的类型。请核对 CAST；换成 TRY_CAST，不能换算的就当作空值。"),
    ("OutOfMemoryException", "内存不够，没能查完。请加上条件，少查一些。"),
)
"""What DuckDB's errors mean to those who ask, and what to do, by the error's name."""


def questions() -> dict[str, dict[str, str]]:
    """The ready questions by name: `title` says what each tells, `sql` asks it."""
    return load_toml(Path(__file__).with_name("questions.toml"))


def list_questions(stream: TextIO) -> None:
    """Write the names of the ready questions and what they tell."""
    ready = questions()
    columns = max(map(width, ready))
    for name, question in ready.items():
        emit(stream, f"{pad(name, columns)}  {question['title']}")


def answer(path: Path, question: str, stream: TextIO, *, as_json: bool) -> None:
    """Write the answer to a ready question or to SQL: as a table, or as JSON with `columns` and `rows`. Nothing can be changed.

    Raises:
        BadSettings: DuckDB does not understand the SQL, or cannot work it out; its words are in the message.
        UnreadableBook: it is no store, or a run is writing it.
    """
    with _asked(path, question) as (names, rows):
        if as_json:
            write_lists({"columns": names, "rows": ([_plain(value) for value in row] for row in rows)}, stream)
        else:
            _write_table(names, [[_text(value) for value in row] for row in rows], stream)


def frame(path: Path, question: str) -> DataFrame:
    """The answer to a ready question or to SQL as a pandas data frame, for those who go on in Python: amounts, rates and points stay `Decimal`.

    Raises:
        BadSettings, UnreadableBook: as `answer`.
    """
    from pandas import DataFrame

    with _asked(path, question) as (names, rows):
        return DataFrame(list(rows), columns=names, dtype=object)


@contextmanager
def _asked(path: Path, question: str) -> Iterator[tuple[list[str], Iterator[tuple[Any, ...]]]]:
    """The names of an answer's columns, and its rows, which come while they are read."""
    import duckdb

    ready = questions().get(question)
    with read_store(path) as sql:
        try:
            result = sql.execute(question if ready is None else ready["sql"])
            if result is None:  # nothing, or nothing but remarks
                raise BadSettings(f"请给出 SQL 或现成问题的名称。{_HINT}", key="query")
            chunks = iter(lambda: result.fetchmany(_ROWS_AHEAD), [])
            yield [column[0] for column in result.description or ()], (row for chunk in chunks for row in chunk)
        except duckdb.Error as error:
            raise BadSettings(_why_not(question, error), key="query") from error


def _why_not(question: str, error: Exception) -> str:
    """Why a question has no answer and what to do; DuckDB's own words, which are English, come last."""
    said = str(error)
    if "read-only" in said:
        return f"查询只能读取汇总库，不能改动它。没有改动。{_HINT}"
    kind = type(error).__name__
    if kind == "ParserException" and " " not in question.strip():
        what = f"没有名为“{shown(question)}”的现成问题，它也不是 SQL。"
    else:
        what = next((words for name, words in _MEANT if kind == name), "没能查询。请核对 SQL 的写法。")
    return f"{what}{_HINT}\nDuckDB 的说明：{said}"


def export_tables(path: Path, folder: Path, stream: TextIO) -> None:
    """Write each table of a store as a Parquet file into a folder.

    Raises:
        UnwritableBook: the folder cannot be written.
    """
    import tempfile

    import duckdb

    with read_store(path) as sql, tempfile.TemporaryDirectory() as scratch:
        for table in OF_A_BOOK:
            target = folder / f"{table.name}.parquet"
            part = Path(scratch, table.name)
            try:
                sql.execute(f"COPY {table.name} TO '{str(part).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")
            except duckdb.Error as error:
                raise UnwritableBook(
                    "未能导出：临时文件夹不能写入，可能所在的磁盘已满。请腾出空间后重试。", book=folder
                ) from error
            with made_for_writing(folder):
                replace_file(target, part.read_bytes())
            emit(stream, one_line(str(target)))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _text(value: Any) -> str:
    return "" if value is None else one_line(str(_plain(value)))


def _write_table(names: Sequence[str], rows: list[list[str]], stream: TextIO) -> None:
    columns = [max([width(name), *(width(row[at]) for row in rows)]) for at, name in enumerate(names)]
    for row in [names, ["-" * size for size in columns], *rows]:
        emit(stream, "  ".join(pad(cell, size) for cell, size in zip(row, columns, strict=True)).rstrip())
    emit(stream, f"（{len(rows)} 行）")
