"""Tells a form as text, so that a test shows what was read beside the picture it was read from."""

from perfxl.form.model import Form, FundLine, Indicator, Missing, Party, Value

_AMOUNTS = ("initial_budget", "budget", "executed", "weight", "execution_rate", "score", "reason")


def tell(form: Form) -> str:
    """One line for each part: names, fund lines, goal, indicator rows, total, what is missing."""
    lines = [f"{form.project and told(form.project)} / {_party(form.department)} / {_party(form.implementing_unit)}"]
    lines.append(f"{form.year} {form.money_unit} @{form.anchor.a1}")
    lines += [_fund(line) for line in form.funds]
    if form.goal or form.goal_result:
        lines.append(f"goal {_text(form.goal)} -> {_text(form.goal_result)}")
    lines += [_row(row) for row in form.indicators]
    weights = [f"{section.name} {section.weight}" for section in form.sections if section.weight is not None]
    if weights:
        lines.append("sections " + ", ".join(weights))
    if form.total:
        lines.append(
            f"total {_text(form.total.weight)} {_text(form.total.score)} {_text(form.total.grade)}".rstrip(" -")
        )
    if form.form_reason:
        lines.append(f"reason {form.form_reason.text}")
    if form.missing:
        lines.append("missing " + ", ".join(map(_missing, form.missing)))
    return "\n".join(lines)


def _missing(missing: Missing) -> str:
    return missing.label + (f" ({missing.unread}@{missing.at.a1})" if missing.unread else "")


def told(party: Party) -> str:
    return party.name if party.code is None else f"[{party.code}]{party.name}"


def _party(party: Party | None) -> str:
    return told(party) if party else "-"


def _text(value: Value | None) -> str:
    return value.text if value and value.text else "-"


def _fund(line: FundLine) -> str:
    values = []
    for name in _AMOUNTS:
        value: Value | None = getattr(line, name)
        if value is not None and not value.empty:
            number = "" if value.number is None or name == "reason" else f"={value.number.normalize():f}"
            values.append(f"{name} {value.text}{number}@{value.at.a1}")
    return f"{line.kind.value} {line.label.text}: " + ", ".join(values)


def _row(row: Indicator) -> str:
    cells = [
        row.level1,
        row.level2,
        row.name.text,
        row.target_text,
        *map(_text, (row.actual, row.weight, row.score, row.reason)),
    ]
    flags = (" hidden" if row.hidden else "") + (" shifted" if row.shifted else "")
    return f"{row.row}{flags} " + " | ".join(cells)
