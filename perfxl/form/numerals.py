"""Numbers written in Chinese: 一千二百, 两万三, 九十五点五."""

from __future__ import annotations

from decimal import Decimal

from perfxl.patterns import pattern

_DIGITS = {
    c: n
    for n, cs in enumerate(["零〇○", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"])
    for c in cs
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
SIGNS = "".join([*_DIGITS, *_SMALL, *_LARGE])
_SHORT = pattern(rf"(?P<whole>.*(?P<place>[{''.join([*_SMALL, *_LARGE])}]))(?P<last>[一二三四五六七八九])")


def chinese_number(text: str) -> Decimal | None:
    """The number that Chinese numerals write, None where they write none (十十, 三百千)."""
    whole, _, fraction = text.partition("点")
    if not whole or ("点" in text and not fraction) or any(c not in _DIGITS for c in fraction):
        return None
    value = _spelled(whole)
    if value is None:
        return None
    return Decimal(f"{value}.{''.join(str(_DIGITS[c]) for c in fraction)}") if fraction else Decimal(value)


def _spelled(text: str) -> int | None:
    if all(c in _DIGITS for c in text):  # 二〇二三, 一二〇
        return int("".join(str(_DIGITS[c]) for c in text))
    short = _SHORT.fullmatch(text)
    if short and short["place"] not in "十拾" and text[-2] not in "零〇":  # 两万三 is 23,000
        place = {**_SMALL, **_LARGE}[short["place"]]
        value = _spelled(short["whole"])
        return None if value is None else value + _DIGITS[short["last"]] * place // 10
    for sign in ("亿", "万"):
        before, found, after = text.rpartition(sign)
        if found:
            high, low = _spelled(before) if before else None, _spelled(after) if after else 0
            if high is None or low is None or low >= _LARGE[sign]:
                return None
            return high * _LARGE[sign] + low
    return _below_ten_thousand(text)


def _below_ten_thousand(text: str) -> int | None:
    total, digit, last = 0, None, 10**4
    for n, sign in enumerate(text):
        if sign in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[sign]
        elif sign in _SMALL:
            place = _SMALL[sign]
            if place >= last or (digit is None and not (n == 0 and place == 10)):
                return None
            total, digit, last = total + (1 if digit is None else digit) * place, None, place
        else:
            return None
    return total + (digit or 0)
