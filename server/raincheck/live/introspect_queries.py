"""What introspection asks of pg_catalog: a query a kind of thing, for all of them at once, and what a row holds.

Everyone may read these catalogs. What belongs to an extension, to the system or to a session is left out. The queries
work on PostgreSQL 12 to 18. Source: https://www.postgresql.org/docs/current/catalogs.html
"""

from __future__ import annotations

from typing import NamedTuple

PRINTING = """
    SELECT set_config(name, value, true) FROM (VALUES ('search_path', ''), ('quote_all_identifiers', 'off'),
        ('standard_conforming_strings', 'on'), ('DateStyle', 'ISO, YMD'), ('IntervalStyle', 'postgres'),
        ('TimeZone', 'UTC'), ('bytea_output', 'hex'), ('extra_float_digits', '1')) AS settings (name, value)
"""
"""What decides how the server prints definitions; with an empty search_path it writes the schema of every name."""


class RelationRow(NamedTuple):
    oid: int
    schema: str
    name: str
    kind: str
    persistence: str
    row_security: bool
    force_row_security: bool
    options: list[str] | None
    had_children: bool
    populated: bool
    partition_key: str | None
    bound: str | None
    query: str | None


class ColumnRow(NamedTuple):
    relation: int
    number: int
    name: str
    type: str
    not_null: bool
    default: str | None
    generated: str
    identity: str
    collation_schema: str | None
    collation: str | None
    local: bool


class ConstraintRow(NamedTuple):
    oid: int
    relation: int
    domain: int
    name: str
    kind: str
    columns: list[int] | None
    target: int
    references: list[int] | None
    on_delete: str
    on_update: str
    validated: bool
    enforced: bool
    deferrable: bool
    initially_deferred: bool
    no_inherit: bool
    local: bool
    expression: str | None
    index_oid: int
    parent: int


class IndexRow(NamedTuple):
    oid: int
    relation: int
    definition: str
    valid: bool


class ParentRow(NamedTuple):
    child: int
    parent: int


class SequenceRow(NamedTuple):
    oid: int
    type: str
    start: int
    increment: int
    minimum: int
    maximum: int
    cache: int
    cycle: bool
    table: int | None
    column: int | None
    identity: bool


class TypeRow(NamedTuple):
    oid: int
    schema: str
    name: str
    kind: str
    base: str | None
    not_null: bool
    default: str | None
    values: list[str]
    collation_schema: str | None
    collation: str | None


class PolicyRow(NamedTuple):
    relation: int
    name: str
    permissive: bool
    command: str
    roles: list[str]
    using: str | None
    check: str | None


class TriggerRow(NamedTuple):
    relation: int
    name: str
    function_schema: str
    function: str
    bits: int
    enabled: bool
    constraint: bool
    columns: list[str]


class RuleRow(NamedTuple):
    relation: int
    name: str


class FunctionRow(NamedTuple):
    schema: str
    name: str
    definition: str


class NameRow(NamedTuple):
    kind: str
    name: str


_HERE = """n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND (%(schemas)s::text[] IS NULL OR n.nspname = ANY (%(schemas)s))"""


def _own(catalog: str, oid: str) -> str:
    """That a thing belongs to no extension."""
    of_extension = f"classid = '{catalog}'::regclass AND objid = {oid} AND objsubid = 0 AND deptype = 'e'"
    return f"NOT EXISTS (SELECT FROM pg_depend WHERE {of_extension})"


_RELATIONS = f"""
    WITH own AS (
        SELECT c.*, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {_HERE} AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'i', 'I', 'S') AND c.relpersistence <> 't'
            AND {_own("pg_class", "c.oid")}
    )
"""

RELATIONS = f"""{_RELATIONS}
    SELECT oid, nspname AS schema, relname AS name, relkind::text AS kind, relpersistence::text AS persistence,
        relrowsecurity AS row_security, relforcerowsecurity AS force_row_security, reloptions AS options,
        relhassubclass AS had_children, relispopulated AS populated,
        CASE WHEN relkind = 'p' THEN pg_get_partkeydef(oid) END AS partition_key,
        pg_get_expr(relpartbound, oid) AS bound, CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END AS query
    FROM own
"""

COLUMNS = f"""{_RELATIONS}
    SELECT attrelid AS relation, attnum::int AS number, attname AS name, format_type(atttypid, atttypmod) AS type,
        attnotnull AS not_null, pg_get_expr(adbin, adrelid) AS default, attgenerated::text AS generated,
        attidentity::text AS identity, s.nspname AS collation_schema, collname AS collation, attislocal AS local
    FROM own JOIN pg_attribute ON attrelid = own.oid AND attnum > 0 AND NOT attisdropped
    JOIN pg_type t ON t.oid = atttypid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    LEFT JOIN pg_collation l ON l.oid = attcollation AND attcollation <> typcollation
    LEFT JOIN pg_namespace s ON s.oid = l.collnamespace
    WHERE relkind IN ('r', 'p', 'f', 'v', 'm') ORDER BY attrelid, attnum
"""

