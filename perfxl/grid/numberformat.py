"""How a cell shows its value: the text that Excel prints under a number format code."""

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import NamedTuple

from perfxl.grid.cells import CellError, CellValue
from perfxl.grid.dateformat import date_text
from perfxl.grid.formatcode import FormatCode, Kind, Section, read_code

UNKNOWN, UNKNOWN_PERCENTAGE = "[unknown]", "[unknown]%"
"""In the place of a cell's format code where its file does not tell it; the second where it tells at least that a percentage is shown."""

# Nobody knows how many decimals a cell of unknown format shows: money, points and percentages have two.
_UNKNOWN_DECIMALS = 2

# A cell value has 15 digits, but they may stand anywhere between 1E-308 and 1E308.
_WIDE = Context(prec=700, rounding=ROUND_HALF_UP, Emin=-999999, Emax=999999)


class Printed(NamedTuple):
    """A value as shown.

    `decimals` counts the decimals printed, of the percentage where `percent` tells that a percent sign is printed.
    `known` is False where perfxl does not print the format (dates as the computer is set, Chinese digits, fractions,
    amounts shown in thousands …): `text` is the stored value then.
    """

    text: str
    decimals: int = 0
    percent: bool = False
    known: bool = True


def printed(value: CellValue, code: str = "General", date1904: bool = False) -> Printed:
    """The value as a wide cell shows it; "" for no value.

    Rounds half away from zero. `date1904` tells where the workbook counts its days from.
    """
    if isinstance(value, Decimal):
        if code in (UNKNOWN, UNKNOWN_PERCENTAGE):
            return _unknown(value, percent=code == UNKNOWN_PERCENTAGE)
        return general(value) if code == "General" else _number(value, code, date1904)
    if value is None:
        return Printed("")
    if isinstance(value, bool):
        return Printed("TRUE" if value else "FALSE")
    if isinstance(value, CellError) or code in ("General", "@", UNKNOWN, UNKNOWN_PERCENTAGE):
        return Printed(str(value))
    return _text(value, read_code(code))


def general(value: Decimal) -> Printed:
    """A number under `General`: at most eleven characters beside the sign, as Excel shows it in a cell."""
    text = str(value)
    if len(text) < 11 and "E" not in text and ("." not in text or text[-1] != "0"):
        return Printed(text, len(text) - text.index(".") - 1 if "." in text else 0) if value else Printed("0")
    return _general_rounded(value)


def plain(value: Decimal) -> str:
    """All digits of a number, without exponent and without zeros at the end."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """The value at so many decimals (negative: at tens, hundreds …), halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), context=_WIDE)


def _general_rounded(value: Decimal) -> Printed:
    if not value:
        return Printed("0")
    exponent = value.adjusted()
    if exponent >= -4:
        decimals = 9 if exponent < 0 else max(0, 9 - exponent)
        rounded = round_half_up(value, decimals)
        if rounded.adjusted() < 11:
            return _shown(plain(rounded))
    else:
        text = plain(value)
        if len(text.lstrip("-")) <= 11:
            return _shown(text)
    mantissa = round_half_up(value.scaleb(-exponent, _WIDE), 5)
    if mantissa.adjusted():
        exponent += 1
        mantissa = round_half_up(mantissa.scaleb(-1, _WIDE), 5)
    return Printed(f"{plain(mantissa)}E{'-' if exponent < 0 else '+'}{abs(exponent):02}")


def _shown(text: str) -> Printed:
    return Printed(text, len(text.partition(".")[2]))


def _text(value: str, code: FormatCode) -> Printed:
    if code.text is None:
        return Printed(value)
    return Printed("".join(value if what == "value" else literal for what, literal in code.text.parts))


