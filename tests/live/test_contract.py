"""Workbooks open in LibreOffice keep the contract of the port that closed files keep."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest

from perfxl.workbooks.live.application import Application, open_file
from perfxl.workbooks.live.workbook import LiveWorkbook
from tests.workbooks.contract import Open, WorkbookContract


class TestWorkbookInLibreOffice(WorkbookContract):
    # When it loads a file, LibreOffice gives texts that look like numbers the format for text.
    formats_of_texts = frozenset(["General", "@"])

    @pytest.fixture
    def open_book(self, application: Application, tmp_path: Path) -> Open:
        def open_anew(path: Path) -> LiveWorkbook:
            """What was saved is read from a copy, as the workbook itself stays open."""
            if application.has(str(path)):
                path = Path(copy(path, (tmp_path / f"{path.stem} 读回{path.suffix}")))
            return LiveWorkbook(open_file(application, path), application.native)

        return open_anew
