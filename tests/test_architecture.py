"""The layers hold, nothing below the session reaches outside, and the command line starts without the server."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "server" / "raincheck"

SHELLS = ("cli", "lsp", "session", "live")
"""The packages that may open files, start processes and read the clock."""

OUTSIDE = {
    "asyncio",
    "io",
    "os",
    "pathlib",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib",
}
"""Modules that reach files, processes, the network, the environment or the clock."""

CALLS = {"open", "print", "input", "now", "today", "utcnow"}
"""What does so without an import of those, by the name it is called by."""

EXCEPTIONS: dict[str, str] = {}
"""Module → why it may, as `engine/x.py: threading`."""


def reaches(source: str) -> set[str]:
    """The forbidden modules that a module imports, and the forbidden calls it makes, at any depth."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found |= {alias.name.partition(".")[0] for alias in names} & OUTSIDE
            case ast.ImportFrom(module=str(module), level=0):
                found |= {module.partition(".")[0]} & OUTSIDE
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                found |= {name} & CALLS
    return found


def test_the_import_contracts_hold():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_nothing_below_the_session_reaches_outside():
    found = {
        f"{path.relative_to(PACKAGE).as_posix()}: {what}"
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] not in SHELLS
        for what in reaches(path.read_text())
    }
    assert found == set(EXCEPTIONS)


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "import os.path as p",
        "from pathlib import Path",
        "def f():\n    import urllib.request",
        "def f():\n    return open('x')",
        "from datetime import datetime\nseen = datetime.now()",
    ],
)
def test_reaching_outside_is_seen(source):
    assert reaches(source)


@pytest.mark.parametrize(
    "source", ["from posixpath import join", "import datetime", "from raincheck.io import x"]
)
def test_values_are_let_be(source):
    assert not reaches(source)


def test_the_command_line_starts_without_the_protocol():
    """`lsprotocol` alone takes half a second to import."""
    script = "import sys, raincheck.cli.main; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    modules = set(done.stdout.split())
    assert "raincheck.cli.main" in modules
    assert not modules & {"lsprotocol", "pygls", "psycopg", "asyncio"}
