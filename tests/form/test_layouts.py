"""Layouts of many places, drawn and read: each file in `layouts/` holds a picture (see `drawing`) and what is to be read from it."""

from pathlib import Path

import pytest

from perfxl.form.reader import read_forms
from tests.form.drawing import draw
from tests.form.telling import tell

LAYOUTS = sorted((Path(__file__).parent / "layouts").glob("*.txt"))
RULE = "\n=====\n"


@pytest.mark.parametrize("path", LAYOUTS, ids=[path.stem for path in LAYOUTS])
def test_layout(path: Path) -> None:
    picture, *expected = path.read_text(encoding="utf-8").split(RULE)
    assert [tell(form) for form in read_forms(draw(picture))] == [text.strip() for text in expected]


@pytest.mark.parametrize("path", LAYOUTS, ids=[path.stem for path in LAYOUTS])
def test_layout_that_starts_anywhere(path: Path) -> None:
    picture, *_ = path.read_text(encoding="utf-8").split(RULE)
    here, there = (read_forms(draw(picture, top=top, left=left)) for top, left in ((1, 1), (7, 4)))
    assert [
        [(r.row + 6, r.level1, r.level2, r.name.text, r.target_text) for r in form.indicators] for form in here
    ] == [[(r.row, r.level1, r.level2, r.name.text, r.target_text) for r in form.indicators] for form in there]
