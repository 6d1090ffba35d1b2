"""Every change from one of these types to another: rewrites, rebuilt indexes, scans, locks and refusals as predicted.

All statements of a version run on one server, each in a transaction that is rolled back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from locks.predictions import replay
from postgres.type_surroundings import AROUND, SURROUNDINGS
from raincheck.locks.session import Session
from support.lock_bench import Bench, Seen, differences, failure

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg

    from raincheck.catalog.schema import Schema
    from support.pg import Server

SOME_POSTGRES = (12, 18)

BERLIN = Session(utc=False, role="postgres")

USER_TYPES = (
    "CREATE EXTENSION IF NOT EXISTS citext",
    "CREATE TYPE mood AS ENUM ('ok', 'sad')",
    "CREATE TYPE hue AS ENUM ('red')",
    "CREATE TYPE pair AS (a integer, b text)",
    "CREATE TYPE span AS RANGE (subtype = integer)",
    "CREATE DOMAIN plain AS text",
    "CREATE DOMAIN short AS varchar(10)",
    "CREATE DOMAIN longer AS varchar(20)",
    "CREATE DOMAIN filled AS text CHECK (VALUE <> '')",
    "CREATE DOMAIN there AS integer NOT NULL",
    "CREATE DOMAIN over_short AS short",
    "CREATE DOMAIN over_filled AS filled",
    "CREATE DOMAIN words AS varchar(10)[]",
    'CREATE DOMAIN sorted AS text COLLATE "C"',
    "CREATE DOMAIN amount AS numeric(10, 2)",
    "CREATE DOMAIN temper AS mood",
)

TYPES = (
    *("smallint", "integer", "bigint", "real", "double precision", "money", "boolean"),
    *("numeric", "numeric(5)", "numeric(10, 2)", "numeric(12, 2)", "numeric(12, 4)"),
    *(
        "varchar",
        "varchar(10)",
        "varchar(20)",
        "char",
        "char(10)",
        "bpchar",
        "text",
        "citext",
        "name",
        '"char"',
    ),
    *('text COLLATE "C"', 'varchar(10) COLLATE "C"', 'varchar(20) COLLATE "POSIX"', 'text COLLATE "default"'),
    *("bit", "bit(4)", "bit(8)", "varbit", "varbit(4)", "varbit(8)", "bytea"),
    *("timestamp", "timestamp(3)", "timestamp(6)", "timestamptz", "timestamptz(3)", "timestamptz(6)", "date"),
    *("time", "time(2)", "time(6)", "timetz", "timetz(2)"),
    *("interval", "interval(3)", "interval(6)", "interval day to second", "interval day to second(3)"),
    *("interval year to month", "interval hour", "interval year"),
    *("json", "jsonb", "uuid", "inet", "cidr", "macaddr", "xml", "tsvector", "int4range", "span"),
    *("oid", "regclass", "regtype", "xid", "pg_lsn"),
    *("integer[]", "bigint[]", "text[]", "varchar[]", "varchar(10)[]", "varchar(20)[]", "numeric(5)[]"),
    *("mood[]", "plain[]", "short[]", "timestamp[]", "timestamptz[]"),
    *(
        "mood",
        "hue",
        "temper",
        "pair",
        "plain",
        "short",
        "longer",
        "filled",
        "there",
        "over_short",
        "over_filled",
    ),
    *("words", "sorted", "amount"),
    *("serial", "bigserial"),
)

LEAST = ("integer", "text", "varchar(20)", "timestamptz(6)", "short")
FEWER = (
    *LEAST,
    "varchar(10)",
    "char(5)",
    "timestamp",
    "numeric(5)",
    "mood",
    "text[]",
    "varchar(10)[]",
    "filled",
    "citext",
)
OTHER_USINGS = (
    "c",
    "(c)",
    "t.c",
    'c COLLATE "C"',
    '(c::text) COLLATE "C"',
    "c IS NULL",
    "id",
    "NULL",
    "CAST(c AS text)",
)

COMPUTED = tuple(
    f"USING {using}" for using in OTHER_USINGS if using not in {"c", "(c)", "t.c", "CAST(c AS text)"}
)
"""What gives a value of which we do not know the type, or that is refused before its type matters."""

EXTRAS = (
    "ALTER TABLE t ADD CONSTRAINT known CHECK (c IS NOT NULL OR id > 0)",
    "CREATE INDEX other ON t USING hash (id)",
    "CREATE INDEX partial ON t (id) WHERE c IS NOT NULL",
    "CREATE INDEX expression ON t ((c IS NULL))",
    "CREATE INDEX plain_c ON t (c)",
    "CREATE INDEX many ON t (id, c DESC)",
    "CREATE INDEX carried ON t (id) INCLUDE (c)",
    "CREATE INDEX hashed ON t USING hash (c)",
    "CREATE INDEX brief ON t USING brin (c)",
    "CREATE INDEX tree ON t USING gist (c)",
    "CREATE INDEX inverted ON t USING gin (c)",
    "CREATE INDEX space ON t USING spgist (c)",
    'CREATE INDEX sorted_c ON t (c COLLATE "C")',
    "CREATE INDEX pattern ON t (c text_pattern_ops)",
    "CREATE STATISTICS together ON id, c FROM t",
    "ALTER TABLE t ADD CONSTRAINT one UNIQUE (c)",
    "ALTER TABLE t ADD CONSTRAINT apart EXCLUDE (c WITH =)",
)
"""What may hang on a column, as far as its type can bear it."""


class Matrix:
    """Tries statements on one server, and gathers what was predicted otherwise."""

    def __init__(self, connection: psycopg.Connection, major: int, before: Iterable[str] = ()) -> None:
        self.before = (*USER_TYPES, *before)
        connection.execute("SET TimeZone = 'Europe/Berlin'")
        connection.execute(";".join(self.before))
        self.bench, self.major = Bench(connection), major
        self.wrong: list[str] = []
        self.total = 0

    def tried(
        self, setup: tuple[str, ...], extras: tuple[str, ...], statements: Iterable[str]
    ) -> list[tuple[str, Seen]]:
        """What each statement did, on tables made of a setup and of those extras that their types can bear."""
        found = []
        with self.bench.made(setup, extras, "DROP TABLE t CASCADE; DROP TABLE IF EXISTS other") as made:
            schema = replay([*self.before, *made])
            for statement in statements:
                seen = self.bench.run(statement)
                told = differences(schema, statement, seen, self.major, BERLIN)
                told += overlooked(schema, statement, seen, self.major)
                self.wrong += [f"{setup[-1]}; {statement}: {each}" for each in told]
                found.append((statement, seen))
        self.total += len(found)
        return found

    def check(self) -> None:
        assert self.total
        assert not self.wrong, f"{len(self.wrong)} differences in {self.total}:\n" + "\n".join(self.wrong)


def overlooked(schema: Schema, statement: str, seen: Seen, major: int) -> list[str]:
    """A cast that PostgreSQL does not have, of which we say nothing."""
    message = seen.error[1] if seen.error else ""
    if not message.startswith(NO_CAST) or not any(words in message for words in REFUSED):
        return []
    if statement.endswith(COMPUTED) or failure(schema, statement, major, BERLIN):
        return []
    return [f"fails: predicted nothing, is {seen.error}"]


NO_CAST = ("column", "result of USING", "cannot cast type")
REFUSED = ("cannot be cast automatically", "cannot cast type")
"""Not those of a default or of the expression of a generated column: of their types we know nothing."""


def test_types(postgres: Server, connection: psycopg.Connection) -> None:
    """Every pair on a bare table; those that rewrite nothing, and a few others, with all that hangs on the column."""
    matrix = Matrix(connection, postgres.major)
    changes = [f"ALTER TABLE t ALTER COLUMN c TYPE {new}" for new in TYPES]
    for old in TYPES:
        if not old.endswith("serial"):
            setup = (f"CREATE TABLE t (id integer PRIMARY KEY, c {old})",)
            bare = matrix.tried(setup, (), changes)
            kept = [statement for statement, seen in bare if not seen.error and not seen.rewritten]
            rest = [statement for statement, seen in bare if seen.rewritten]
            matrix.tried(setup, EXTRAS, (*kept, *rest[::12]))
    matrix.check()


def test_using(postgres: Server, connection: psycopg.Connection) -> None:
    """Casts that are written, one and two deep, before the one to the new type."""
    matrix = Matrix(connection, postgres.major)
    for old in FEWER:
        usings = [f"c::{first}" for first in FEWER]
        usings += [f"c::{first}::{second}" for first in LEAST[1:4] for second in LEAST[1:4]]
        changes = [
            f"ALTER TABLE t ALTER COLUMN c TYPE {new} USING {using}"
            for new in LEAST
            for using in (*usings, *OTHER_USINGS)
        ]
        matrix.tried((f"CREATE TABLE t (id integer PRIMARY KEY, c {old})",), (), changes)
    matrix.check()


def test_own_casts(postgres: Server, connection: psycopg.Connection) -> None:
    """Casts that migrations create, and take away again."""
    matrix = Matrix(connection, postgres.major, OWN_CASTS)
    for old in ("text", "integer", "bigint", "mood", "hue", "pair", "varchar(10)"):
        changes = [
            f"ALTER TABLE t ALTER COLUMN c TYPE {new}{using}"
            for new in CAST_TO
            for using in ("", " USING c::hue")
        ]
        matrix.tried(
            (f"CREATE TABLE t (id integer PRIMARY KEY, c {old})", "CREATE INDEX ON t (c)"), (), changes
        )
    matrix.check()


OWN_CASTS = (
    "CREATE CAST (text AS mood) WITH INOUT AS ASSIGNMENT",
    "CREATE CAST (bigint AS timestamp) WITHOUT FUNCTION AS ASSIGNMENT",
    "CREATE CAST (integer AS date) WITHOUT FUNCTION",
    "CREATE FUNCTION to_hue(mood) RETURNS hue IMMUTABLE LANGUAGE sql AS $$ SELECT 'red'::hue $$",
    "CREATE CAST (mood AS hue) WITH FUNCTION to_hue(mood) AS IMPLICIT",
    "CREATE CAST (text AS hue) WITH INOUT AS IMPLICIT",
    "DROP CAST (text AS hue)",
)
CAST_TO = ("mood", "hue", "timestamp", "date", "integer", "text")


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_surroundings(name: str, postgres: Server, connection: psycopg.Connection) -> None:
    """What else there is about the column: foreign keys from both ends, partitions, inheritance, defaults, views."""
    since, setup, statement = SURROUNDINGS[name]
    if postgres.major >= since:
        matrix = Matrix(connection, postgres.major)
        for old in AROUND:
            made = tuple(each.format(old=old) for each in setup)
            if matrix.bench.takes(made):
                matrix.tried(made, (), [statement.format(new=new) for new in AROUND])
        matrix.check()
