"""A rollback as a SQL script for people: what each part brings back, what it cannot, and why."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import raincheck
from raincheck.fixes.settings import WAIT
from raincheck.sql.names import literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.plan.rollback import Rollback, Undone

WIDTH = 100
GRADES = {
    "exact": "brings everything back",
    "unknown": "leaves something to you: see the comments",
    "loses-data": "brings the schema back, and not all data: see the comments",
    "impossible": "cannot bring everything back: see the comments",
}
"""What a rollback of each grade does, behind "It"."""


def render(found: Rollback, analysis: Analysis) -> str:
    """The script, with a line end behind it. It runs in one transaction, Drizzle's own rows included."""
    return "\n".join(_lines(found, analysis)) + "\n"


def _lines(found: Rollback, analysis: Analysis) -> Iterator[str]:
    tags = ", ".join(migration.tag for migration in found.migrations)
    yield from _comment(
        f"Rollback of {tags}, by Raincheck {raincheck.__version__} for PostgreSQL {analysis.settings.target}. "
        f"It {GRADES[found.grade]}."
    )
    if found.grade in {"loses-data", "impossible"}:
        yield from _comment("Take a backup before the migration runs: what is lost is only there.")
    yield "BEGIN;"
    yield f"SET LOCAL lock_timeout = {literal(WAIT)};"
    for migration in found.migrations:
        yield ""
        yield from _comment(migration.path)
        for part in found.of(migration):
            yield from _part(part)
        yield from _comment("Drizzle's record of it; without this row its next run runs the migration again.")
        yield f"{found.unrecorded(migration)};"
    yield ""
    yield "COMMIT;"


def _part(part: Undone) -> Iterator[str]:
    step = part.step
    line, _ = step.migration.document.lines.position(step.statement.span.start)
    first = " ".join(step.statement.text.split())
    yield ""
    yield from _comment(f"line {line + 1}, {textwrap.shorten(first, 60, placeholder=' ...')}")
    if part.grade != "exact" or not part.statements:
        grade = "nothing to undo" if part.grade == "exact" else part.grade.replace("-", " ")
        yield from _comment(f"{grade}: {part.how}")
    yield from (f"{statement.rstrip().rstrip(';')};" for statement in part.statements)


def _comment(text: str) -> Iterator[str]:
    yield from textwrap.wrap(
        " ".join(text.split()), WIDTH, initial_indent="-- ", subsequent_indent="-- ", break_on_hyphens=False
    )
