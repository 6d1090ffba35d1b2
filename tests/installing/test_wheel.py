"""The wheel holds all that the program needs, and the program runs from it alone."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "server" / "raincheck"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        folder,
        ROOT,
    ]
    subprocess.run(build, check=True, capture_output=True, cwd=folder)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_holds_every_module_and_every_page(wheel):
    wanted = {
        f"raincheck/{path.relative_to(PACKAGE).as_posix()}"
        for path in PACKAGE.rglob("*")
        if path.suffix in {".py", ".md"} or path.name == "py.typed"
    }
    wanted |= {f"raincheck/recipes/{page.name}" for page in (ROOT / "docs" / "recipes").glob("*.md")}
    assert wanted <= set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.parametrize("page", ["index-blocks-writes", "indexes-without-blocking"])
def test_the_program_runs_from_the_wheel_alone(wheel, tmp_path, page):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from raincheck.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path, "explain", page],
        check=False, capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "CONCURRENTLY" in done.stdout
