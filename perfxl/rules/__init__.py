"""The official numbers as dated data, each with its source."""

from perfxl.rules.loader import DEFAULT, load_profile, profile_names
from perfxl.rules.profile import Profile

__all__ = ["DEFAULT", "Profile", "load_profile", "profile_names"]
