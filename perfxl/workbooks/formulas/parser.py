"""Reads a formula's text into a tree."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from perfxl.grid.cells import CellError, CellValue
from perfxl.workbooks.formulas.syntax import (
    LAST_COLUMN,
    LAST_ROW,
    REFERENCES,
    ArrayLiteral,
    Binary,
    Call,
    Cells,
    Common,
    Corner,
    External,
    Joined,
    Literal,
    Name,
    Node,
    Percent,
    Prefix,
    Span,
    Structured,
)
from perfxl.workbooks.formulas.tokens import Token, corner, tokens
from perfxl.workbooks.formulas.values import SHOWN, CannotCompute

DEEPEST = 64  # the nesting that Excel allows
_STRENGTH = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
_OPENERS = frozenset(["area", "sheet", "structured", "name", "function"])
_PREFIXES = re.compile(r"^(?:_XLFN\.|_XLWS\.|_XLL\.)+")
_ITEM = re.compile(r"#(all|data|headers|totals|this row|全部|数据|标题|汇总|此行)", re.IGNORECASE)
_ITEM_NAMES = {"全部": "all", "数据": "data", "标题": "headers", "汇总": "totals", "此行": "this row"}


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """The tree of a formula, with or without its `=`.

    Raises:
        CannotCompute: it is not written as formulas are, or nested too deeply.
    """
    parser = _Parser(tokens(text.strip().removeprefix("=")))
    tree = parser.expression(0)
    parser.expect("end", "")
    return tree


class _Parser:
    def __init__(self, pieces: list[Token]) -> None:
        self._tokens = pieces
        self._at = 0
        self._depth = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        if token.kind != "end":
            self._at += 1
        return token

    def _is_sign(self, *signs: str) -> bool:
        return self._next.kind == "sign" and self._next.text in signs

    def expect(self, kind: str, text: str) -> None:
        """Step over a token that must stand here."""
        if self._next.kind != kind or self._next.text != text:
            raise CannotCompute(f"公式的写法无法识别：“{self._next.text or '结尾'}”")
        self._take()

    def expression(self, least: int) -> Node:
        """An expression whose operators bind more strongly than `least`."""
        left = self._prefixed()
        while self._next.kind == "sign" and _STRENGTH.get(self._next.text, 0) > least:
            operator = self._take().text
            left = Binary(operator, left, self.expression(_STRENGTH[operator]))
        return left

    def _enclosed(self) -> Node:
        """An expression within brackets, one level deeper."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise CannotCompute("公式嵌套太深")
        inner = self.expression(0)
        self._depth -= 1
        return inner

    def _prefixed(self) -> Node:
        signs = []
        while self._is_sign("-", "+", "@"):
            signs.append(self._take().text)
        if len(signs) > DEEPEST or "@" in signs:
            raise CannotCompute("公式的写法无法识别：“@”" if "@" in signs else "公式嵌套太深")
        node = self._reference()
        percents = 0
        while self._is_sign("%"):
            self._take()
            node = Percent(node)
            percents += 1
            if percents > DEEPEST:
                raise CannotCompute("公式嵌套太深")
        for sign in reversed(signs):
            node = Prefix(sign, node)
        return node

    def _reference(self) -> Node:
        """A primary, or references joined by `:` or a space."""
        node = self._span()
        while isinstance(node, REFERENCES) and self._next.spaced and self._opens_reference():
            node = Common(node, self._span())
        return node

    def _span(self) -> Node:
        node = self._primary()
        while self._is_sign(":"):
            self._take()
            node = Span(node, self._primary())
        return node

    def _opens_reference(self) -> bool:
        return self._next.kind in _OPENERS or self._is_sign("(")

    def _primary(self) -> Node:
        token = self._take()
        match token.kind:
            case "number":
                return Literal(SHOWN.create_decimal(token.text))
            case "text":
                return Literal(token.text[1:-1].replace('""', '"'))
            case "error":
                return Literal(CellError(token.text.upper()))
            case "area":
                return cells(token.text)
            case "sheet":
                return self._on_sheet(token.text)
            case "structured":
                return structured(token.text)
            case "function":
                return self._call(token.text[:-1])
            case "name":
                if token.text.upper() in ("TRUE", "FALSE"):
                    return Literal(token.text.upper() == "TRUE")
                return Name(token.text)
            case "sign" if token.text == "(":
                return self._bracketed()
            case "sign" if token.text == "{":
                return self._array()
        raise CannotCompute(f"公式的写法无法识别：“{token.text or '结尾'}”")

    def _bracketed(self) -> Node:
        parts = [self._enclosed()]
        while self._is_sign(","):
            self._take()
            parts.append(self._enclosed())
        self.expect("sign", ")")
        if len(parts) == 1:
            return parts[0]
        if not all(isinstance(part, REFERENCES) for part in parts):
            raise CannotCompute("公式的写法无法识别：“,”")
        return Joined(tuple(parts))

    def _call(self, name: str) -> Node:
        arguments: list[Node] = []
        if self._is_sign(")"):
            self._take()
        else:
            arguments.append(self._argument())
            while self._is_sign(","):
                self._take()
                arguments.append(self._argument())
            self.expect("sign", ")")
        return Call(_PREFIXES.sub("", name.upper()), tuple(arguments))

    def _argument(self) -> Node:
        return Literal(None) if self._is_sign(",", ")") else self._enclosed()

    def _array(self) -> Node:
        rows = [[self._constant()]]
        while not self._is_sign("}"):
            if self._is_sign(";"):
                rows.append([])
            elif not self._is_sign(","):
                raise CannotCompute("数组常量的写法无法识别")
            self._take()
            rows[-1].append(self._constant())
        self._take()
        if len({len(row) for row in rows}) > 1:
            raise CannotCompute("数组常量的各行长短不一")
        return ArrayLiteral(tuple(tuple(row) for row in rows))

    def _constant(self) -> CellValue:
        minus = self._is_sign("-")
        if minus or self._is_sign("+"):
            self._take()
        node = self._primary()
        if not isinstance(node, Literal) or (minus and not isinstance(node.value, Decimal)):
            raise CannotCompute("数组常量的写法无法识别")
        return -node.value if minus and isinstance(node.value, Decimal) else node.value

    def _on_sheet(self, prefix: str) -> Node:
        token = self._take()
        quoted = prefix.startswith("'")
        sheet = prefix[1:-2].replace("''", "'") if quoted else prefix[:-1]
        if "[" in sheet:
            if token.kind not in ("area", "name", "error", "structured"):
                raise CannotCompute(f"公式的写法无法识别：“{prefix}{token.text}”")
            return External(prefix + token.text)
        first, colon, last = sheet.partition(":")
        if token.kind == "area":
            return cells(token.text, first, last if colon else None)
        if token.kind == "name" and not colon:
            return Name(token.text, first)
        if token.kind == "error":
            return Literal(CellError(token.text.upper()))
        raise CannotCompute(f"公式的写法无法识别：“{prefix}{token.text}”")


