"""What turns one state of a table into another: the statements about its parts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from raincheck.catalog import definitions as sql
from raincheck.catalog.render import type_sql
from raincheck.catalog.schema import Check, Column, ForeignKey, Index, Key, NotNull, Sequence, Table
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from raincheck.catalog.schema import Constraint, Schema

_Part = TypeVar("_Part")


def drops(now: Table, then: Table, schema: Schema) -> Iterator[str]:
    """What has to go: triggers, policies, constraints, indexes and columns that are new, or are otherwise than then.

    `schema` is the one of now.
    """
    on = f" ON {sql.relation_sql(now.name)}"
    alter = _alter(now)
    for trigger in _lost(now.triggers, then.triggers):
        yield f"DROP TRIGGER {always_quoted(trigger.name)}{on}"
    for policy in _lost(now.policies, then.policies):
        yield f"DROP POLICY {always_quoted(policy.name)}{on}"
    renamed = _renamed_constraints(now, then)
    gone = [each for each in _lost(_own(now, schema), _as_now(then, now)) if each.name not in renamed]
    for constraint in sorted(gone, key=lambda each: not isinstance(each, ForeignKey)):
        if not _only_validated(constraint, then):
            yield f"{alter} DROP CONSTRAINT {always_quoted(constraint.name)}"


def column_drops(now: Table, then: Table) -> Iterator[str]:
    """The columns that were not there then; those that a parent gave go with it."""
    kept = {column.name for column in _named_as_now(then, now)}
    for column in now.columns:
        if column.name not in kept and column.local:
            yield f"{_alter(now)} DROP COLUMN {always_quoted(column.name)}"


def column_changes(now: Table, then: Table, schema: Schema) -> Iterator[str]:
    """Renames back, columns that come back, and types, defaults and NOT NULL as they were. `schema` is that of then."""
    alter = _alter(then)
    pair = renamed_column(now, then)
    if pair is not None:
        yield f"{alter} RENAME COLUMN {always_quoted(pair[0])} TO {always_quoted(pair[1])}"
    before = {column.name: column for column in now.columns}
    if pair is not None:
        before[pair[1]] = replace(before[pair[0]], name=pair[1])
    for column in then.columns:
        known = before.get(column.name)
        if known is None and column.local:
            yield from _added(then, column, schema)
        elif known is not None and known != column:
            yield from _changed(then, known, column, schema)


def additions(now: Table, then: Table, schema: Schema) -> Iterator[str]:
    """Constraints that come back, foreign keys apart. `schema` is that of then."""
    renamed = _renamed_constraints(now, then)
    for old, new in renamed.items():
        yield f"{_alter(then)} RENAME CONSTRAINT {always_quoted(old)} TO {always_quoted(new)}"
    known = {*_as_then(now, then), *renamed.values()}
    for constraint in _own(then, schema):
        there = constraint in known or constraint.name in renamed.values()
        if isinstance(constraint, ForeignKey) or there or _only_validated_back(constraint, now):
            continue
        yield f"{_alter(then)} ADD {sql.constraint_sql(constraint, _behind(then, constraint, schema))}"


def foreign_keys(now: Table | None, then: Table) -> Iterator[str]:
    """Foreign keys that come back."""
    known = now.constraints if now is not None else ()
    renamed = _renamed_constraints(now, then).values() if now is not None else ()
    for key in then.foreign_keys:
        back = now is not None and _only_validated_back(key, now)
        if key.parent is None and key not in known and key.name not in renamed and not back:
            yield f"{_alter(then)} ADD {sql.constraint_sql(key)}"


def attached(now: Table | None, then: Table) -> Iterator[str]:
    """Row security, options, policies and triggers as they were."""
    alter = _alter(then)
    if then.row_security != (now is not None and now.row_security):
        yield f"{alter} {'ENABLE' if then.row_security else 'DISABLE'} ROW LEVEL SECURITY"
    if then.force_row_security != (now is not None and now.force_row_security):
        yield f"{alter} {'FORCE' if then.force_row_security else 'NO FORCE'} ROW LEVEL SECURITY"
    if now is not None:
        yield from _options(now, then, alter)
    for policy in _lost(then.policies, now.policies if now is not None else ()):
        yield sql.policy_sql(policy, then.name)
    for trigger in _lost(then.triggers, now.triggers if now is not None else ()):
        if trigger.definition:
            yield trigger.definition
        if not trigger.enabled:
            yield f"{alter} DISABLE TRIGGER {always_quoted(trigger.name)}"


def renamed_column(now: Table, then: Table) -> tuple[str, str] | None:
    """The one column that has another name and is the same else: its name of now, and of then."""
    if len(now.columns) != len(then.columns):
        return None
    pairs = [(a, b) for a, b in zip(now.columns, then.columns, strict=True) if a.name != b.name]
    if len(pairs) != 1 or pairs[0][0].type != pairs[0][1].type:
        return None
    return pairs[0][0].name, pairs[0][1].name


def _alter(table: Table) -> str:
    return f"ALTER TABLE {sql.relation_sql(table.name)}"


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


def _lost(these: Iterable[_Part], those: Collection[_Part]) -> list[_Part]:
    return [each for each in these if each not in those]


def _named_as_now(then: Table, now: Table) -> list[Column]:
    pair = renamed_column(now, then)
    return [
        replace(column, name=pair[0]) if pair and column.name == pair[1] else column
        for column in then.columns
    ]


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


def _only_validated(constraint: Constraint, then: Table) -> bool:
    """Whether it is only proven now and was not then, which is no loss."""
    old = then.constraint(constraint.name)
    return isinstance(constraint, Check | ForeignKey | NotNull) and old == replace(
        constraint, validated=False
    )


def _only_validated_back(constraint: Constraint, now: Table) -> bool:
    new = now.constraint(constraint.name)
    return new is not None and _only_validated(new, _holding(constraint, now))


def _holding(constraint: Constraint, table: Table) -> Table:
    return replace(table, constraints=(constraint,))


def _added(then: Table, column: Column, schema: Schema) -> Iterator[str]:
    yield from owned_sequences(then, column, schema)
    yield f"{_alter(then)} ADD COLUMN {sql.column_sql(column)}"
    yield from ownership(then, column, schema)


def owned_sequences(then: Table, column: Column, schema: Schema) -> Iterator[str]:
    """The sequences that a column owns, its identity's apart."""
    for sequence in _owned(then, column, schema):
        yield sql.sequence_sql(sequence)


