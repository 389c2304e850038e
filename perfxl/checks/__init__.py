"""One small function per check; a registry; messages and pages in `texts/`."""

from perfxl.checks import (  # noqa: F401  (each registers its checks)
    across,
    amounts,
    expected,
    form,
    funds,
    indicators,
    points,
    reasons,
    scores,
    wording,
)
from perfxl.checks.registry import Choice, choose, codes, run_across_checks, run_checks, run_list_checks

__all__ = ["Choice", "choose", "codes", "run_across_checks", "run_checks", "run_list_checks"]
