"""What the README and the changelog promise about the repository itself holds: commands, examples, locks, the wheel."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import perfxl
from tools.readme import examples, with_fresh_examples

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TEXTS = [
    path
    for pattern in (
        "*.md",
        "*.toml",
        "docs/*.*",
        "perfxl/**/*.py",
        "perfxl/**/*.toml",
        "macros/*.*",
        "macros/vba/*.*",
        "macros/oxt/*.*",
        "tools/*",
        ".ci/*",
    )
    for path in sorted(ROOT.glob(pattern))
    if path.is_file() and "__pycache__" not in path.parts
]


def blocks(language: str) -> list[str]:
    """The README's code blocks in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_readme_opens_with_the_two_commands_of_a_fresh_machine() -> None:
    assert blocks("sh")[0].split("\n")[:2] == ["bash tools/demo.sh", "bash tools/check.sh"]


@pytest.mark.parametrize(
    "script", ["tools/demo.sh", "tools/check.sh", "tools/setup.sh", "tools/lock.sh", "tools/vendor.sh", ".ci/run"]
)
def test_scripts_can_be_run(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["bash", "-n", ROOT / script], check=True)


def test_ci_runs_the_readme_command_and_nothing_else() -> None:
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == [
        'exec bash "$(dirname "$0")/../tools/check.sh"'
    ]


def test_readme_examples_print_what_the_readme_shows(tmp_path: Path) -> None:
    assert {example.split()[1] for example in examples(README)} == {
        "demo",
        "new",
        "check",
        "score",
        "undo",
        "consolidate",
    }
    assert with_fresh_examples(README, tmp_path) == README, "run python tools/readme.py"


def test_readme_names_every_command_and_no_other() -> None:
    from perfxl.cli import build_parser

    offered = set(re.findall(r"^    ([a-z]+)(?: |$)", build_parser().format_help(), re.MULTILINE))
    assert offered
    assert set(re.findall(r"^\| `perfxl ([a-z]+)", README, re.MULTILINE)) == offered


def locked(name: str) -> dict[str, str]:
    """Package to version of a lock file."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+) \\$", text, re.MULTILINE))


def named(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9_.-]+", requirement)
    assert match
    return match[0].lower().replace("_", "-")


def test_locks_hold_what_the_project_asks_for() -> None:
    runtime, dev = locked("runtime.txt"), locked("dev.txt")
    assert {named(each) for each in PROJECT["dependencies"]} <= runtime.keys()
    assert {named(each) for each in PROJECT["optional-dependencies"]["dev"]} <= dev.keys()
    assert runtime.items() <= dev.items()


@pytest.mark.parametrize("name", ["runtime.txt", "build.txt", "dev.txt"])
def test_locks_name_no_place_to_download_from(name: str) -> None:
    assert not re.search(
        r"://|^--(?!hash)|\s@\s", (ROOT / "requirements" / name).read_text(encoding="utf-8"), re.MULTILINE
    )


def test_wheel_ships_every_module_and_all_data(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("perfxl/")}
    here = {path.relative_to(ROOT).as_posix() for path in (ROOT / "perfxl").rglob("*") if path.is_file()}
    # what users open stands at the top of the repository and travels inside the package
    for folder in ("macros", "workbook_templates"):
        here |= {f"perfxl/{path.relative_to(ROOT)}" for path in (ROOT / folder).rglob("*") if path.is_file()}
    assert shipped == {name for name in here if "__pycache__" not in name}
    assert f"perfxl-{perfxl.__version__}-" in wheel.name


def test_changelog_speaks_of_every_check() -> None:
    from perfxl.checks import codes

    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    spoken_of = set(re.findall(r"\b[A-Z]{3}\d{3}\b", text))
    for family, first, last in re.findall(r"\b([A-Z]{3})(\d{3})–[A-Z]{3}(\d{3})", text):
        spoken_of |= {f"{family}{number:03}" for number in range(int(first), int(last) + 1)}
    assert spoken_of == set(codes())


def test_modules_say_what_they_are_for() -> None:
    modules = sorted((ROOT / "perfxl").rglob("*.py"))
    assert [str(path) for path in modules if not re.match(r'"""\S', path.read_text(encoding="utf-8"))] == []


def test_nothing_is_left_to_do_or_tied_to_one_machine() -> None:
    unwanted = re.compile(r"\b(TOD[O]|FIXM[E])\b|(?<![\w.])/(home|root|Users|work)/")
    assert [str(path) for path in TEXTS if unwanted.search(path.read_text(encoding="utf-8"))] == []
