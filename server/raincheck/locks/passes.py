"""What the subcommands of one ALTER TABLE do to each other: one lock level for all, drops before anything else.

Source: AlterTableGetLockLevel and AlterTablePass in PostgreSQL's source code.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog.evolve import evolve
from raincheck.locks.selectors import CHECKED, CLUSTERED, FAMILY, TREE
from raincheck.locks.table import find
from raincheck.sql.actions import actions
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.locks.modes import Mode
    from raincheck.locks.row import Lock
    from raincheck.locks.situation import Situation

LEVELLED = (TREE, FAMILY, CHECKED, CLUSTERED)
"""What the subcommands go on to is locked as the table is: partitions, inheriting tables, the index of CLUSTER ON."""


def several(s: Situation) -> bool:
    return len(s.statement.get("cmds", ())) > 1


def level(lock: Lock, most: Mode | None) -> Mode:
    """The mode in which a lock of one subcommand is taken beside the others of its statement; `most` is their strongest."""
    if most is None or lock.on not in LEVELLED:
        return lock.mode
    return max(lock.mode, most, key=lambda mode: mode.rank)


def strongest(s: Situation) -> Mode | None:
    """The strongest mode that a subcommand takes on the table; None where there is only one subcommand."""
    if not several(s):
        return None
    beside = (replace(s, action=action) for action in actions({"AlterTableStmt": s.statement}))
    modes = (mode for each in beside for mode in _on_table(each))
    return max(modes, key=lambda mode: mode.rank, default=None)


def _on_table(s: Situation) -> Iterator[Mode]:
    row = find(s)
    for lock in row.locks if row is not None else ():
        if lock.since <= s.version <= lock.until and s.name in lock.on.select(s):
            yield lock.mode


def after_drops(s: Situation) -> Situation:
    """The situation of a subcommand once those of its statement that drop something are done."""
    if not several(s) or s.action.kind in _DROPS:
        return s
    schema = s.schema
    for action in actions({"AlterTableStmt": s.statement}):
        if action.kind in _DROPS:
            schema = evolve(schema, action, "")
    return replace(s, schema=schema, relation=schema.relations.get(s.name))


_DROPS = {Kind.DROP_COLUMN, Kind.DROP_CONSTRAINT}
