"""Closed files keep the contract of the port."""

from __future__ import annotations

import pytest

from perfxl.workbooks.closed import ClosedWorkbook
from tests.workbooks.contract import Open, WorkbookContract


class TestClosedWorkbook(WorkbookContract):
    @pytest.fixture
    def open_book(self) -> Open:
        return ClosedWorkbook.open
