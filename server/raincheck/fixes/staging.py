"""What the staged changes of columns have in common: names that are free, and a migration that commits on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.fixes.settings import kept_lock_timeout
from raincheck.sql.names import LONGEST, Name, always_quoted, cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from raincheck.catalog.schema import Schema, Table
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


def single(action: Action) -> bool:
    """Whether the statement is an ALTER TABLE with this subcommand only, of a whole table that must be there."""
    statement = action.statement
    return (
        len(statement.get("cmds", ())) == 1
        and bool(statement["relation"].get("inh"))
        and not statement.get("missing_ok")
        and not action.node.get("missing_ok")
        and not action.guard
    )


def alone(table: Table) -> bool:
    """Whether the table is known whole and belongs to no family of partitions or of inheritance."""
    family = table.parents or table.children or table.had_children
    return table.complete and table.partition_key is None and not family


def free_name(stem: str, suffix: str, taken: Callable[[str], bool]) -> str:
    """`STEM_SUFFIX`, cut to fit, with a number behind it where that name is taken."""
    number = 1
    while True:
        end = f"_{suffix}{number if number > 1 else ''}"
        name = cut(stem, LONGEST - len(end)) + end
        if not taken(name):
            return name
        number += 1


def free_relation(schema: Schema, beside: Name, stem: str, suffix: str) -> Name:
    """The name of a relation, function or type that there is none of yet, in the schema of another relation."""

    def taken(name: str) -> bool:
        full = Name(beside.schema, name)
        return full in schema.relations or full in schema.types or full in schema.functions

    return Name(beside.schema, free_name(stem, suffix, taken))


def proven(alter: str, constraint: str, condition: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The two transactions that make a condition certain: a CHECK of new rows, instantly; then a scan that blocks nobody.

    Each can be run again.
    """
    name = always_quoted(constraint)
    added = (
        f"{alter} DROP CONSTRAINT IF EXISTS {name};",
        f"{alter} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID;",
    )
    return added, (f"{alter} VALIDATE CONSTRAINT {name};",)


def transactions(step: Step, parts: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """The chunks of a migration, a transaction for each part; the last one is Drizzle's, which ends with the run.

    Where the runner opens no transaction, each statement is one anyway.
    """
    begin = ("COMMIT;", "BEGIN;", *kept_lock_timeout(step)) if step.transaction.open else ()
    return tuple(chunk for part in parts for chunk in (*begin, *part))
