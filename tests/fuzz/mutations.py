"""Workbooks spoilt at random: their bytes, the headers of their zip, the markup of their parts."""

from __future__ import annotations

import re
import struct
from random import Random

from tests.hostile import base, container
from tests.hostile.base import Form, Parts

# What stands at the edges of what a number, an address, a name or a text may be.
NUMBERS = (
    "", "-1", "0", "1", "2", "65536", "1048576", "1048577", "2147483648", "4294967295", "18446744073709551616", "9" * 400, "1e5", "1.5", "NaN",
    " 3 ", "٣", "1_0", "+7", "0x10",
)  # fmt: skip
TEXTS = (
    "", "A1", "XFD1048576", "ZZZ1", "A0", "A1:B2", "B2:A1", "A1:A1:A1", "$A$1", "三级指标", "总分", "得分", "年度总金额",
    "rId1", "rId99", "s", "str", "inlineStr",
    "b", "e", "d", "shared", "array", "../../x", "/", "http://x/", "#REF!", "_x0000_", "x" * 5000, "&amp;" * 50, "≥90%", "2022年", "1e999999",
    "\u202e",
)  # fmt: skip
FORMULAS = (
    "I6", "H17", "SUM(H12:H16)", "SUM(A:XFD)", "1/0", "OFFSET(A1,1,1)", "INDIRECT(\"A1\")", "A1:A3 A2", "{1,2;3}", "名称", "[1]x!A1", "-" * 90 + "1",
    "IF(" * 70 + "1" + ")" * 70, "SUM(", ")", "'", "\"", "#REF!", "A1048577", "Table1[[#This Row],[x]]", "9^9^9", "ROUND(I6,1E9)", "TEXT(I6,\"[h]\")",
)  # fmt: skip


def seed_book(random: Random) -> Parts:
    """A workbook to spoil: with shared or inline strings, with or without formulas, notes and names."""
    cells = {}
    if random.random() < 0.5:
        cells["H17"] = '<c r="@"><f>SUM(H12:H16)+I6</f><v>96.87</v></c>'
    if random.random() < 0.3:
        cells["F6"] = '<c r="@"><f t="array" ref="@">F7</f><v>31.69</v></c>'
    if random.random() < 0.3:
        cells["B3"] = '<c r="@" t="inlineStr"><is><r><t>河堤</t></r><r><t>加固</t></r></is></c>'
    form = Form(cells=cells)
    made = base.parts({base.SHEET: base.sheet(form.rows, form.merge_cells), base.STRINGS: base.strings(form.strings)})
    if random.random() < 0.3:
        names = '<definedNames><definedName name="名称">自评表!$I$6</definedName></definedNames>'
        made[base.WORKBOOK] = base.workbook("自评表", after=names)
    return made


def spoilt(random: Random) -> bytes:
    """A workbook with some things wrong."""
    parts = seed_book(random)
    way = random.random()
    if way < 0.25:
        return _spoilt_bytes(random, container.pack(parts))
    if way < 0.4:
        return _spoilt_headers(random, parts)
    for _ in range(random.randint(1, 4)):
        name = random.choice([base.SHEET] * 6 + list(parts))
        parts[name] = _spoilt_markup(random, parts[name].decode("utf-8", "replace")).encode("utf-8", "surrogatepass")
    return container.pack(parts)