def ownership(then: Table, column: Column, schema: Schema) -> Iterator[str]:
    """That a column owns its sequences."""
    yield from map(owned_by, _owned(then, column, schema))


def owned_by(sequence: Sequence) -> str:
    """Whose a sequence is, once it and its column are there."""
    owner = "NONE"
    if sequence.owned_by is not None:
        table, column = sequence.owned_by
        owner = f"{sql.relation_sql(table)}.{always_quoted(column)}"
    return f"ALTER SEQUENCE {sql.relation_sql(sequence.name)} OWNED BY {owner}"


def _owned(then: Table, column: Column, schema: Schema) -> list[Sequence]:
    return [
        each
        for each in schema.relations.values()
        if isinstance(each, Sequence) and each.owned_by == (then.name, column.name) and not each.identity
    ]


def _changed(table: Table, now: Column, then: Column, schema: Schema) -> Iterator[str]:
    at = f"{_alter(table)} ALTER COLUMN {always_quoted(then.name)}"
    if now.generated != then.generated:
        yield from _regenerated(_alter(table), at, now, then)
        return
    if now.identity is not None and then.identity is None:
        yield f"{at} DROP IDENTITY"
        yield from owned_sequences(table, then, schema)
        yield from ownership(table, then, schema)
    default, was = sql.column_default(now), sql.column_default(then)
    retyped = now.type != then.type or now.collation != then.collation
    if default and (retyped or not was):
        yield f"{at} DROP DEFAULT"
    if retyped:
        yield f"{at} SET DATA TYPE {_type(then)} USING {_converted(now, then)}"
    if was and (retyped or was != default):
        yield f"{at} SET DEFAULT {was}"
    if now.not_null != then.not_null:
        yield f"{at} {'SET' if then.not_null else 'DROP'} NOT NULL"
    if then.identity is not None and now.identity != then.identity:
        yield from _identity(at, now, then)


def _type(column: Column) -> str:
    collation = f" COLLATE {always_quoted(column.collation.name)}" if column.collation else ""
    return type_sql(column.type) + collation


def _converted(now: Column, then: Column) -> str:
    """Through text where the two types may have no cast of their own: every value can be written and read."""
    name, target = always_quoted(then.name), type_sql(then.type)
    builtin = "pg_catalog" in {now.type.name.schema} & {then.type.name.schema}
    return (
        f"{name}::{target}"
        if builtin and now.type.dimensions == then.type.dimensions
        else f"{name}::text::{target}"
    )


def _regenerated(alter: str, at: str, now: Column, then: Column) -> Iterator[str]:
    if now.generated is not None and then.generated is None:
        yield f"{at} DROP EXPRESSION"
        return
    yield f"{alter} DROP COLUMN {always_quoted(then.name)}"
    yield f"{alter} ADD COLUMN {sql.column_sql(then)}"


def _identity(at: str, now: Column, then: Column) -> Iterator[str]:
    if then.identity is None:
        return
    how = "ALWAYS" if then.identity.always else "BY DEFAULT"
    if now.identity is None:
        _, _, words = sql.column_sql(replace(then, not_null=False, collation=None)).partition(" GENERATED ")
        yield f"{at} ADD GENERATED {words}"
        return
    if now.identity.always != then.identity.always:
        yield f"{at} SET GENERATED {how}"
    options = sql.changed_options(now.identity.options, then.identity.options)
    if options:
        yield f"{at} " + " ".join(f"SET {option}" for option in options)


def _options(now: Table, then: Table, alter: str) -> Iterator[str]:
    gone = sorted(set(now.options) - set(then.options))
    if gone:
        yield f"{alter} RESET ({', '.join(gone)})"
    new = [f"{key} = {value}" for key, value in sorted(then.options.items()) if now.options.get(key) != value]
    if new:
        yield f"{alter} SET ({', '.join(new)})"
    if now.persistence != then.persistence and "temporary" not in {now.persistence, then.persistence}:
        yield f"{alter} SET {'UNLOGGED' if then.persistence == 'unlogged' else 'LOGGED'}"
