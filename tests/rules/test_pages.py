"""The rules' pages: every case on them is run; every rule has a page, and what is reported has a rule."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import raincheck
from raincheck.engine.rule import MigrationRule, StatementRule
from raincheck.rules import ALL
from raincheck.rules.pages import family, page, page_path
from support.pages import Case, cases, check

PACKAGE = Path(raincheck.__file__).parent
WITHOUT_CASES = {"internal-error", "migration-runs-again", "search-cut-short", "statement-too-complex"}
"""What needs a mistake of ours, a database, or ten thousand of something; tested elsewhere."""

CASES = [case for rule in ALL for case in cases(rule.name)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_each_rule_has_a_page(rule) -> None:
    text = page(rule.name)
    assert text.startswith(f"# {rule.name}\n")
    assert "\n## What to do\n" in text
    assert bool(cases(rule.name)) != (rule.name in WITHOUT_CASES)
    assert Path(page_path(rule.name)).is_file()
    assert family(rule.name) == type(rule).__module__.split(".")[2]


def test_each_rule_expects_and_declines() -> None:
    """The page of a rule that judges shows where it speaks, and where it is quiet."""
    for rule in ALL:
        if isinstance(rule, StatementRule | MigrationRule):
            said = [any(found.rule == rule.name for found in case.expected) for case in cases(rule.name)]
            assert any(said), rule.name
            assert not all(said), rule.name


def test_every_fence_belongs_to_a_case() -> None:
    for rule in ALL:
        before, _, below = page(rule.name).partition("\n## Cases\n")
        assert "```" not in before, rule.name
        assert "```" not in below.split("\n### ")[0], rule.name


def test_names_are_unique_slugs() -> None:
    names = [rule.name for rule in ALL]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name) for name in names)


def test_every_page_has_a_rule() -> None:
    names = {rule.name for rule in ALL}
    pages = {path.stem.replace("_", "-") for path in (PACKAGE / "rules").glob("*/*.md")}
    assert pages == names


def test_every_problem_that_is_reported_has_a_rule() -> None:
    names = {rule.name for rule in ALL}
    found = {
        slug
        for package in ("sql", "project", "engine", "session")
        for path in (PACKAGE / package).rglob("*.py")
        for slug in _slugs(path)
        if slug  # a statement that is still being typed has none
    }
    assert found >= {"syntax-error", "journal-unreadable", "allowance-unused", "pending-unknown"}
    assert found <= names
    reading = {rule.name for rule in ALL if family(rule.name) == "reading"}
    assert reading <= found


def _slugs(path: Path) -> set[str]:
    """The rule of each Problem, FileProblem and Finding that a module makes."""
    tree = ast.parse(path.read_text("utf-8"))
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    slugs = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in {"Problem", "FileProblem", "Finding"}:
            named = [keyword.value for keyword in node.keywords if keyword.arg == "rule"]
            for value in [*named, *node.args[:1]][:1]:
                if isinstance(value, ast.Constant):
                    slugs.add(value.value)
                elif isinstance(value, ast.Name) and value.id in constants:
                    slugs.add(constants[value.id])
    return slugs
