"""Columns and constraints that are there already or not there."""

from __future__ import annotations

from raincheck.rules.replay.refused import Refused

_TWICE = (
    "If an earlier migration adds the same thing, as after a merge of two branches, delete this statement"
)


class ColumnExists(Refused):
    """A column is added, or gets a name, that its table has already."""

    name = "column-exists"
    why = "The earlier migrations have given the table a column of this name."
    cure = (
        f"{_TWICE}. Where some databases have the column and others do not, write ADD COLUMN IF NOT EXISTS, which both "
        "accept."
    )


class ColumnMissing(Refused):
    """A statement needs a column that its table does not have."""

    name = "column-missing"
    why = "By the earlier migrations the table has no such column: it was dropped, renamed, or never added."
    cure = "Write the name it has now, or add it first."


class ConstraintExists(Refused):
    """A constraint is added that its table has already, or a second primary key."""

    name = "constraint-exists"
    why = "The table has it from the earlier migrations."
    cure = f"{_TWICE}. To replace a constraint, drop the old one before: ALTER TABLE ... DROP CONSTRAINT."


class ConstraintMissing(Refused):
    """A constraint is dropped, validated or renamed that its table does not have."""

    name = "constraint-missing"
    why = (
        "By now the table has no constraint of this name. drizzle-kit 0.x drops a foreign key again after the DROP TABLE "
        "... CASCADE that took it along."
    )
    cure = "Delete this statement, write DROP CONSTRAINT IF EXISTS, or the name that the constraint has now."
