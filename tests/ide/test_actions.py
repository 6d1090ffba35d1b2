"""Which fixes are offered where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raincheck.engine.finding import Finding, Fix, Severity
from raincheck.engine.rule import StatementRule
from raincheck.ide.actions import code_actions
from raincheck.text import Edit, Span, apply_edits
from support.changes import changing

if TYPE_CHECKING:
    from collections.abc import Iterator

CHANGE = "drizzle/0001_change.sql"
INDEX = 'CREATE INDEX "i" ON "users" ("name");'


def titles(found, start: int, end: int | None = None) -> list[str]:
    return [
        action.fix.title for action in code_actions(found, CHANGE, Span(start, start if end is None else end))
    ]


def test_the_fixes_of_the_finding_at_the_cursor():
    first, second = titles(changing(INDEX), 3)[0], titles(changing(INDEX), 3)[-1]
    assert "CONCURRENTLY" in first
    assert second.startswith("Allow ")


def test_what_cures_stands_before_all_that_only_allows():
    found = changing('ALTER TABLE "users" DROP COLUMN "age";', INDEX)
    offered = titles(found, 0, 99)
    allowing = [title.startswith("Allow ") for title in offered]
    assert allowing == sorted(allowing)
    assert allowing.count(True) > 1
    assert allowing.count(False) > 1


def test_a_fix_is_of_its_finding():
    found = changing(INDEX)
    (action,) = (a for a in code_actions(found, CHANGE, Span(0, 0)) if "CONCURRENTLY" in a.fix.title)
    assert action.finding.rule == "index-blocks-writes"
    text = apply_edits(found.project.migrations[1].document.text, action.fix.edits[CHANGE])
    assert 'CREATE INDEX CONCURRENTLY "i"' in text


@pytest.mark.parametrize(
    ("start", "end", "offered"), [(0, 0, True), (36, 60, True), (37, 60, False), (0, 99, True)]
)
def test_what_a_span_touches(start, end, offered):
    found = changing(INDEX + "\n-- a comment behind it, and nothing more")
    assert bool(titles(found, start, end)) is offered


def test_other_files_have_none():
    assert code_actions(changing(INDEX), "drizzle/0000_init.sql", Span(0, 9)) == ()


class Wobbly(StatementRule):
    """Builds one fix, and fails at the second."""

    name = "wobbly"
    severity = Severity.NOTE
    kinds = frozenset()

    def check(self, step, action) -> Iterator[Finding]:
        yield Finding(self.name, self.severity, "it is there")

    def fixes(self, analysis, finding) -> Iterator[Fix]:
        yield Fix("good", "exact", {CHANGE: (Edit(Span(0, 0), "x"),)})
        raise ValueError("no second one")


class Steady(Wobbly):
    """Builds one fix, which is the one to take."""

    name = "steady"

    def fixes(self, analysis, finding) -> Iterator[Fix]:
        yield Fix("better", "exact", {CHANGE: (Edit(Span(0, 0), "y"),)}, preferred=True)


def test_a_rule_that_fails_takes_nothing_from_the_others():
    assert titles(changing(INDEX, rules=(Wobbly(), Steady())), 0) == ["better", "good"]
