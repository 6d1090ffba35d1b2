"""What the catalogs of a server say of the user's relations, and what a schema says, in the same short lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import (
    Check,
    Domain,
    Exclusion,
    ForeignKey,
    Index,
    Key,
    NotNull,
    Sequence,
    Table,
    View,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from raincheck.catalog.schema import Constraint, Relation, Schema

CATALOG = """
WITH own AS (
    SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relkind, c.relispartition
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relkind IN ('r', 'p', 'i', 'I', 'v', 'm', 'S')
)
SELECT CASE relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned' WHEN 'S' THEN 'sequence'
    WHEN 'v' THEN 'view' WHEN 'm' THEN 'matview' ELSE 'index' END || ' ' || name FROM own
UNION ALL
SELECT 'column ' || name || '.' || attname || CASE WHEN attnotnull THEN ' not null' ELSE '' END
    || CASE WHEN attgenerated <> '' THEN ' generated' WHEN atthasdef THEN ' default' ELSE '' END
    || CASE WHEN attidentity <> '' AND NOT relispartition THEN ' identity' ELSE '' END
FROM own JOIN pg_attribute ON attrelid = own.oid AND attnum > 0 AND NOT attisdropped WHERE relkind IN ('r', 'p')
UNION ALL
SELECT 'constraint ' || own.name || '.' || conname || ' ' || contype::text
    || CASE WHEN convalidated THEN '' ELSE ' not valid' END || coalesce(' -> ' || target.name, '')
FROM own JOIN pg_constraint c ON conrelid = own.oid AND contype IN ('p', 'u', 'f', 'c', 'x')
LEFT JOIN own target ON confrelid = target.oid
WHERE contype <> 'f' OR conparentid = 0 OR confrelid = (SELECT confrelid FROM pg_constraint p WHERE p.oid = c.conparentid)
UNION ALL
SELECT 'index ' || own.name || ' on ' || home.name || CASE WHEN indisunique THEN ' unique' ELSE '' END
    || CASE WHEN indisvalid THEN '' ELSE ' invalid' END || coalesce(' of ' || parent.name, '')
FROM own JOIN pg_index i ON i.indexrelid = own.oid JOIN own home ON home.oid = indrelid
LEFT JOIN pg_inherits h ON h.inhrelid = own.oid LEFT JOIN own parent ON parent.oid = h.inhparent
UNION ALL
SELECT CASE WHEN own.relispartition THEN 'partition ' ELSE 'child ' END || own.name || ' of ' || parent.name
FROM own JOIN pg_inherits ON inhrelid = own.oid JOIN own parent ON parent.oid = inhparent WHERE own.relkind IN ('r', 'p')
UNION ALL
SELECT 'sequence ' || own.name || ' of ' || home.name || '.' || attname
FROM own JOIN pg_depend ON classid = 'pg_class'::regclass AND objid = own.oid AND refclassid = classid AND deptype IN ('a', 'i')
JOIN own home ON home.oid = refobjid JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
WHERE own.relkind = 'S'
UNION ALL
SELECT 'trigger ' || name || '.' || tgname || CASE WHEN tgenabled = 'D' THEN ' disabled' ELSE '' END
FROM own JOIN pg_trigger ON tgrelid = own.oid WHERE NOT tgisinternal OR tgconstraint = 0
"""


def recorded(connection: psycopg.Connection, schema: Schema) -> set[str]:
    """What the catalogs say; not the columns of tables of which the schema does not know them all.

    Identity is left out for partitions: since 17 they have their parent's, which a schema of no version always says.
    """
    unknown = [
        f"column {table.name}."
        for table in schema.relations.values()
        if isinstance(table, Table) and not table.complete
    ]
    return {line for (line,) in connection.execute(CATALOG) if not line.startswith(tuple(unknown))}


def believed(schema: Schema) -> set[str]:
    return {line for relation in schema.relations.values() for line in _lines(schema, relation)}


def _lines(schema: Schema, relation: Relation) -> Iterator[str]:
    name = str(relation.name)
    match relation:
        case Table():
            yield f"{'table' if relation.partition_key is None else 'partitioned'} {name}"
            yield from _of_table(schema, relation)
        case Index():
            yield f"index {name}"
            unique, invalid = " unique" * relation.unique, " invalid" * (not relation.valid)
            yield f"index {name} on {relation.table}{unique}{invalid}" + (
                f" of {relation.parent}" if relation.parent else ""
            )
        case View():
            yield f"{'matview' if relation.materialized else 'view'} {name}"
        case Sequence():
            yield f"sequence {name}"
            if relation.owned_by:
                yield f"sequence {name} of {relation.owned_by[0]}.{relation.owned_by[1]}"


def _of_table(schema: Schema, table: Table) -> Iterator[str]:
    unproven = {each.column for each in table.constraints if isinstance(each, NotNull)}
    for column in table.columns if table.complete else ():
        null = column.default is not None and column.default.source.upper() == "NULL" and not column.type.mods
        null = null and not isinstance(schema.types.get(column.type.name), Domain)
        defaulted = column.default is not None and not null
        filled = " generated" if column.generated else " default" if defaulted else ""
        identity = column.identity is not None and table.partition_bound is None
        required = column.not_null or column.name in unproven
        yield f"column {table.name}.{column.name}{' not null' * required}{filled}{' identity' * identity}"
    for constraint in table.constraints:
        if not (line := _constraint(constraint)):
            continue
        yield f"constraint {table.name}.{constraint.name} {line}"
    for parent in table.parents:
        yield f"{'child' if table.partition_bound is None else 'partition'} {table.name} of {parent}"
    for trigger in table.triggers:
        yield f"trigger {table.name}.{trigger.name}{' disabled' * (not trigger.enabled)}"


def _constraint(constraint: Constraint) -> str:
    match constraint:
        case Key():
            return "p" if constraint.primary else "u"
        case Check(validated=validated):
            return "c" + " not valid" * (not validated)
        case ForeignKey(validated=validated):
            return "f" + " not valid" * (not validated) + f" -> {constraint.table}"
        case Exclusion():
            return "x"
    return ""
