"""docs/rules/evidence.md has a line for each rule, and counts what tests/rules/projects.txt has."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from raincheck.rules import ALL

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "rules" / "evidence.md").read_text("utf-8")
ROWS = re.findall(
    r"^\| \[([a-z0-9-]+)\]\(([^)]+)\) \| (\w+)[^|]*\| (\d*) ?\| (\d*) ?\| (.+) \|$", PAGE, re.MULTILINE
)


def test_every_rule_has_its_line():
    assert [(name, severity) for name, _, severity, *_ in ROWS] == [
        (rule.name, rule.severity) for rule in ALL
    ]
    assert all((ROOT / "docs" / "rules" / path).resolve().is_file() for _, path, *_ in ROWS)


def test_what_is_told_is_what_the_projects_expect():
    """But for findings at files that are no migration, which that list has not."""
    expected = (ROOT / "tests" / "rules" / "projects.txt").read_text("utf-8")
    told = Counter(re.findall(r"\d+ (?:danger|risk|note) ([a-z0-9-]+);", expected))
    assert {name: int(count) for name, _, _, count, *_ in ROWS if count and name in told} == dict(told)
