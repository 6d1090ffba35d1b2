"""A rollback that can be run again: nothing is done where all is as before, and what is half undone is finished.

The guard asks the catalogs for what the whole rollback leaves; the statements themselves pass over what is there or gone
already, for a database on which only a part of the migrations has run.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Enum
from raincheck.plan.verification import compared

if TYPE_CHECKING:
    from raincheck.catalog.schema import Schema
    from raincheck.plan.rollback import Rollback

_FORMS = (
    (re.compile(r"^(DROP (?:MATERIALIZED VIEW|[A-Z]+)) (?=\")"), r"\1 IF EXISTS "),
    (re.compile(r"^(ALTER TABLE \S.* DROP (?:COLUMN|CONSTRAINT)) (?=\")"), r"\1 IF EXISTS "),
    (re.compile(r"^(ALTER TABLE \S.* ADD COLUMN) (?=\")"), r"\1 IF NOT EXISTS "),
    (re.compile(r"^(CREATE (?:UNIQUE )?INDEX) (?=\")"), r"\1 IF NOT EXISTS "),
    (re.compile(r"^(CREATE (?:UNLOGGED )?(?:TABLE|SEQUENCE|SCHEMA|EXTENSION)) (?=\")"), r"\1 IF NOT EXISTS "),
)
"""The beginnings of statements as `catalog.migrate` writes them, names always quoted, and the form that passes over."""


def tolerant(statement: str) -> str:
    """A statement of a rollback, passing over what is there or gone already where PostgreSQL has a form for that."""
    for begins, form in _FORMS:
        statement, changed = begins.subn(form, statement, count=1)
        if changed:
            break
    return statement


def undone(found: Rollback) -> tuple[str, ...]:
    """SQL expressions that are all true where nothing is left to undo; none where the catalogs cannot tell that."""
    paths = {migration.path for migration in found.migrations}
    steps = [step for step in found.analysis.timeline.steps if step.migration.path in paths]
    if not steps:
        return ()
    before, after = steps[0].before, steps[-1].after
    checks, _ = compared(after, _reached(before, after))
    return tuple(check.holds for check in checks)


def _reached(before: Schema, after: Schema) -> Schema:
    """The schema before, with the values that no enum gives back."""
    types = before.types
    for name, now in after.types.items():
        then = before.types.get(name)
        if isinstance(now, Enum) and isinstance(then, Enum) and len(now.values) > len(then.values):
            types = types.insert(name, now)
    return replace(before, types=types)
