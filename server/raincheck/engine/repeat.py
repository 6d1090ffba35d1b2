"""What fails when a statement is run once more on a schema that has what it made already, or lacks what it took.

Certain where it speaks: it compares what the statement found the first time with what it would find now. The words
are PostgreSQL's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.relations import created_name
from raincheck.catalog.schema import Enum
from raincheck.locks.effects import Failure
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.schema import Policy, Schema, Trigger
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_RELATIONS = {
    Kind.CREATE_TABLE,
    Kind.CREATE_TABLE_AS,
    Kind.CREATE_VIEW,
    Kind.CREATE_MATERIALIZED_VIEW,
    Kind.CREATE_SEQUENCE,
}
_TYPES = {Kind.CREATE_ENUM, Kind.CREATE_DOMAIN, Kind.CREATE_TYPE}
_CONSTRAINTS = {Kind.ADD_CHECK, Kind.ADD_FOREIGN_KEY, Kind.ADD_EXCLUSION, Kind.ADD_NOT_NULL}
_KEYS = {Kind.ADD_UNIQUE, Kind.ADD_PRIMARY_KEY}
_DROPPED = {
    Kind.DROP_TABLE: ("42P01", "table"),
    Kind.DROP_VIEW: ("42P01", "view"),
    Kind.DROP_MATERIALIZED_VIEW: ("42P01", "materialized view"),
    Kind.DROP_SEQUENCE: ("42P01", "sequence"),
    Kind.DROP_INDEX: ("42704", "index"),
}
_RENAMED = {Kind.RENAME_TABLE, Kind.RENAME_INDEX}
_INDULGENT = ("if_not_exists", "missing_ok", "replace", "skipIfNewValExists")
"""The fields of nodes that say IF NOT EXISTS, IF EXISTS and OR REPLACE."""


def repeated(step: Step, schema: Schema) -> Failure | None:
    """How a step that went well once fails on another schema; None where nothing says that it does."""
    return next((failure for action in step.actions for failure in _fails(action, step.before, schema)), None)


def indulgent(step: Step) -> bool:
    """Whether all of a statement says what to do where its work is there already: IF NOT EXISTS, or drizzle-kit's DO."""
    own = (action for action in step.actions if not action.inline and action.kind is not Kind.DO)
    return all(map(_tolerant, own))


def _tolerant(action: Action) -> bool:
    said = any(action.node.get(field) or action.statement.get(field) for field in _INDULGENT)
    return said or bool(action.guard)


def _fails(action: Action, first: Schema, now: Schema) -> Iterator[Failure]:
    if _tolerant(action) or action.inline or action.relation is None:
        return
    yield from _created(action, action.relation, now)
    yield from _attached(action, action.relation, first, now)
    yield from _taken(action, action.relation, first, now)


def _created(action: Action, name: Name, now: Schema) -> Iterator[Failure]:
    """Relations, types and schemas that are there."""
    kind = action.kind
    if kind in _RELATIONS and created_name(now, name) in now.relations:
        yield Failure("42P07", f'relation "{name.name}" already exists')
    elif kind is Kind.CREATE_INDEX and "idxname" in action.node:
        index = Name(now.resolve(name).schema, action.node["idxname"])
        if index in now.relations:
            yield Failure("42P07", f'relation "{index.name}" already exists')
    elif kind in _TYPES and created_name(now, name) in now.types:
        yield Failure("42710", f'type "{name.name}" already exists')
    elif kind is Kind.CREATE_SCHEMA and name.name in now.schemas:
        yield Failure("42P06", f'schema "{name.name}" already exists')
    elif kind is Kind.ADD_ENUM_VALUE and isinstance(found := now.type(name), Enum):
        value = action.node.get("newVal", "")
        if value in found.values:
            yield Failure("42710", f'enum label "{value}" already exists')


def _attached(action: Action, name: Name, first: Schema, now: Schema) -> Iterator[Failure]:
    """Columns, constraints, policies and triggers that the table has."""
    table, before = now.table(name), first.table(name)
    if table is None or before is None:
        return
    kind, own = action.kind, action.node.get("conname", "")
    if kind is Kind.ADD_COLUMN and table.column(action.column):
        yield Failure("42701", f'column "{action.column}" of relation "{table.name.name}" already exists')
    elif kind is Kind.ADD_PRIMARY_KEY and table.primary_key and not before.primary_key:
        yield Failure("42P16", f'multiple primary keys for table "{table.name.name}" are not allowed')
    elif kind in _KEYS and own and table.constraint(own):
        yield Failure("42P07", f'relation "{own}" already exists')
    elif kind in _CONSTRAINTS and own and table.constraint(own):
        yield Failure("42710", f'constraint "{own}" for relation "{table.name.name}" already exists')
    elif kind is Kind.CREATE_POLICY and _named(table.policies, action.node.get("policy_name")):
        words = f'policy "{action.node["policy_name"]}" for table "{table.name.name}" already exists'
        yield Failure("42710", words)
    elif kind is Kind.CREATE_TRIGGER and _named(table.triggers, action.node.get("trigname")):
        words = f'trigger "{action.node["trigname"]}" for relation "{table.name.name}" already exists'
        yield Failure("42710", words)


def _taken(action: Action, name: Name, first: Schema, now: Schema) -> Iterator[Failure]:
    """What was dropped or renamed, and is not there any more."""
    kind = action.kind
    if first.relation(name) is not None and now.relation(name) is None:
        if kind in _DROPPED:
            sqlstate, word = _DROPPED[kind]
            yield Failure(sqlstate, f'{word} "{name.name}" does not exist')
        elif kind in _RENAMED:
            yield Failure("42P01", f'relation "{name.name}" does not exist')
        return
    table, before = now.table(name), first.table(name)
    if table is None or before is None:
        return
    if kind is Kind.DROP_COLUMN and before.column(action.column) and not table.column(action.column):
        yield Failure("42703", f'column "{action.column}" of relation "{table.name.name}" does not exist')
    elif kind is Kind.RENAME_COLUMN and before.column(action.column) and not table.column(action.column):
        yield Failure("42703", f'column "{action.column}" does not exist')
    elif (
        kind is Kind.DROP_CONSTRAINT
        and before.constraint(action.column)
        and not table.constraint(action.column)
    ):
        words = f'constraint "{action.column}" of relation "{table.name.name}" does not exist'
        yield Failure("42704", words)


def _named(parts: Iterable[Policy | Trigger], name: str | None) -> bool:
    return any(part.name == name for part in parts)
