"""What is proven of a fix: a project with a finding, and what must hold of its original and its fixed form."""

from __future__ import annotations

from dataclasses import dataclass

BREAKPOINT = "--> statement-breakpoint\n"


@dataclass(frozen=True)
class FixCase:
    """One fix, shown on one project. Statements within a migration's text are parted by BREAKPOINT."""

    name: str
    rule: str
    base: str
    """The first migration, which is applied: the tables, with some rows."""
    pending: tuple[str, ...]
    """The migrations that the fix is for, a text each."""
    title: str = ""
    """A part of the fix's title; without one, the first fix that is not to allow the finding."""
    versions: tuple[str, ...] = ("v0", "v1")
    """The lines of drizzle-orm whose migrator runs it: v0 (journal layout), v1 (folder layout)."""
    postgres: tuple[int, ...] = (15, 18)
    fails: str = ""
    """The SQLSTATE with which the original fails, where it does; then `same_as` says what the fixed form equals."""
    same_as: tuple[str, ...] = ()
    """The pending migrations whose schema the fixed form must end in; without them, those of the original."""
    differs: tuple[str, ...] = ()
    """Names (of constraints, columns, indexes) that the fix says it changes, or that PostgreSQL 18 gives to NOT NULL, which
    Drizzle knows no names of; they are left out of the comparison."""
    between: str = ""
    """SQL that somebody has to run before the last migration of the fixed form, as the fix says (a backfill, say)."""
    blocks: str = ""
    """The table that the original keeps from being written while it works, and the fixed form does not; none: ""."""
    same_rows: bool = True
    """Whether the rows are the same at the end too; not where a default draws lots or looks at the clock."""
    rerun: bool = True
    """Whether the fixed form, interrupted at any statement, can be run again to its end."""
