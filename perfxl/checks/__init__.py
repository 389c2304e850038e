"""One small function per check; a registry; messages and pages in `texts/`."""

from perfxl.checks import form, funds, reasons, scores  # noqa: F401  (each registers its checks)
from perfxl.checks.registry import codes, run_checks

__all__ = ["codes", "run_checks"]
