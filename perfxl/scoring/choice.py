"""Which rule profile a form is scored by, and why."""

from __future__ import annotations

from perfxl.form.model import Form
from perfxl.rules import DEFAULT, Profile, load_profile, profile_names


def choose_profile(form: Form, named: str | None = None) -> tuple[Profile, str]:
    """The profile and the reason it was taken, in Chinese: the one named by the user, else the one of the form's year.

    Raises:
        BadSettings: there is no profile of the name given.
    """
    if named is not None:
        return load_profile(named), f"按选项 --profile {named} 指定"
    if form.year is None:
        profile = load_profile(DEFAULT)
        return profile, f"表上未见年度，按默认规则 {DEFAULT}（{profile.title}）"
    for name in profile_names():
        profile = load_profile(name)
        if profile.first_year <= form.year and (profile.last_year is None or form.year <= profile.last_year):
            return profile, f"按表上年度 {form.year} 选用 {name}（{profile.title}）"
    raise AssertionError(form.year)