def _spoilt_bytes(random: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(random.randint(1, 8)):
        at = random.randrange(len(changed))
        match random.randrange(5):
            case 0:
                changed[at] ^= 1 << random.randrange(8)
            case 1:
                changed[at] = random.choice((0, 0xFF, 0x7F, 0x80))
            case 2:
                del changed[at : at + random.randint(1, 60)]
            case 3:
                changed[at:at] = random.randbytes(random.randint(1, 20))
            case _:
                other = random.randrange(len(changed))
                changed[at : at + 30] = changed[other : other + 30]
        if not changed:
            break
    return bytes(changed)


def _spoilt_headers(random: Random, parts: Parts) -> bytes:
    entries = container.members(parts)
    at = random.randrange(len(entries))
    wrong: dict[str, int | bytes] = {
        random.choice(("crc", "packed", "size", "method", "flags")): random.choice((0, 1, 8, 9, 12, 0x7FFF, 0xFFFF))
    }
    if random.random() < 0.3:
        wrong = {"size": random.choice((0xFFFFFFFF, 0xFFFFFFFE, 5)), "packed": random.choice((0xFFFFFFFF, 3))}
    side = random.choice(("local", "central", "both"))
    entries[at] = entries[at]._replace(
        local=wrong if side != "central" else {},
        central=wrong if side != "local" else {},
        extra=random.choice((b"", struct.pack("<2HQ", 1, 8, 1 << 40), b"\1\0\xff\xff", b"\1")),
    )
    if random.random() < 0.2:
        entries.append(entries[random.randrange(len(entries))])
    return container.assemble(entries, comment=random.choice((b"", b"PK\x05\x06", b"x" * 300)))


_TAG = re.compile(r"<[^<>]+>")
_VALUE = re.compile(r'="([^"]*)"')
_CONTENT = re.compile(r">([^<]+)<")


def _spoilt_markup(random: Random, text: str) -> str:
    match random.randrange(9):
        case 0:  # an attribute has another value
            return _other(random, text, _VALUE, NUMBERS + TEXTS)
        case 1:  # an element has another content
            return _other(random, text, _CONTENT, NUMBERS + TEXTS + FORMULAS)
        case 2:  # a tag goes, or comes twice
            tag = _one(random, text, _TAG)
            return text if tag is None else text[: tag.start()] + tag[0] * random.choice((0, 2)) + text[tag.end() :]
        case 3:  # a tag has another name
            return _other(
                random,
                text,
                re.compile(r"</?(\w+)"),
                ("c", "v", "f", "row", "sheetData", "si", "t", "x", "mergeCell", "is", "rPh"),
            )
        case 4:  # an attribute goes, or comes in
            tag = _one(random, text, _TAG)
            if tag is None:
                return text
            changed = random.choice(
                (
                    re.sub(r' \w+="[^"]*"', "", tag[0], count=1),
                    tag[0].replace(" ", f' {random.choice("rstfm")}="{random.choice(TEXTS)}" ', 1),
                )
            )
            return text[: tag.start()] + changed + text[tag.end() :]
        case 5:  # a stretch goes, or moves
            start, stop = sorted((random.randrange(len(text) + 1), random.randrange(len(text) + 1)))
            stop = min(stop, start + 400)
            rest = text[:start] + text[stop:]
            at = random.randrange(len(rest) + 1)
            return random.choice((rest, rest[:at] + text[start:stop] + rest[at:]))
        case 6:  # whole elements move
            rows = re.findall(r"<row.*?</row>|<si>.*?</si>", text)
            if not rows:
                return text
            one = random.choice(rows)
            return text.replace(one, random.choice(("", one * 2, one + random.choice(rows))), 1)
        case 7:  # a value becomes a formula
            formula = random.choice(FORMULAS).replace("&", "&amp;").replace("<", "&lt;")
            return _other(
                random, text, re.compile(r"(<v>[^<]*</v>)"), (f"<f>{formula}</f><v>1</v>", f"<f>{formula}</f>")
            )
        case _:  # noise that is allowed
            tag = _one(random, text, _TAG)
            noise = random.choice(
                ("<!-- <c> -->", "<?x y?>", "\n", "<![CDATA[7]]>", "<x/>", "&#10;", "\x01", "<!DOCTYPE x>", "&lol;")
            )
            return text if tag is None else text[: tag.end()] + noise + text[tag.end() :]


def _one(random: Random, text: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return random.choice(found) if found else None


def _other(random: Random, text: str, pattern: re.Pattern[str], values: tuple[str, ...]) -> str:
    """The text with another value in the place of what the pattern's group found somewhere."""
    match = _one(random, text, pattern)
    return text if match is None else text[: match.start(1)] + random.choice(values) + text[match.end(1) :]