CONSTRAINTS = f"""{_RELATIONS}
    SELECT c.oid, conrelid AS relation, contypid AS domain, conname AS name, contype::text AS kind,
        conkey::int[] AS columns, confrelid AS target, confkey::int[] AS references,
        confdeltype::text AS on_delete, confupdtype::text AS on_update, convalidated AS validated,
        conenforced AS enforced, condeferrable AS deferrable, condeferred AS initially_deferred,
        connoinherit AS no_inherit, conislocal AS local, pg_get_expr(conbin, conrelid) AS expression,
        conindid AS index_oid, conparentid AS parent
    FROM pg_constraint c LEFT JOIN own ON conrelid = own.oid
    WHERE contype IN ('p', 'u', 'f', 'c', 'x', 'n') AND (own.oid IS NOT NULL OR contypid <> 0) ORDER BY c.oid
"""
"""Constraints are enforced before 18, where `conenforced` came."""

INDEXES = f"""{_RELATIONS}
    SELECT oid, indrelid AS relation, pg_get_indexdef(oid) AS definition, indisvalid AS valid
    FROM own JOIN pg_index ON indexrelid = oid ORDER BY oid
"""

PARENTS = f"""{_RELATIONS}
    SELECT inhrelid AS child, inhparent AS parent FROM own JOIN pg_inherits ON inhrelid = oid ORDER BY inhrelid, inhseqno
"""

SEQUENCES = f"""{_RELATIONS}
    SELECT oid, format_type(seqtypid, NULL) AS type, seqstart AS start, seqincrement AS increment,
        seqmin AS minimum, seqmax AS maximum, seqcache AS cache, seqcycle AS cycle,
        refobjid AS table, refobjsubid AS column, coalesce(deptype = 'i', false) AS identity
    FROM own JOIN pg_sequence ON seqrelid = oid
    LEFT JOIN pg_depend ON classid = 'pg_class'::regclass AND objid = oid AND objsubid = 0
        AND refclassid = 'pg_class'::regclass AND refobjsubid > 0 AND deptype IN ('a', 'i')
"""

TYPES = f"""
    SELECT t.oid, n.nspname AS schema, t.typname AS name, t.typtype::text AS kind,
        CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END AS base, t.typnotnull AS not_null,
        pg_get_expr(t.typdefaultbin, 0) AS default,
        ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder) AS values,
        s.nspname AS collation_schema, collname AS collation
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    LEFT JOIN pg_class c ON c.oid = t.typrelid
    LEFT JOIN pg_type b ON b.oid = t.typbasetype AND t.typtype = 'd'
    LEFT JOIN pg_collation l ON l.oid = t.typcollation AND t.typcollation <> b.typcollation
    LEFT JOIN pg_namespace s ON s.oid = l.collnamespace
    WHERE {_HERE} AND {_own("pg_type", "t.oid")}
        AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c'
            OR (t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type WHERE typarray = t.oid)))
"""

POLICIES = f"""{_RELATIONS}
    SELECT polrelid AS relation, polname AS name, polpermissive AS permissive, polcmd::text AS command,
        ARRAY(SELECT coalesce(rolname::text, 'public') FROM unnest(polroles) WITH ORDINALITY AS r (role, place)
            LEFT JOIN pg_roles ON pg_roles.oid = role ORDER BY place) AS roles,
        pg_get_expr(polqual, polrelid) AS using, pg_get_expr(polwithcheck, polrelid) AS check
    FROM own JOIN pg_policy p ON polrelid = own.oid ORDER BY p.oid
"""

TRIGGERS = f"""{_RELATIONS}
    SELECT tgrelid AS relation, tgname AS name, n.nspname AS function_schema, proname AS function,
        tgtype::int AS bits, tgenabled <> 'D' AS enabled, tgconstraint <> 0 AS constraint,
        ARRAY(SELECT attname::text FROM unnest(tgattr::int[]) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute ON attrelid = tgrelid AND attnum = number ORDER BY place) AS columns
    FROM own JOIN pg_trigger t ON tgrelid = own.oid JOIN pg_proc p ON p.oid = tgfoid
    JOIN pg_namespace n ON n.oid = pronamespace
    WHERE NOT tgisinternal OR (tgconstraint = 0 AND own.relispartition) ORDER BY t.oid
"""
"""Up to PostgreSQL 12 a partition's copy of its parent's trigger counts as internal."""

RULES = f"""{_RELATIONS}
    SELECT ev_class AS relation, rulename AS name FROM own JOIN pg_rewrite r ON ev_class = own.oid
    WHERE rulename <> '_RETURN' ORDER BY r.oid
"""

FUNCTIONS = f"""
    SELECT n.nspname AS schema, proname AS name, pg_get_functiondef(p.oid) AS definition
    FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
    WHERE {_HERE} AND prokind IN ('f', 'p') AND {_own("pg_proc", "p.oid")} ORDER BY p.oid
"""

NAMES = f"""
    SELECT 'schema' AS kind, nspname AS name FROM pg_namespace n WHERE {_HERE} AND {_own("pg_namespace", "n.oid")}
    UNION ALL SELECT 'extension', extname FROM pg_extension
    UNION ALL SELECT 'role', rolname FROM pg_roles WHERE rolname !~ '^pg_'
"""
