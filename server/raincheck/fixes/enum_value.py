"""Taking a value from an enum without making the type anew: the value stays, and a CHECK forbids it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Fix
from raincheck.fixes.new_migration import new_migration
from raincheck.fixes.staging import free_name, transactions
from raincheck.fixes.writing import alone_in_chunk, in_chunks, line_end, removal, replacement
from raincheck.sql.names import Name, always_quoted, literal, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step

Column = tuple[Name, str]

_ALLOWED = "-- raincheck: allow snapshot-differs because {} keeps {}, which a CHECK forbids"


def forbidden_values(
    analysis: Analysis,
    steps: Sequence[Step],
    enum: Name,
    removed: Sequence[str],
    columns: Mapping[Column, bool],
) -> Iterator[Fix]:
    """Instead of the statements of `steps`, which make `enum` anew without the `removed` values, forbid those in `columns`
    (whether they hold arrays of it).

    Somebody must know of it: drizzle-kit's snapshot goes on to say
    that the values are gone.
    """
    document = steps[0].migration.document
    apart = all(
        step.migration is steps[0].migration
        and len(step.actions) == 1
        and alone_in_chunk(document, step.statement)
        for step in steps
    )
    if not apart:
        return
    added, validated = [], []
    for column, array in columns.items():
        add, validate = _check(steps[0], enum, removed, column, array=array)
        added += [add, *_default(steps, column)]
        validated.append(validate)
    values = ", ".join(map(literal, removed))
    first, *rest = transactions(steps[0], [[each] for each in validated])
    allowed = f"{_ALLOWED.format(enum.name, values)}\n{first}"
    text = in_chunks((allowed, *rest), line_end(document.text))
    new = new_migration(analysis.project, f"{enum.name}_check_values", text)
    if new is not None:
        checked = replacement(document, steps[0].statement, added)
        edits = (checked, *(removal(document, step.statement) for step in steps[1:]))
        title = f"Keep {values} in the type, and forbid it with a CHECK"
        yield Fix(title, "manual", {steps[0].migration.path: edits, **new.edits}, new.creates)


def _check(step: Step, enum: Name, removed: Sequence[str], column: Column, *, array: bool) -> tuple[str, str]:
    """The CHECK that is not validated yet, and what validates it in a later transaction."""
    table, name = step.before.table(column[0]), always_quoted(column[1])
    label = f"{column[0].name}_{column[1]}"
    constraint = always_quoted(
        free_name(label, "allowed", lambda taken: table is not None and table.constraint(taken) is not None)
    )
    values, alter = ", ".join(map(literal, removed)), f"ALTER TABLE {quoted_name(column[0])}"
    allowed = (
        f"NOT ({name} && ARRAY[{values}]::{quoted_name(enum)}[])" if array else f"{name} NOT IN ({values})"
    )
    added = f"{alter} ADD CONSTRAINT {constraint} CHECK ({allowed}) NOT VALID;"
    return added, f"{alter} VALIDATE CONSTRAINT {constraint};"


def _default(steps: Sequence[Step], column: Column) -> Iterator[str]:
    """What gives the column the default that it has at the end, where that is another one than before."""
    tables = steps[0].before.table(column[0]), steps[-1].after.table(column[0])
    before, after = (found.column(column[1]) if found else None for found in tables)
    if before is None or after is None or before.default == after.default:
        return
    alter = f"ALTER TABLE {quoted_name(column[0])} ALTER COLUMN {always_quoted(column[1])}"
    yield f"{alter} SET DEFAULT {after.default.source};" if after.default else f"{alter} DROP DEFAULT;"