def cells(text: str, sheet: str | None = None, last_sheet: str | None = None) -> Cells:
    """The reference that `B2`, `B2:C9`, `B:C` or `2:9` names."""
    first, _, last = text.partition(":")
    column_fixed, column, row_fixed, row = corner(first)
    start = Corner(row or 1, column or 1, row_fixed or not row, column_fixed or not column)
    if last:
        column_fixed, column, row_fixed, row = corner(last)
    end = Corner(row or LAST_ROW, column or LAST_COLUMN, row_fixed or not row, column_fixed or not column)
    return Cells(start, end, sheet, last_sheet)


def structured(text: str) -> Structured:
    """The table reference that `Table[col]`, `Table[[#This Row],[a]:[b]]`, `[@col]` … names."""
    table, _, rest = text.partition("[")
    inner = rest[:-1].strip()
    items = set()
    if inner.startswith("@"):
        items.add("this row")
        inner = inner[1:].strip()
    if not inner.startswith("["):
        item = _ITEM.fullmatch(inner)
        if item:
            items.add(_item_name(item[1]))
        column = None if item or not inner else _unescaped(inner)
        return Structured(table or None, frozenset(items), column, column)
    columns = []
    for part in re.findall(r"\[((?:[^'\[\]]|'.)*)\]", inner):
        item = _ITEM.fullmatch(part)
        if item:
            items.add(_item_name(item[1]))
        else:
            columns.append(_unescaped(part))
    if re.sub(r"\[(?:[^'\[\]]|'.)*\]", "", inner).strip(",: ") or len(columns) > 2:
        raise CannotCompute(f"表格引用的写法无法识别：“{text}”")
    return Structured(
        table or None, frozenset(items), columns[0] if columns else None, columns[-1] if columns else None
    )


def _item_name(text: str) -> str:
    return _ITEM_NAMES.get(text, text.lower())


def _unescaped(column: str) -> str:
    return re.sub(r"'(.)", r"\1", column)
