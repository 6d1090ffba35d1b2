"""How a statement changes the schema: `evolve(schema, action, text)`, one action at a time.

Total: what PostgreSQL would refuse, and what is about things that nobody created, changes nothing. What cannot be
followed leaves a reason in `Schema.opaque`.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from raincheck.catalog import (
    attached,
    clustering,
    column_names,
    columns,
    constraint_changes,
    constraints,
    indexes,
    namespaces,
    owners,
    partitions,
    removal,
    renaming,
    sequences,
    statistics,
    tables,
    usertypes,
    views,
)
from raincheck.catalog.relations import doubted
from raincheck.sql.kinds import Kind
from raincheck.sql.plpgsql import CONDITIONAL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raincheck.catalog.schema import Schema
    from raincheck.sql.actions import Action


def evolve(schema: Schema, action: Action, text: str) -> Schema:
    """The schema after one action of a statement; `text` is the statement's, to which the nodes' places belong.

    Constraints written inside a table or column come with that table's or column's own action, since
    PostgreSQL makes all of it or nothing.
    """
    change = None if action.inline else _CHANGES.get(action.kind)
    if change is None:
        return schema
    try:
        after = change(schema, action, text)
        return doubted(schema, after, action) if action.guard == CONDITIONAL else after
    except RecursionError:
        return _opaque(schema, f"{action.kind} reaches too many things that depend on one another")


def in_passes(actions: Sequence[Action]) -> Sequence[Action]:
    """A statement's actions in the order in which they change the schema: ALTER TABLE drops before it adds.

    Source: AlterTablePass in PostgreSQL's source code.
    """
    if len(actions) < 2:
        return actions
    together = groupby(actions, key=lambda action: id(action.statement))
    return [action for _, group in together for action in sorted(group, key=_turn)]


def _turn(action: Action) -> int:
    return _PASSES.get(action.kind, len(_PASSES)) if "cmds" in action.statement else 0


def _do(schema: Schema, action: Action, _: str) -> Schema:
    """A DO block; what could be read of it are actions of their own."""
    why = action.node.get("opaque")
    return _opaque(schema, f"a DO block: {why}") if why else schema


def _call(schema: Schema, _: Action, __: str) -> Schema:
    return _opaque(schema, "what a procedure does to the schema")


def _opaque(schema: Schema, why: str) -> Schema:
    return replace(schema, opaque=(*schema.opaque, why))


def _import(schema: Schema, action: Action, _: str) -> Schema:
    name = action.node["local_schema"]
    return _opaque(schema, f"IMPORT FOREIGN SCHEMA makes tables in {name} that only the other server knows")


_PASSES = {
    kind: turn
    for turn, kinds in enumerate(
        (
            (
                Kind.DROP_COLUMN,
                Kind.DROP_CONSTRAINT,
                Kind.DROP_DEFAULT,
                Kind.DROP_NOT_NULL,
                Kind.DROP_IDENTITY,
            ),
            (Kind.DROP_EXPRESSION,),
            (Kind.ALTER_COLUMN_TYPE,),
            (Kind.ADD_COLUMN,),
            (Kind.SET_EXPRESSION,),
            (Kind.ADD_CHECK,),
            (Kind.SET_NOT_NULL, Kind.ADD_NOT_NULL),
            (Kind.ADD_UNIQUE, Kind.ADD_PRIMARY_KEY, Kind.ADD_EXCLUSION),
            (Kind.ADD_FOREIGN_KEY, Kind.SET_DEFAULT, Kind.ADD_IDENTITY),
        )
    )
    for kind in kinds
}

_CHANGES: dict[Kind, Callable[[Schema, Action, str], Schema]] = {
    Kind.CREATE_TABLE: tables.create_table,
    Kind.CREATE_TABLE_AS: tables.create_table_as,
    Kind.DROP_TABLE: removal.drop_relation,
    Kind.RENAME_TABLE: renaming.rename_relation,
    Kind.SET_SCHEMA: renaming.set_schema,
    Kind.ADD_COLUMN: tables.add_column,
    Kind.DROP_COLUMN: removal.drop_column,
    Kind.RENAME_COLUMN: column_names.rename_column,
    Kind.ALTER_COLUMN_TYPE: columns.alter_type,
    Kind.SET_NOT_NULL: columns.set_not_null,
    Kind.DROP_NOT_NULL: columns.drop_not_null,
    Kind.SET_DEFAULT: columns.set_default,
    Kind.DROP_DEFAULT: columns.drop_default,
    Kind.ADD_IDENTITY: columns.add_identity,
    Kind.SET_IDENTITY: columns.set_identity,
    Kind.DROP_IDENTITY: columns.drop_identity,
    Kind.SET_EXPRESSION: columns.set_expression,
    Kind.DROP_EXPRESSION: columns.drop_expression,
    Kind.ADD_CHECK: constraints.add_constraint,
    Kind.ADD_FOREIGN_KEY: constraints.add_constraint,
    Kind.ADD_UNIQUE: constraints.add_constraint,
    Kind.ADD_PRIMARY_KEY: constraints.add_constraint,
    Kind.ADD_EXCLUSION: constraints.add_constraint,
    Kind.ADD_NOT_NULL: constraints.add_constraint,
    Kind.DROP_CONSTRAINT: constraint_changes.drop_constraint,
    Kind.VALIDATE_CONSTRAINT: constraint_changes.validate_constraint,
    Kind.ALTER_CONSTRAINT: constraint_changes.alter_constraint,
    Kind.RENAME_CONSTRAINT: constraint_changes.rename_constraint,
    Kind.CREATE_INDEX: indexes.create_index,
    Kind.DROP_INDEX: indexes.drop_index,
    Kind.RENAME_INDEX: constraint_changes.rename_index,
    Kind.ATTACH_INDEX: indexes.attach_index,
    Kind.SET_OPTIONS: tables.set_options,
    Kind.SET_LOGGED: tables.set_logged,
    Kind.SET_ROW_SECURITY: tables.set_row_security,
    Kind.INHERIT: partitions.inherit,
    Kind.ATTACH_PARTITION: partitions.attach_partition,
    Kind.DETACH_PARTITION: partitions.detach_partition,
    Kind.SET_TRIGGER_STATE: attached.set_trigger_state,
    Kind.CREATE_POLICY: attached.create_policy,
    Kind.ALTER_POLICY: attached.alter_policy,
    Kind.DROP_POLICY: attached.drop_policy,
    Kind.RENAME_POLICY: attached.rename_policy,
    Kind.CREATE_TRIGGER: attached.create_trigger,
    Kind.DROP_TRIGGER: attached.drop_trigger,
    Kind.RENAME_TRIGGER: attached.rename_trigger,
    Kind.CREATE_RULE: attached.create_rule,
    Kind.DROP_RULE: attached.drop_rule,
    Kind.CREATE_VIEW: views.create_view,
    Kind.DROP_VIEW: removal.drop_relation,
    Kind.CREATE_MATERIALIZED_VIEW: views.create_materialized_view,
    Kind.DROP_MATERIALIZED_VIEW: removal.drop_relation,
    Kind.REFRESH_MATERIALIZED_VIEW: views.refresh,
    Kind.CREATE_SEQUENCE: sequences.create_sequence,
    Kind.ALTER_SEQUENCE: sequences.alter_sequence,
    Kind.DROP_SEQUENCE: removal.drop_relation,
    Kind.CREATE_ENUM: usertypes.create_enum,
    Kind.ADD_ENUM_VALUE: usertypes.add_enum_value,
    Kind.RENAME_ENUM_VALUE: usertypes.rename_enum_value,
    Kind.CREATE_DOMAIN: usertypes.create_domain,
    Kind.ALTER_DOMAIN: usertypes.alter_domain,
    Kind.CREATE_TYPE: usertypes.create_type,
    Kind.RENAME_TYPE: renaming.rename_type,
    Kind.DROP_TYPE: removal.drop_type,
    Kind.CREATE_SCHEMA: namespaces.create_schema,
    Kind.RENAME_SCHEMA: renaming.rename_schema,
    Kind.DROP_SCHEMA: removal.drop_schema,
    Kind.CREATE_EXTENSION: namespaces.create_extension,
    Kind.DROP_EXTENSION: namespaces.drop_extension,
    Kind.CREATE_FUNCTION: namespaces.create_function,
    Kind.ALTER_FUNCTION: namespaces.alter_function,
    Kind.DROP_FUNCTION: removal.drop_function,
    Kind.CREATE_ROLE: namespaces.create_role,
    Kind.ALTER_ROLE: namespaces.alter_role,
    Kind.DROP_ROLE: namespaces.drop_role,
    Kind.CLUSTER: clustering.cluster,
    Kind.CLUSTER_ON: clustering.cluster_on,
    Kind.CHANGE_OWNER: owners.change_owner,
    Kind.REASSIGN_OWNED: owners.reassign_owned,
    Kind.DROP_OWNED: owners.drop_owned,
    Kind.CREATE_STATISTICS: statistics.create_statistics,
    Kind.ALTER_STATISTICS: statistics.alter_statistics,
    Kind.DROP_STATISTICS: statistics.drop_statistics,
    Kind.SELECT: namespaces.select,
    Kind.CALL: _call,
    Kind.SET: namespaces.set_search_path,
    Kind.DO: _do,
    Kind.CREATE_FOREIGN_TABLE: tables.create_foreign_table,
    Kind.CREATE_OBJECT: usertypes.create_cast,
    Kind.DROP_OBJECT: usertypes.drop_cast,
    Kind.IMPORT_FOREIGN_SCHEMA: _import,
    Kind.RENAME_RULE: attached.rename_rule,
}
