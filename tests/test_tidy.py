"""How large the pieces are, what must not stand in a tracked file, and that what is said twice agrees."""

from __future__ import annotations

import ast
import json
import re
import statistics
import subprocess
import tomllib
from pathlib import Path

import pytest

import raincheck

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "server" / "raincheck"

MODULE_LINES = 300
SMALL_MODULE_LINES = 80
SMALL = re.compile(r"rules/\w+/|lsp/methods/|cli/commands/")
"""One rule, one LSP method, one command: a module each."""
FUNCTION_LINES = 40
FUNCTION_MEDIAN = 8

LONG_MODULES: dict[str, str] = {}
"""Module → why it is better long."""
LONG_FUNCTIONS: dict[str, str] = {}
"""`module:function` → why it is better long."""

# Spelled so that this file does not hold what it looks for.
UNWANTED = {
    "a machine's path": r"(?<![\w.~*-])/(work|root|tmp|opt/(wheels|pypi))/\w",
    "a package registry's address": r"registry\.npm|\bpypi\.(org|io)\b|pythonhoste[d]|deb\.debian|yarn[p]kg|--(extra-)?index-[u]rl",
    "something left open": r"\b(TO[D]O|FIX[M]E|X[X]X)\b",
}
LET_BE: dict[str, str] = {}
"""File → why it may hold one of these."""


def modules() -> dict[str, str]:
    return {path.relative_to(PACKAGE).as_posix(): path.read_text() for path in PACKAGE.rglob("*.py")}


def function_lines() -> list[tuple[str, int]]:
    """Each function, as `module:name`, and its lines from its `def` to its end without its docstring."""
    return [
        (f"{module}:{node.name}", _lines(node))
        for module, source in modules().items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    whole = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is None:
        return whole
    docstring = function.body[0]
    return whole - (docstring.end_lineno - docstring.lineno + 1)


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_modules_are_short():
    long = {
        module
        for module, source in modules().items()
        if source.count("\n") > (SMALL_MODULE_LINES if SMALL.match(module) else MODULE_LINES)
    }
    assert long == set(LONG_MODULES)


def test_functions_are_short():
    functions = function_lines()
    assert {name for name, lines in functions if lines > FUNCTION_LINES} == set(LONG_FUNCTIONS)
    assert statistics.median(lines for _, lines in functions) <= FUNCTION_MEDIAN


@pytest.mark.parametrize("what", UNWANTED)
def test_no_tracked_file_holds(what):
    found = [
        f"{name}:{number}: {line.strip()[:120]}"
        for path in tracked()
        if (name := path.relative_to(ROOT).as_posix()) not in LET_BE and path.suffix != ".png"
        for number, line in enumerate(path.read_bytes().decode(errors="replace").splitlines(), 1)
        if re.search(UNWANTED[what], line)
    ]
    assert found == []


def test_the_version_is_one():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    client = json.loads((ROOT / "clients" / "vscode" / "package.json").read_text())
    assert project["version"] == client["version"] == raincheck.__version__


def test_the_licence_is_one():
    assert "GNU GENERAL PUBLIC LICENSE\n                       Version 3" in (ROOT / "LICENSE").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    client = json.loads((ROOT / "clients" / "vscode" / "package.json").read_text())
    assert project["license"] == client["license"] == "GPL-3.0-or-later"
    assert "GPL-3.0-or-later" in (ROOT / "README.md").read_text()
