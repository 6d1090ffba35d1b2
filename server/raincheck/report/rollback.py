"""A rollback as a SQL script for people: what each part brings back, what it cannot, and why."""

from __future__ import annotations

import textwrap
from itertools import count
from typing import TYPE_CHECKING

import raincheck
from raincheck.fixes.settings import WAIT
from raincheck.plan.idempotent import tolerant, undone
from raincheck.sql.names import literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from raincheck.plan.rollback import Rollback, Undone

WIDTH = 76
"""Of its comments, which a review and a plan indent and show in terminals of 80 columns."""
GRADES = {
    "exact": "brings everything back",
    "unknown": "leaves something to you: see the comments",
    "loses-data": "brings the schema back, and not all data: see the comments",
    "impossible": "cannot bring everything back: see the comments",
}
"""What a rollback of each grade does, behind "It"."""


def render(found: Rollback, *, idempotent: bool = False) -> str:
    """The script, with a line end behind it. It runs in one transaction, Drizzle's own rows included.

    `idempotent`: it can be run again, and on a database on which only a part of the migrations has run.
    """
    return "\n".join(_guarded(found) if idempotent else _lines(found)) + "\n"


def _guarded(found: Rollback) -> Iterator[str]:
    """The same with the statements in a block, which is left at once where the catalogs say that all is undone."""
    yield from _head(found)
    statements = [
        tolerant(statement.rstrip().rstrip(";")) for part in found.parts for statement in part.statements
    ]
    quote = next(name for name in _quotes() if name not in "".join(statements))
    if statements:
        yield f"DO {quote}"
        yield "BEGIN"
        yield from _leaving(undone(found))
        for migration in found.migrations:
            yield ""
            yield from _comment(migration.path)
            for part in found.of(migration):
                yield from _part(part, tolerant)
        yield "END"
        yield f"{quote};"
        yield ""
    yield from _comment("Drizzle's records; without them its next run runs the migrations again.")
    yield from (f"{found.unrecorded(migration)};" for migration in found.migrations)
    yield ""
    yield "COMMIT;"


def _leaving(checks: Sequence[str]) -> Iterator[str]:
    if checks:
        yield f"  IF {f'{chr(10)}    AND '.join(checks)} THEN"
        yield "    RAISE NOTICE 'There is nothing left to undo';"
        yield "    RETURN;"
        yield "  END IF;"


def _quotes() -> Iterator[str]:
    """Dollar quotes, of which one stands in no statement."""
    return (f"$rollback{number or ''}$" for number in count())


def _lines(found: Rollback) -> Iterator[str]:
    yield from _head(found)
    for migration in found.migrations:
        yield ""
        yield from _comment(migration.path)
        for part in found.of(migration):
            yield from _part(part)
        yield from _comment("Drizzle's row of it: without, its next run runs the migration again.")
        yield f"{found.unrecorded(migration)};"
    yield ""
    yield "COMMIT;"


def _head(found: Rollback) -> Iterator[str]:
    tags = ", ".join(migration.tag for migration in found.migrations)
    target = found.analysis.settings.target
    yield from _comment(
        f"Rollback of {tags}, by Raincheck {raincheck.__version__} for PostgreSQL {target}. "
        f"It {GRADES[found.grade]}."
    )
    if found.grade in {"loses-data", "impossible"}:
        yield from _comment("Take a backup before the migration runs: what is lost is only there.")
    yield "BEGIN;"
    yield f"SET LOCAL lock_timeout = {literal(WAIT)};"


def _part(part: Undone, form: Callable[[str], str] = str) -> Iterator[str]:
    step = part.step
    first = " ".join(step.statement.text.split())
    yield ""
    yield from _comment(f"line {step.line}, {textwrap.shorten(first, 60, placeholder=' ...')}")
    if part.grade != "exact" or not part.statements:
        grade = "nothing to undo" if part.grade == "exact" else part.grade.replace("-", " ")
        yield from _comment(f"{grade}: {part.how}")
    elif lost := part.how.partition("; ")[2]:
        yield from _comment(lost)
    yield from (f"{form(statement.rstrip().rstrip(';'))};" for statement in part.statements)


def _comment(text: str) -> Iterator[str]:
    yield from textwrap.wrap(
        " ".join(text.split()), WIDTH, initial_indent="-- ", subsequent_indent="-- ", break_on_hyphens=False
    )
