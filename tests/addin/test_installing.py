"""`perfxl addin` and `perfxl doctor` as a user of their own runs them, with the LibreOffice that is here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest

from perfxl import __version__
from perfxl.addin.startup import opened, with_addin, without_addin
from perfxl.cli import main
from perfxl.history.opened import OpenHistory
from perfxl.report.terminal import width

ADDIN = PureWindowsPath(r"C:\Users\张三\AppData\Roaming\Microsoft\AddIns\perfxl.xlam")


def perfxl(home: Path, *arguments: str) -> Any:
    """Runs a command as someone whose folder is `home`; gives its JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "perfxl", *arguments, "--format", "json"],
        env={**os.environ, "HOME": str(home), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def states(report: Any) -> dict[str, str]:
    return {part["name"]: part["state"] for part in report["parts"]}


def traces(home: Path) -> list[str]:
    """The files that are perfxl's or speak of it."""
    return [
        str(path.relative_to(home))
        for path in home.rglob("*")
        if "perfxl" in path.name.lower() or (path.is_file() and b"perfxl" in path.read_bytes())
    ]


def test_install_and_uninstall_leave_nothing(tmp_path: Path) -> None:
    absent = {"launcher": "absent", "excel": "unavailable", "libreoffice": "absent"}
    installed = {"launcher": "installed", "excel": "unavailable", "libreoffice": "installed"}
    assert states(perfxl(tmp_path, "addin", "status")) == absent

    report = perfxl(tmp_path, "addin", "install")
    assert states(report) == installed
    assert report["changes"] == [{"part": "launcher"}, {"part": "libreoffice"}]
    assert report["failures"] == []
    (launcher,) = (Path(part["place"]) for part in report["parts"] if part["name"] == "launcher")
    assert os.access(launcher, os.X_OK)
    assert states(perfxl(tmp_path, "addin", "status")) == installed

    # Once more changes nothing but puts the extension in anew, should it be damaged.
    assert perfxl(tmp_path, "addin", "install")["changes"] == [{"part": "libreoffice"}]

    OpenHistory("自评表", launcher.parents[1]).check("自评表.xlsx")  # as a click that has nothing to change
    report = perfxl(tmp_path, "addin", "uninstall")
    assert states(report) == absent
    assert report["changes"] == [{"part": "libreoffice"}, {"part": "launcher"}]
    # LibreOffice clears what it unpacked when it starts the next time.
    subprocess.run(
        ["soffice", "--headless", "--terminate_after_init"],
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert traces(tmp_path) == []
    assert perfxl(tmp_path, "addin", "uninstall")["changes"] == []


def test_the_launcher_stays_while_a_program_has_buttons(tmp_path: Path) -> None:
    perfxl(tmp_path, "addin", "install", "--app", "libreoffice")
    report = perfxl(tmp_path, "addin", "uninstall", "--app", "excel")
    assert states(report)["launcher"] == "installed"
    assert report["changes"] == []


def test_a_launcher_of_another_perfxl_is_told_and_replaced(tmp_path: Path) -> None:
    place = tmp_path / ".local/share/perfxl/launcher/perfxl-button"
    place.parent.mkdir(parents=True)
    place.write_text("#!/bin/sh\n", encoding="ascii")
    assert states(perfxl(tmp_path, "addin", "status", "--app", "excel"))["launcher"] == "outdated"
    report = perfxl(tmp_path, "addin", "install", "--app", "excel")
    assert states(report)["launcher"] == "installed"


def test_what_cannot_be_installed_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").write_text("", encoding="ascii")  # no folder can be made below it
    assert main(["addin", "install"]) == 2
    assert "未能完成（启动程序）" in capsys.readouterr().out


def test_build_writes_add_ins_and_forms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["addin", "build", str(tmp_path / "out"), "--format", "json"]) == 0
    written = [Path(change["file"]) for change in json.loads(capsys.readouterr().out)["changes"]]
    assert sorted(written) == sorted((tmp_path / "out").iterdir())
    assert [path.name for path in written if path.suffix != ".xlsm"] == ["perfxl.xlam", "perfxl.oxt"]
    assert sum(path.suffix == ".xlsm" for path in written) == 4


def test_build_into_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").write_text("", encoding="ascii")
    assert main(["addin", "build", str(tmp_path / "out")]) == 2
    assert "这是一个文件，请给出文件夹" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, [f'"{ADDIN}"']),
        ({"OPEN": r'"C:\a\other.xlam"'}, [r'"C:\a\other.xlam"', f'"{ADDIN}"']),
        ({"OPEN": '"perfxl.xlam"', "OPEN1": '/R "C:\\b.xla"'}, ['/R "C:\\b.xla"', f'"{ADDIN}"']),
        ({"OPEN10": "k", "OPEN2": "c", "OPEN": "a", "OPEN1": "b"}, ["a", "b", "c", "k", f'"{ADDIN}"']),
    ],
)
def test_excel_opens_the_add_in_once_after_the_others(before: dict[str, str], after: list[str]) -> None:
    values = with_addin(before, ADDIN)
    assert opened(values) == after
    assert list(values) == ["OPEN", *(f"OPEN{number}" for number in range(1, len(after)))]
    assert with_addin(values, ADDIN) == values
    assert opened(without_addin(values, ADDIN)) == after[:-1]


def test_doctor_says_what_works_and_what_to_do(tmp_path: Path) -> None:
    report = perfxl(tmp_path, "doctor")
    checks = {check["name"]: check for check in report["checks"]}
    assert {name: check["state"] for name, check in checks.items() if name != "fonts"} == {
        "python": "good",
        "packages": "good",
        "undo": "good",
        "excel": "absent",
        "wps": "absent",
        "libreoffice": "good",
        "addin-launcher": "absent",
        "addin-libreoffice": "absent",
    }
    assert __version__ in checks["packages"]["found"]
    assert checks["libreoffice"]["found"][0].isdigit()
    assert "perfxl addin install" in checks["addin-launcher"]["advice"]
    assert list(tmp_path.glob(".local/**/*perfxl*")) == []


def test_doctor_in_words_fits_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("√ 可用") and line.endswith("LibreOffice") for line in lines)
    assert max(map(width, lines)) <= 80
