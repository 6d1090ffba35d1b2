"""Conditions on which rows hold, beyond those of columns, types, foreign keys and partitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Check, Domain, Exclusion, ForeignKey, Index, Key, NotNull, Table
from raincheck.locks.foreign_keys import TRIGGERED_PARENTS_SINCE, enforced
from raincheck.locks.row import Condition
from raincheck.locks.selectors import key_columns, may_hold_null, scans_for_null
from raincheck.sql.actions import strings
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from raincheck.locks.modes import Mode
    from raincheck.locks.situation import Situation
    from raincheck.sql.nodes import Node

NAMED_NOT_NULL_SINCE = 18
"""The major from which on NOT NULL is a constraint with a name, inherited as such."""

LIGHT_OPTIONS = frozenset(
    [
        "fillfactor",
        "toast_tuple_target",
        "parallel_workers",
        "vacuum_index_cleanup",
        "vacuum_truncate",
        "log_autovacuum_min_duration",
        "deduplicate_items",
        "autosummarize",
        "n_distinct",
        "n_distinct_inherited",
        "seq_page_cost",
        "random_page_cost",
        "effective_io_concurrency",
        "maintenance_io_concurrency",
        "vacuum_max_eager_freeze_failure_rate",
    ]
)
"""Storage options that are set under SHARE UPDATE EXCLUSIVE, as all that begin with `autovacuum_` are."""


def _is(s: Situation, kind: type) -> bool:
    return isinstance(s.constraint(), kind)


def _validated(s: Situation) -> bool:
    constraint = s.constraint()
    return isinstance(constraint, Check | ForeignKey | NotNull) and constraint.validated


def _exists(s: Situation) -> bool:
    return s.relation is not None


def _index_exists(s: Situation) -> bool:
    name = s.node.get("idxname", "")
    return bool(s.node.get("if_not_exists") and Name(s.name.schema, name) in s.schema.relations)


def _light(s: Situation) -> bool:
    options = s.node.get("def", {}).get("List", {}).get("items", ())
    names = [wrapped["DefElem"] for wrapped in options]
    return all(
        "defnamespace" in o or o["defname"] in LIGHT_OPTIONS or o["defname"].startswith("autovacuum_")
        for o in names
    )


def _key_may_be_null(s: Situation) -> bool:
    table = s.table
    if s.action.inline and (table is None or table.column(s.action.column) is None):
        return not _new_column_filled(s)
    if table is None:
        return True
    return any(
        may_hold_null(s.schema, t, column, s.dropped_here()) for t in s.tree() for column in key_columns(s)
    )


def _new_column_filled(s: Situation) -> bool:
    """Whether the column of an inline key is new and gets a value in every row."""
    for wrapped in s.statement.get("cmds", ()):
        match wrapped["AlterTableCmd"]:
            case {"subtype": "AT_AddColumn", "def": {"ColumnDef": {"colname": name} as new}}:
                if name == s.action.column:
                    kinds = {one["Constraint"]["contype"] for one in new.get("constraints", ())}
                    serial = strings(new["typeName"]["names"])[-1].endswith("serial")
                    return serial or bool(kinds & {"CONSTR_DEFAULT", "CONSTR_IDENTITY", "CONSTR_GENERATED"})
    return False


def _missing_part(s: Situation) -> bool:
    """Whether the policy, trigger or rule that is dropped is known not to be there."""
    table, name = s.table, s.action.column
    if table is None or not s.statement.get("missing_ok"):
        return False
    parts = {*(p.name for p in table.policies), *(t.name for t in table.triggers), *table.rules}
    return name not in parts


def _stored(s: Situation) -> bool:
    column = s.column
    return column is not None and column.generated is not None and column.generated.stored


def _same_persistence(s: Situation) -> bool:
    wanted = "permanent" if s.node["subtype"] == "AT_SetLogged" else "unlogged"
    return s.table is not None and s.table.persistence == wanted


def _trigger_cloned(s: Situation) -> bool:
    """Whether the trigger, or any where all are meant, is also one of the partitions."""
    if s.table is None:
        return False
    triggers = {trigger.name for trigger in s.table.triggers if trigger.for_each_row}
    if s.action.column:
        return s.action.column in triggers
    keyed = s.version >= TRIGGERED_PARENTS_SINCE and bool(s.table.foreign_keys or s.table.referenced_by)
    return bool(triggers) or (keyed and s.node["subtype"].endswith("All"))


def _enforces(s: Situation) -> bool | None:
    """Whether ALTER CONSTRAINT enforces; None where it is about something else."""
    change = s.node["def"]["ATAlterConstraint"]
    return bool(change.get("is_enforced")) if change.get("alterEnforceability") else None


def _same_constraint(s: Situation) -> bool:
    """Whether ALTER CONSTRAINT asks for what the foreign key is."""
    change, key = s.node["def"]["ATAlterConstraint"], s.constraint()
    if not isinstance(key, ForeignKey):
        return False
    deferring = (change.get("deferrable", False), change.get("initdeferred", False))
    deferred = not change.get("alterDeferrability") or deferring == (key.deferrable, key.initially_deferred)
    return deferred and _enforces(s) in {None, key.enforced}


def _partitioned(s: Situation) -> bool:
    table = s.schema.relations.get(s.relation.table) if isinstance(s.relation, Index) else s.relation
    return isinstance(table, Table) and table.partition_key is not None


def _added(s: Situation) -> Node:
    """The constraint of this name that the same statement adds."""
    return s.sibling_adds(s.node.get("name", "")) or {}


def _checks_domain(s: Situation) -> bool:
    match s.node:
        case {"subtype": "O"}:
            domain = s.schema.types.get(s.name)
            return not (isinstance(domain, Domain) and domain.not_null)
        case {"subtype": "V"}:
            return True
        case {"subtype": "C", "def": {"Constraint": constraint}}:
            return not constraint.get("skip_validation")
    return False


def _comment_on(*kinds: str) -> Condition:
    words = " or ".join(
        kind.removeprefix("OBJECT_").lower().replace("matview", "materialized view") for kind in kinds
    )
    return Condition(f"on a {words}", lambda s: s.statement["objtype"] in kinds)


def is_kind(words: str, *kinds: str) -> Condition:
    """REINDEX SCHEMA and its like."""
    return Condition(words, lambda s: s.statement.get("kind") in kinds)


def lock_mode(mode: Mode) -> Condition:
    """LOCK TABLE names its mode."""
    return Condition(f"IN {mode.sql} MODE", lambda s: s.statement["mode"] == mode.rank + 1)


def on(words: str, *kinds: type) -> Condition:
    return Condition(words, lambda s: isinstance(s.relation, kinds))


ALREADY_NOT_NULL = Condition(
    "the column is NOT NULL already",
    lambda s: s.column is not None and s.column.not_null and _proven_here(s) and _stops_there(s),
)
PROVEN_NOT_NULL = Condition(
    "valid checks prove it for every table: CHECK (column IS NOT NULL), alone, in an AND, in all arms of an OR",
    lambda s: (
        s.table is not None
        and not any(scans_for_null(s.schema, t, s.action.column, s.dropped_here()) for t in s.tree())
    ),
)


def _stops_there(s: Situation) -> bool:
    """Before 18 tables that inherit from one whose column is NOT NULL need not have it so; partitions do."""
    return s.version >= NAMED_NOT_NULL_SINCE or s.table is None or s.table.partition_key is not None


def _proven_here(s: Situation) -> bool:
    return s.table is not None and not may_hold_null(s.schema, s.table, s.action.column, s.dropped_here())


INDEX_EXISTS = Condition("IF NOT EXISTS, and a relation of that name is there", _index_exists)
CONCURRENTLY = Condition("CONCURRENTLY", lambda s: bool(s.node.get("concurrent") or s.option("concurrently")))
USING_INDEX = Condition("USING INDEX", lambda s: "indexname" in s.node)
KEY_MAY_BE_NULL = Condition("a column may hold NULL", _key_may_be_null)
LIGHT = Condition("only options of vacuum, fill factor, parallel workers and the like", _light)
SAME_PERSISTENCE = Condition("the table is so already", _same_persistence)
HEAP = Condition("it is heap, the default", lambda s: s.node.get("name", "heap") == "heap")
NOT_VALID = Condition(
    "NOT VALID or NOT ENFORCED", lambda s: bool(s.node.get("skip_validation")) or not enforced(s)
)
ALREADY_VALID = Condition("the constraint is valid already", _validated)
IS_CHECK = Condition("it is a CHECK", lambda s: _is(s, Check))
IS_FOREIGN_KEY = Condition("it is a foreign key", lambda s: _is(s, ForeignKey))
IS_KEY = Condition("it is a primary key, UNIQUE or exclusion", lambda s: _is(s, Key) or _is(s, Exclusion))
IS_NOT_NULL = Condition("it is a NOT NULL", lambda s: _is(s, NotNull))
MISSING_PART = Condition("IF EXISTS, and there is none", _missing_part)
STORED_COLUMN = Condition("the column is STORED", _stored)
TRIGGER_CLONED = Condition(
    "the trigger, or of ALL one, fires for each row: the partitions have it too", _trigger_cloned
)
FOR_EACH_ROW = Condition("FOR EACH ROW", lambda s: bool(s.statement.get("row")))
FULL = Condition("FULL", lambda s: s.option("full"))
EXISTS = Condition("it exists", _exists)
ON_TABLE = on("it is a table", Table)
PARTITIONED = Condition("it is partitioned", _partitioned)
ALREADY_NULLABLE = Condition(
    "the column is nullable already", lambda s: s.column is not None and not s.column.not_null
)
SAME_CONSTRAINT = Condition("the constraint is so already", _same_constraint)
ENFORCED = Condition("ENFORCED", lambda s: _enforces(s) is True)
NOT_ENFORCED = Condition("NOT ENFORCED", lambda s: _enforces(s) is False)
VALIDATES_FOREIGN_KEY = Condition(
    "it is a foreign key", lambda s: _is(s, ForeignKey) or "pktable" in _added(s)
)
VALIDATES_UNKNOWN = Condition(
    "the constraint is not known", lambda s: s.constraint() is None and not _added(s)
)
SAME_TABLESPACE = Condition("it is pg_default, the default", lambda s: s.node.get("name") == "pg_default")
INHERITING = Condition("INHERIT", lambda s: s.node["subtype"] == "AT_AddInherit")
CASCADE = Condition("CASCADE", lambda s: s.cascade)
CHECKS_DOMAIN = Condition(
    "ADD CONSTRAINT (not NOT VALID), VALIDATE CONSTRAINT or SET NOT NULL", _checks_domain
)
COMPOSITE_CHANGE = Condition(
    "ADD, DROP, ALTER or RENAME ATTRIBUTE",
    lambda s: "cmds" in s.statement or s.statement.get("renameType") == "OBJECT_ATTRIBUTE",
)
OPAQUE = Condition(
    "its body cannot be read (what can be is listed by itself)", lambda s: bool(s.node.get("opaque"))
)
OF_TYPE = Condition("it is a type or domain", lambda s: "object" in s.statement)
COPY_IN = Condition("FROM", lambda s: bool(s.statement.get("is_from")))
COMMENT_ON_RELATION = _comment_on(
    "OBJECT_TABLE", "OBJECT_COLUMN", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_INDEX", "OBJECT_SEQUENCE"
)
COMMENT_ON_PART = _comment_on("OBJECT_TABCONSTRAINT", "OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE")
