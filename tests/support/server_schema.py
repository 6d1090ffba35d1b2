"""What a database holds, in PostgreSQL's own words: every object but Drizzle's and the extensions', and the rows.

It asks the server's catalogs and its pg_get_...def functions, and nothing of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg

if TYPE_CHECKING:
    from collections.abc import Sequence

_MINE = """\
    SELECT oid, nspname, nspacl FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'drizzle')
"""
_QUERIES = {
    "schema": "SELECT nspname, '', nspacl::text FROM mine",
    "extension": "SELECT extname, '', extversion FROM pg_extension",
    "relation": """
        SELECT c.oid::regclass::text, '', concat_ws(' ', relkind, relpersistence, relrowsecurity, relforcerowsecurity,
            reloptions, relacl, relreplident, amname, pg_get_expr(relpartbound, c.oid), pg_get_partkeydef(c.oid),
            CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, obj_description(c.oid, 'pg_class'))
        FROM pg_class c JOIN mine ON mine.oid = relnamespace LEFT JOIN pg_am ON pg_am.oid = relam
        WHERE relkind NOT IN ('i', 'I', 'c')""",
    "column": """
        SELECT attrelid::regclass::text, attname, concat_ws(' ', format_type(atttypid, atttypmod),
            CASE WHEN attnotnull THEN 'NOT NULL' END, 'DEFAULT ' || pg_get_expr(adbin, adrelid), attidentity,
            attgenerated, collname, attstorage, attislocal, attinhcount, attacl, col_description(attrelid, attnum))
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN mine ON mine.oid = relnamespace
        LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum)
        LEFT JOIN pg_collation ON pg_collation.oid = attcollation
        WHERE attnum > 0 AND NOT attisdropped AND relkind NOT IN ('i', 'I', 'S')""",
    "constraint": """
        SELECT coalesce(nullif(conrelid, 0)::regclass::text, contypid::regtype::text), conname,
            concat_ws(' ', pg_get_constraintdef(pg_constraint.oid), convalidated, conislocal, coninhcount,
                condeferrable, condeferred)
        FROM pg_constraint JOIN mine ON mine.oid = connamespace WHERE contype <> 't'""",
    "index": """
        SELECT indexrelid::regclass::text, '', concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid, indisready,
            indisprimary, indisclustered, indisreplident, inhparent::regclass)
        FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN mine ON mine.oid = relnamespace
        LEFT JOIN pg_inherits ON inhrelid = indexrelid""",
    "sequence": """
        SELECT c.oid::regclass::text, '', concat_ws(' ', format_type(seqtypid, NULL), seqstart, seqincrement, seqmax,
            seqmin, seqcache, seqcycle, d.refobjid::regclass, refattname.attname)
        FROM pg_sequence JOIN pg_class c ON c.oid = seqrelid JOIN mine ON mine.oid = relnamespace
        LEFT JOIN pg_depend d ON d.objid = seqrelid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        LEFT JOIN pg_attribute refattname ON (attrelid, attnum) = (d.refobjid, d.refobjsubid)""",
    "trigger": """
        SELECT tgrelid::regclass::text, tgname, concat_ws(' ', pg_get_triggerdef(pg_trigger.oid), tgenabled)
        FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid JOIN mine ON mine.oid = relnamespace
        WHERE NOT tgisinternal""",
    "rule": """
        SELECT ev_class::regclass::text, rulename, pg_get_ruledef(pg_rewrite.oid)
        FROM pg_rewrite JOIN pg_class c ON c.oid = ev_class JOIN mine ON mine.oid = relnamespace
        WHERE rulename <> '_RETURN'""",
    "policy": """
        SELECT format('%I.%I', schemaname, tablename), policyname, concat_ws(' ', permissive, roles, cmd, qual, with_check)
        FROM pg_policies JOIN mine ON nspname = schemaname""",
    "function": """
        SELECT p.oid::regprocedure::text, '', concat(pg_get_functiondef(p.oid), proacl)
        FROM pg_proc p JOIN mine ON mine.oid = pronamespace WHERE prokind IN ('f', 'p') AND NOT EXISTS
            (SELECT FROM pg_depend WHERE objid = p.oid AND classid = 'pg_proc'::regclass AND deptype = 'e')""",
    "enum": """
        SELECT enumtypid::regtype::text, '', string_agg(enumlabel, ', ' ORDER BY enumsortorder)
        FROM pg_enum GROUP BY enumtypid""",
    "type": """
        SELECT t.oid::regtype::text, '', concat_ws(' ', typtype, format_type(nullif(typbasetype, 0), typtypmod),
            typnotnull, typdefault)
        FROM pg_type t JOIN mine ON mine.oid = typnamespace WHERE typtype IN ('d', 'e', 'r')""",
}


class Fact(NamedTuple):
    """An object, or a part (a column, say) of one, and how PostgreSQL writes it. The order of columns is left out."""

    kind: str
    of: str
    part: str
    written: str


class Held(NamedTuple):
    """What a database holds."""

    facts: frozenset[Fact]
    rows: dict[str, list[dict[str, Any]]]
    """The rows of each table."""

    def without(self, names: Sequence[str]) -> Held:
        """The same without the objects, parts and columns of these names."""
        return Held(
            frozenset(fact for fact in self.facts if not {fact.part, _own_name(fact.of)} & {*names}),
            {
                table: sorted(({key: row[key] for key in row if key not in names} for row in rows), key=str)
                for table, rows in self.rows.items()
                if _own_name(table) not in names
            },
        )


def held(dsn: str) -> Held:
    """Read it all; tables are small."""
    with psycopg.connect(dsn) as conn:
        conn.execute("SET LOCAL search_path = pg_catalog")
        facts = frozenset(
            Fact(kind, *(part or "" for part in row))
            for kind, query in _QUERIES.items()
            for row in conn.execute(f"WITH mine AS ({_MINE}) {query}")
        )
        tables = sorted(fact.of for fact in facts if fact.kind == "relation" and fact.written.startswith("r"))
        return Held(facts, {table: _rows(conn, table) for table in tables})


def journalled(dsn: str) -> list[str]:
    """The hashes of the migrations that Drizzle has recorded, in their order."""
    with psycopg.connect(dsn) as conn:
        return [row[0] for row in conn.execute("SELECT hash FROM drizzle.__drizzle_migrations ORDER BY id")]


def _rows(conn: psycopg.Connection, table: str) -> list[dict[str, Any]]:
    return [
        row[0] for row in conn.execute(f"SELECT to_jsonb(t) FROM {table} AS t ORDER BY to_jsonb(t)::text")
    ]


def _own_name(written: str) -> str:
    """The name of an object that PostgreSQL has written with its schema."""
    head = written.partition("(")[0]
    return head[:-1].rpartition('"')[2].replace('""', '"') if head.endswith('"') else head.rpartition(".")[2]
