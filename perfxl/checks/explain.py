"""What a check means, as plain text for the terminal: `perfxl explain CODE` and `perfxl explain list`."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.checks.registry import codes, known
from perfxl.checks.texts import CheckText, load_text
from perfxl.patterns import pattern

WIDTH = 80  # columns; a wide character takes two

_CERTAINTY = {"V": "见于原文或已印发的表格", "C": "由已公布的数字复算得出", "M": "条文未在手边，只引文件，不引条号"}
# What must not be torn apart: a word or figure, or one Chinese character; with the signs that cling to it.
_PIECE = pattern(r"[（《“‘]*(?:[!-~]+|[^!-~])[，。、；：！？）》”’…％]* ?")


def explain(code: str) -> str:
    """The page of one check; small letters are as good.

    Raises:
        BadSettings: no check has this code; the message names near ones.
    """
    text = load_text(known(code))
    return "\n".join(_page(text)) + "\n"


def explain_list() -> str:
    """One line for each check: code, severity, title, English name."""
    return "".join(
        f"{text.code}  {text.severity.label}  {_padded(text.title, 24)}  {text.name}\n"
        for text in map(load_text, codes())
    )


def _page(text: CheckText) -> Iterator[str]:
    yield f"{text.code}  {text.severity.label}  {text.title}（{text.name}）"
    paragraphs = {
        "查什么": text.what,
        "为什么": text.why,
        "举例": text.example,
        "怎么办": text.todo,
        "查不出什么": text.limits,
    }
    for heading, paragraph in paragraphs.items():
        yield ""
        yield heading
        yield from wrapped(paragraph, indent="  ")
    yield ""
    yield "依据"
    for source in text.sources:
        yield from wrapped(f"{source.title}（{_CERTAINTY[source.certainty]}）", indent="  ")


def wrapped(text: str, *, indent: str = "", width: int = WIDTH) -> Iterator[str]:
    """The text in lines of at most `width` columns, `indent` before each.

    Chinese breaks anywhere but before a closing and after an opening sign; words and figures stay whole.
    """
    from wcwidth import wcswidth

    line = ""
    for piece in _PIECE.findall(text.replace("\n", "")):
        if line and wcswidth(indent + line + piece.rstrip()) > width:
            yield indent + line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    if line:
        yield indent + line.rstrip()


def _padded(text: str, columns: int) -> str:
    from wcwidth import wcswidth

    return text + " " * max(0, columns - wcswidth(text))
