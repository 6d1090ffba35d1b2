"""What turns one state of a table's constraints into another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog import definitions as sql
from raincheck.catalog.migrate.columns import renamed_column
from raincheck.catalog.schema import Check, Constraint, ForeignKey, Index, Key, NotNull, Schema, Table
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator


def drops(now: Table, then: Table, schema: Schema) -> Iterator[str]:
    """Constraints that are new, or are otherwise than then. `schema` is the one of now."""
    alter = sql.altered(now)
    renamed = _renamed_constraints(now, then)
    same = _as_now(then, now)
    gone = [each for each in _own(now, schema) if each.name not in renamed and each not in same]
    for constraint in sorted(gone, key=lambda each: not isinstance(each, ForeignKey)):
        if not _only_validated(constraint, then.constraint(constraint.name)):
            yield f"{alter} DROP CONSTRAINT {always_quoted(constraint.name)}"


def additions(now: Table, then: Table, schema: Schema) -> Iterator[str]:
    """Constraints that come back, foreign keys apart. `schema` is that of then."""
    renamed = _renamed_constraints(now, then)
    for old, new in renamed.items():
        yield f"{sql.altered(then)} RENAME CONSTRAINT {always_quoted(old)} TO {always_quoted(new)}"
    known = _as_then(now, then)
    for constraint in _own(then, schema):
        there = constraint in known or constraint.name in renamed.values()
        if (
            isinstance(constraint, ForeignKey)
            or there
            or _only_validated(now.constraint(constraint.name), constraint)
        ):
            continue
        yield f"{sql.altered(then)} ADD {sql.constraint_sql(constraint, _behind(then, constraint, schema))}"


def foreign_keys(now: Table | None, then: Table) -> Iterator[str]:
    """Foreign keys that come back."""
    known = now.constraints if now is not None else ()
    renamed = _renamed_constraints(now, then).values() if now is not None else ()
    for key in then.foreign_keys:
        back = now is not None and _only_validated(now.constraint(key.name), key)
        if key.parent is None and key not in known and key.name not in renamed and not back:
            yield f"{sql.altered(then)} ADD {sql.constraint_sql(key)}"


def own_constraints(table: Table, schema: Schema) -> list[Constraint]:
    """The constraints of a table that is made anew: neither foreign keys, nor what a parent gives."""
    return [each for each in _own(table, schema) if not isinstance(each, ForeignKey)]


def _own(table: Table, schema: Schema) -> list[Constraint]:
    """The constraints that it has not from a parent, which gives and takes them."""
    return [each for each in table.constraints if not _from_parent(table, each, schema)]


def _from_parent(table: Table, constraint: Constraint, schema: Schema) -> bool:
    match constraint:
        case ForeignKey():
            return constraint.parent is not None
        case Check():
            return not constraint.local
        case NotNull():
            return False
    index = _behind(table, constraint, schema)
    return index is not None and index.parent is not None


def _behind(table: Table, constraint: Constraint, schema: Schema) -> Index | None:
    found = schema.indexes(table)
    return next((index for index in found if index.constraint == constraint.name), None)


def _as_now(then: Table, now: Table) -> list[Constraint]:
    """The constraints of then, over the columns as they are called now."""
    return _with_column(then.constraints, renamed_column(now, then), back=True)


def _as_then(now: Table, then: Table) -> list[Constraint]:
    return _with_column(now.constraints, renamed_column(now, then), back=False)


def _with_column(
    constraints: tuple[Constraint, ...], pair: tuple[str, str] | None, *, back: bool
) -> list[Constraint]:
    """A rename of a column changes what keys and foreign keys say, and nothing has to be done for it."""
    if pair is None:
        return list(constraints)
    old, new = (pair[1], pair[0]) if back else pair

    def called(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if name == old else name for name in names)

    found: list[Constraint] = []
    for each in constraints:
        if isinstance(each, Key):
            found.append(replace(each, columns=called(each.columns), include=called(each.include)))
        elif isinstance(each, ForeignKey):
            found.append(replace(each, columns=called(each.columns)))
        elif isinstance(each, NotNull):
            found.append(replace(each, column=called((each.column,))[0]))
        else:
            found.append(each)
    return found


def _renamed_constraints(now: Table, then: Table) -> dict[str, str]:
    """Constraints that are the same under another name: its name of now, and of then."""
    before = {replace(each, name=""): each.name for each in _as_now(then, now) if each not in now.constraints}
    return {
        each.name: before[replace(each, name="")]
        for each in now.constraints
        if then.constraint(each.name) is None and replace(each, name="") in before
    }


def _only_validated(now: Constraint | None, then: Constraint | None) -> bool:
    """Whether it is only proven now and was not then, which is no loss."""
    return isinstance(now, Check | ForeignKey | NotNull) and then == replace(now, validated=False)
