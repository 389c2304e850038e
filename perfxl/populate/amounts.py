"""Money in the unit it is printed in, and in the unit of a form."""

from __future__ import annotations

from decimal import Decimal

_YUAN = {"元": Decimal(1), "万元": Decimal(10**4), "亿元": Decimal(10**8)}


def converted(amount: Decimal, unit: str, to: str) -> Decimal:
    """An amount in another unit, exactly: 299700 元 is 29.97 万元."""
    if unit == to:
        return amount
    return amount * _YUAN[unit] / _YUAN[to]
