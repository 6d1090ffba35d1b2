"""Which migrations run: the observed truth table of Drizzle 0.45 (journal) and 1.0 (folders)."""

from __future__ import annotations

from typing import Any

import pytest

from raincheck.project.project import Layout, Migration
from raincheck.project.runner.states import states


def check(layout: Layout, given: list[tuple[str, int | None]], applied: set[str], expected: str) -> None:
    document: Any = None
    migrations = tuple(Migration(tag, f"{tag}.sql", when, document, "") for tag, when in given)
    assert " ".join(m.state for m in states(layout, migrations, applied)) == expected


@pytest.mark.parametrize(
    ("given", "applied", "expected"),
    [
        ([("a", 1), ("b", 2)], set(), "pending pending"),
        ([("a", 1), ("b", 2)], {"a"}, "applied pending"),
        ([("a", 1), ("b", 3), ("late", 2)], {"a", "b"}, "applied applied skipped"),
        ([("a", 1), ("late", 2), ("b", 3)], {"a", "b"}, "applied skipped applied"),
        ([("a", 2), ("same", 2)], {"a"}, "applied skipped"),
        ([("a", 2), ("same", 2)], set(), "pending pending"),
        ([("a", 3), ("b", 1)], set(), "pending pending"),
        ([("future", 9), ("b", 3)], {"future"}, "applied skipped"),
        ([("a", 1), ("broken", None)], {"a"}, "applied skipped"),
        ([("a", 1)], {"other"}, "pending"),
    ],
)
def test_journal(given: list[tuple[str, int | None]], applied: set[str], expected: str) -> None:
    check("journal", given, applied, expected)


def test_folders_run_by_name_however_late() -> None:
    check("folder", [("1_a", 1), ("2_late", 2), ("3_b", 3)], {"1_a", "3_b"}, "applied pending applied")
    check("loose", [("a", None)], set(), "pending")
