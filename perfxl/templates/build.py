"""Builds the blank workbooks in `workbook_templates` anew: `python -m perfxl.templates.build`."""

from __future__ import annotations

from perfxl.data import shipped_folder
from perfxl.templates.books import all_books


def main() -> None:
    """Writes the workbooks whose bytes changed, and says which."""
    for file, data in all_books().items():
        path = shipped_folder("workbook_templates") / file
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)
            print(f"已更新 {file}")


if __name__ == "__main__":
    main()
