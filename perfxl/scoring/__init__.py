"""Points by the rules: pure functions of a form and a rule profile."""

from perfxl.scoring.form import score_form

__all__ = ["score_form"]