def _number(value: Decimal, code: str, date1904: bool) -> Printed:
    picked = _pick(value, read_code(code).numbers)
    if picked is None:
        return _as_stored(value)
    section, minus = picked
    sign = "-" if minus else ""
    if section.kind is Kind.LITERAL:
        return Printed(sign + _around(section, ""))
    if section.kind is Kind.TEXT:
        text = plain(value)
        return Printed(_around(section, text), len(text.partition(".")[2]))
    if section.kind is Kind.DATE:
        date = date_text(value, section.parts, date1904)
        return _as_stored(value) if date is None else Printed(date)
    value = abs(value)
    if section.kind is Kind.GENERAL:
        shown = general(value)
        return shown._replace(text=sign + _around(section, shown.text))
    if section.kind is Kind.SCIENTIFIC:
        decimals = len(section.fraction) - (value.adjusted() if value else 0)
        return Printed(sign + _around(section, _scientific(value, section)), max(0, decimals))
    value = round_half_up(value.scaleb(2 * section.percents, _WIDE), len(section.fraction))
    digits = _digits(value, section)
    decimals = len(digits.partition(".")[2].rstrip())
    sign = sign if value else ""  # what rounds to nothing has no sign
    return Printed(sign + _around(section, digits), decimals, section.percents > 0)


def _as_stored(value: Decimal) -> Printed:
    text = plain(value)
    return Printed(text, len(text.partition(".")[2]), known=False)


def _unknown(value: Decimal, *, percent: bool) -> Printed:
    """A number as it is most likely shown, at two decimals at most."""
    if percent:
        return _number(value, "0.00%", False)._replace(known=False)
    shown = general(value)
    return Printed(shown.text, min(shown.decimals, _UNKNOWN_DECIMALS), known=False)


def _pick(value: Decimal, sections: tuple[Section | None, ...]) -> tuple[Section, bool] | None:
    """The section for this value, and whether a minus sign goes before it; None where that is not known."""
    if any(section is not None and section.condition for section in sections):
        return _pick_by_condition(value, sections)
    if value < 0 and len(sections) > 1:
        section = sections[1]
        minus = False
    else:
        section = sections[2] if not value and len(sections) > 2 else sections[0]
        minus = value < 0
    return None if section is None else (section, minus)


def _pick_by_condition(value: Decimal, sections: tuple[Section | None, ...]) -> tuple[Section, bool] | None:
    if value < 0:
        return None  # whether the sign is printed depends on what the conditions leave over
    for section in sections:
        if section is None:
            return None
        if section.condition is None or section.condition[0](value, section.condition[1]):
            return section, False
    return None


def _around(section: Section, shown: str) -> str:
    return "".join(shown if what == "value" else literal for what, literal in section.parts)


def _digits(value: Decimal, section: Section) -> str:
    """The digits of a number that is rounded and not negative, under the section's placeholders."""
    whole, _, fraction = format(value, "f").partition(".")
    whole = _whole(whole, section)
    if not section.point:
        return whole
    kept = list(fraction)
    for index in range(len(kept) - 1, -1, -1):
        if kept[index] != "0" or section.fraction[index] == "0":
            break
        kept[index] = " " if section.fraction[index] == "?" else ""
    return f"{whole}.{''.join(kept)}"


def _whole(digits: str, section: Section) -> str:
    least = section.whole.count("0") and len(section.whole) - section.whole.index("0")
    digits = ("" if digits == "0" else digits).rjust(least, "0")
    if section.grouped:
        head = len(digits) % 3
        groups = [digits[:head]] * bool(head) + [digits[at : at + 3] for at in range(head, len(digits), 3)]
        digits = ",".join(groups)
    blanks = len(section.whole) - section.whole.index("?") if "?" in section.whole else 0
    return digits.rjust(blanks)


def _scientific(value: Decimal, section: Section) -> str:
    exponent = value.adjusted() if value else 0
    mantissa = round_half_up(value.scaleb(-exponent, _WIDE), len(section.fraction))
    if mantissa.adjusted() > 0:
        exponent += 1
        mantissa = round_half_up(mantissa.scaleb(-1, _WIDE), len(section.fraction))
    sign = "-" if exponent < 0 else "+" if section.exponent[1] == "+" else ""
    width = len(section.exponent) - 2
    return f"{_digits(mantissa, section)}E{sign}{abs(exponent):0{width}}"
