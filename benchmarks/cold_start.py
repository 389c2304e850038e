"""What one `perfxl score BOOK` costs from start to exit, beside `python -c "import openpyxl"`: `python benchmarks/cold_start.py`.

Whole processes, taken in turn, medians. numpy must be installed, because openpyxl imports it where it is.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from forms import write_form

GOAL = 1.0
ROUNDS = 15


def seconds(*command: str, data: Path) -> float:
    """How long a process takes."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, env={**os.environ, "PERFXL_DATA": str(data)}, check=False)
    return time.perf_counter() - start


def main() -> int:
    """Print the medians and their ratio; 1 where it is above the goal."""
    if importlib.util.find_spec("numpy") is None:
        raise SystemExit("numpy is not installed: the yardstick would be too short")
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder, "自评表.xlsx")
        for turn in range(ROUNDS):
            write_form(book, turn, sheets=3)
            theirs.append(seconds(sys.executable, "-c", "import openpyxl", data=Path(folder)))
            ours.append(seconds(sys.executable, "-m", "perfxl", "score", str(book), data=Path(folder)))
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(
        f"import openpyxl {statistics.median(theirs) * 1000:.0f} ms · perfxl score {statistics.median(ours) * 1000:.0f} ms"
    )
    print(f"ratio {ratio:.2f} (goal: at most {GOAL:.1f})")
    return 1 if ratio > GOAL else 0


if __name__ == "__main__":
    sys.exit(main())
