"""What PostgreSQL refuses, told before it runs: a pure function of a statement's actions and the schema before them.

Only what is certain of the schema counts: behind SQL that cannot be followed nothing is said, nor of names that a
search path or a condition decides about. The words and codes are PostgreSQL's own, observed on 12 to 18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.evolve import evolve, in_passes
from raincheck.catalog.refusals import (
    columns,
    constraints,
    extensions,
    partitioning,
    relations,
    retyping,
    types,
)
from raincheck.catalog.refusals.refusal import Case, Refusal, When
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from raincheck.catalog.schema import Schema
    from raincheck.sql.actions import Action

    Check = Callable[[Case], Iterator[Refusal]]

__all__ = ["Refusal", "When", "refused"]


def refused(
    actions: Sequence[Action], schema: Schema, text: str, version: int
) -> tuple[Action, Refusal] | None:
    """The first action of a statement that PostgreSQL refuses, and how; `text` is the statement's."""
    if schema.opaque:
        return None
    own = [action for action in actions if not action.inline] if len(actions) > 1 else actions
    for action in in_passes(own):
        found = _first(Case(action, schema, version))
        if found is not None:
            return action, found
        if len(own) > 1:
            schema = evolve(schema, action, text)
    return None


def _first(case: Case) -> Refusal | None:
    """What can be caught is no failure: a block with an EXCEPTION part may go on."""
    if case.action.guard:
        return None
    for check in _CHECKS.get(case.action.kind, ()):
        for found in check(case):
            return found
    return None


def _table_created(case: Case) -> Iterator[Refusal]:
    yield from relations.table_created(case)
    if not relations.already(case):
        yield from columns.of_new_table(case)
        yield from constraints.of_new_table(case)
        yield from partitioning.of_new_table(case)


_COLUMN: tuple[Check, ...] = (relations.used, columns.altered)
_ADDED: tuple[Check, ...] = (relations.used, constraints.added)
_KEY: tuple[Check, ...] = (*_ADDED, partitioning.of_added_key)
_CONSTRAINT: tuple[Check, ...] = (relations.used, constraints.dropped)
_POLICY: tuple[Check, ...] = (relations.policy_used,)
_USED: tuple[Check, ...] = (relations.used,)
_NEW: tuple[Check, ...] = (relations.table_created,)
_DROPPED: tuple[Check, ...] = (relations.dropped,)
_NEW_TYPE: tuple[Check, ...] = (types.created,)
_TYPE: tuple[Check, ...] = (types.changed,)

_CHECKS: dict[Kind, tuple[Check, ...]] = {
    Kind.CREATE_TABLE: (_table_created,),
    Kind.CREATE_TABLE_AS: _NEW,
    Kind.CREATE_MATERIALIZED_VIEW: _NEW,
    Kind.CREATE_SEQUENCE: _NEW,
    Kind.CREATE_VIEW: (relations.view_created,),
    Kind.CREATE_INDEX: (
        relations.index_created,
        columns.of_index,
        extensions.of_index,
        partitioning.of_index,
    ),
    Kind.DROP_TABLE: _DROPPED,
    Kind.DROP_VIEW: _DROPPED,
    Kind.DROP_MATERIALIZED_VIEW: _DROPPED,
    Kind.DROP_SEQUENCE: _DROPPED,
    Kind.DROP_INDEX: _DROPPED,
    Kind.RENAME_TABLE: (relations.renamed,),
    Kind.RENAME_INDEX: (relations.renamed,),
    Kind.SET_SCHEMA: (relations.moved,),
    Kind.ADD_COLUMN: (relations.used, columns.added, constraints.of_new_column, partitioning.of_new_column),
    Kind.DROP_COLUMN: _COLUMN,
    Kind.RENAME_COLUMN: (relations.used, columns.renamed),
    Kind.ALTER_COLUMN_TYPE: (*_COLUMN, retyping.changed),
    Kind.SET_NOT_NULL: _COLUMN,
    Kind.DROP_NOT_NULL: _COLUMN,
    Kind.SET_DEFAULT: _COLUMN,
    Kind.DROP_DEFAULT: _COLUMN,
    Kind.ADD_IDENTITY: (*_COLUMN, columns.identity_added),
    Kind.SET_IDENTITY: _COLUMN,
    Kind.DROP_IDENTITY: _COLUMN,
    Kind.SET_STATISTICS: _USED,
    Kind.ADD_CHECK: _ADDED,
    Kind.ADD_FOREIGN_KEY: _ADDED,
    Kind.ADD_UNIQUE: _KEY,
    Kind.ADD_PRIMARY_KEY: _KEY,
    Kind.ADD_EXCLUSION: _USED,
    Kind.DROP_CONSTRAINT: _CONSTRAINT,
    Kind.VALIDATE_CONSTRAINT: _CONSTRAINT,
    Kind.ALTER_CONSTRAINT: _CONSTRAINT,
    Kind.RENAME_CONSTRAINT: (relations.used, constraints.renamed),
    Kind.SET_ROW_SECURITY: _USED,
    Kind.CREATE_POLICY: (relations.policy_created,),
    Kind.ALTER_POLICY: _POLICY,
    Kind.RENAME_POLICY: _POLICY,
    Kind.DROP_POLICY: _POLICY,
    Kind.CREATE_TRIGGER: _USED,
    Kind.ALTER_SEQUENCE: _USED,
    Kind.REFRESH_MATERIALIZED_VIEW: _USED,
    Kind.TRUNCATE: _USED,
    Kind.LOCK_TABLE: _USED,
    Kind.INSERT: (relations.used, columns.of_insert),
    Kind.UPDATE: (relations.used, columns.of_update),
    Kind.DELETE: _USED,
    Kind.CREATE_ENUM: _NEW_TYPE,
    Kind.CREATE_TYPE: _NEW_TYPE,
    Kind.CREATE_DOMAIN: _NEW_TYPE,
    Kind.ALTER_DOMAIN: _TYPE,
    Kind.DROP_TYPE: _TYPE,
    Kind.RENAME_TYPE: (types.renamed,),
    Kind.ADD_ENUM_VALUE: (types.value_added,),
    Kind.RENAME_ENUM_VALUE: (types.value_renamed,),
    Kind.CREATE_SCHEMA: (relations.schema_created,),
    Kind.RENAME_SCHEMA: (relations.schema_used,),
    Kind.DROP_SCHEMA: (relations.schema_used,),
}
