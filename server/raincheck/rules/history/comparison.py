"""An applied migration beside what it was when somebody else saw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Related

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.project.baseline import Difference
    from raincheck.project.project import Migration

LONGEST = 80
"""Code points of SQL quoted in one line."""


def changes(migration: Migration, difference: Difference | None) -> Iterator[Related]:
    """What each changed statement was, where the new one stands."""
    statements = migration.document.statements
    for change in difference.changed if difference else ():
        known = change.index is not None and change.index < len(statements)
        span = statements[change.index].span if change.index is not None and known else None
        was = f"was: {_short(change.before)}" if change.before else "was not there"
        yield Related(
            was if change.after else f"removed: {_short(change.before or '')}", None, migration.path, span
        )


def _short(sql: str) -> str:
    line = " ".join(sql.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 3] + "..."
