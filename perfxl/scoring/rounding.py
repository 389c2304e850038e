"""The one place where money, rates and points are rounded: half up, as the rules of the form ask."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

# Wide enough that no product or quotient of 15-digit figures loses a digit that rounding could see.
_CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """`value` at this many decimals, half up: 9.985 at two is 9.99. A number too large to have decimals is given back as it is."""
    if value.adjusted() + decimals >= _CONTEXT.prec:
        return value
    return value.quantize(Decimal(1).scaleb(-decimals), context=_CONTEXT)


def divided(a: Decimal, b: Decimal) -> Decimal:
    """`a` ÷ `b` unrounded, to 60 digits; `b` must not be 0."""
    return _CONTEXT.divide(a, b)


def plain(value: Decimal) -> str:
    """The shortest decimal text: 9.50 is "9.5", 1E+2 is "100"."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def percentage(rate: Decimal, decimals: int) -> str:
    """A rate as people write it: 0.999 at two decimals is "99.90%"."""
    return f"{rounded(rate * 100, decimals)}%"
