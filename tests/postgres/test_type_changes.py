"""Every change from one of these types to another: rewrites, rebuilt indexes, scans, locks and refusals as predicted.

All statements of a version run on one server, each in a transaction that is rolled back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from locks.predictions import replay
from raincheck.locks.session import Session
from support.lock_bench import Bench, Seen, differences, failure

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg

    from raincheck.catalog.schema import Schema
    from support.pg import Server

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

    def __init__(self, connection: psycopg.Connection, major: int) -> None:
        connection.execute("SET TimeZone = 'Europe/Berlin'")
        connection.execute(";".join(USER_TYPES))
        self.bench, self.major = Bench(connection), major
        self.wrong: list[str] = []
        self.total = 0

    def tried(
        self, setup: tuple[str, ...], extras: tuple[str, ...], statements: Iterable[str]
    ) -> list[tuple[str, Seen]]:
        """What each statement did, on tables made of a setup and of those extras that their types can bear."""
        found = []
        with self.bench.made(setup, extras, "DROP TABLE t CASCADE; DROP TABLE IF EXISTS other") as made:
            schema = replay([*USER_TYPES, *made])
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


CHANGE = "ALTER TABLE t ALTER COLUMN c TYPE {new}"
AROUND = (
    "integer",
    "bigint",
    "varchar(10)",
    "varchar(20)",
    "text",
    "bpchar",
    "numeric(10, 2)",
    "numeric(12, 2)",
    "timestamp",
    "oid",
    "mood",
    "temper",
)
TABLE = "CREATE TABLE t (id integer PRIMARY KEY, c {old})"
KEYED = "CREATE TABLE t (id integer PRIMARY KEY, c {old} UNIQUE)"
OTHER = "CREATE TABLE other (id integer PRIMARY KEY, c {old} UNIQUE)"
PARTED = (
    "CREATE TABLE t (id integer, c {old}) PARTITION BY RANGE (id)",
    "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (1) TO (100) PARTITION BY LIST (id)",
    "CREATE TABLE t_1_1 PARTITION OF t_1 FOR VALUES IN (1)",
    "CREATE TABLE t_2 PARTITION OF t DEFAULT",
)
SURROUNDINGS = {
    "referencing": (12, (OTHER, TABLE, "ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES other (c)"), CHANGE),
    "referencing, indexed": (
        12,
        (OTHER, TABLE, "CREATE INDEX ON t (c)", "ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES other (c)"),
        CHANGE,
    ),
    "referencing, not valid": (
        12,
        (OTHER, TABLE, "ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES other (c) NOT VALID"),
        CHANGE,
    ),
    "referencing, not enforced": (
        18,
        (OTHER, TABLE, "ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES other (c) NOT ENFORCED"),
        CHANGE,
    ),
    "referenced": (12, (KEYED, "CREATE TABLE other (id integer, c {old} REFERENCES t (c))"), CHANGE),
    "referenced, indexed": (
        12,
        (
            KEYED,
            "CREATE TABLE other (id integer PRIMARY KEY, c {old} REFERENCES t (c))",
            "CREATE INDEX ON other (c)",
        ),
        CHANGE,
    ),
    "referencing itself": (12, (KEYED, "ALTER TABLE t ADD d {old} REFERENCES t (c)"), CHANGE),
    "referencing with two columns": (
        12,
        (
            "CREATE TABLE other (id integer, c {old}, UNIQUE (id, c))",
            "CREATE TABLE t (id integer PRIMARY KEY, c {old}, FOREIGN KEY (id, c) REFERENCES other (id, c))",
        ),
        CHANGE,
    ),
    "both ends change": (
        12,
        (KEYED, "ALTER TABLE t ADD d {old} REFERENCES t (c)"),
        CHANGE + ", ALTER COLUMN d TYPE {new}",
    ),
    "referencing from partitions": (
        12,
        (OTHER, *PARTED, "ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES other (c)"),
        CHANGE,
    ),
    "partitions": (
        12,
        (
            *PARTED,
            "CREATE INDEX ON t (c)",
            "CREATE INDEX own ON t_2 (c)",
            "ALTER TABLE t ADD UNIQUE (id, c)",
            "CREATE INDEX part ON t (id) WHERE c IS NOT NULL",
            "ALTER TABLE t_2 ADD CHECK (c IS NOT NULL OR id > 1)",
        ),
        CHANGE,
    ),
    "partitions, checked": (12, (*PARTED, "ALTER TABLE t ADD CHECK (c IS NOT NULL OR id > 1)"), CHANGE),
    "partition key": (
        12,
        (
            "CREATE TABLE t (id integer, c {old}) PARTITION BY HASH (c)",
            "CREATE TABLE t_1 PARTITION OF t FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
        ),
        CHANGE,
    ),
    "one partition": (12, PARTED, "ALTER TABLE t_2 ALTER COLUMN c TYPE {new}"),
    "only": (12, PARTED, "ALTER TABLE ONLY t ALTER COLUMN c TYPE {new}"),
    "inheritance": (
        12,
        (
            TABLE,
            "CREATE TABLE child (more integer) INHERITS (t)",
            "CREATE INDEX ON child (c)",
            "CREATE INDEX ON child (more)",
            "CREATE INDEX ON t (c)",
            "ALTER TABLE t ADD CHECK (c IS NOT NULL OR id > 1)",
        ),
        CHANGE,
    ),
    "inheritance, own check": (
        12,
        (
            TABLE,
            "CREATE TABLE child (more integer) INHERITS (t)",
            "ALTER TABLE t ADD CHECK (c IS NOT NULL OR id > 1) NO INHERIT",
            "ALTER TABLE child ADD CHECK (c IS NOT NULL OR more > 1) NOT VALID",
        ),
        CHANGE,
    ),
    "checks": (
        12,
        (
            TABLE,
            "ALTER TABLE t ADD CHECK (id > 0)",
            "ALTER TABLE t ADD CHECK (c IS NOT NULL) NOT VALID",
        ),
        CHANGE,
    ),
    "check not enforced": (18, (TABLE, "ALTER TABLE t ADD CHECK (c IS NOT NULL) NOT ENFORCED"), CHANGE),
    "primary key": (12, ("CREATE TABLE t (id integer, c {old} PRIMARY KEY)",), CHANGE),
    "deferrable": (12, ("CREATE TABLE t (id integer, c {old} UNIQUE DEFERRABLE)",), CHANGE),
    "nulls not distinct": (15, ("CREATE TABLE t (id integer, c {old} UNIQUE NULLS NOT DISTINCT)",), CHANGE),
    "default": (12, ("CREATE TABLE t (id integer PRIMARY KEY, c {old} DEFAULT NULL)",), CHANGE),
    "default of text": (12, (TABLE, "ALTER TABLE t ALTER c SET DEFAULT '12'"), CHANGE),
    "default dropped and set": (
        12,
        (TABLE, "ALTER TABLE t ALTER c SET DEFAULT NULL"),
        "ALTER TABLE t ALTER COLUMN c DROP DEFAULT, ALTER COLUMN c TYPE {new}, ALTER COLUMN c SET DEFAULT NULL",
    ),
    "not null": (12, (TABLE,), CHANGE + ", ALTER COLUMN c SET NOT NULL"),
    "generated from it": (
        12,
        (
            "CREATE TABLE t (id integer PRIMARY KEY, c {old}, g boolean GENERATED ALWAYS AS (c IS NULL) STORED)",
        ),
        CHANGE,
    ),
    "generated": (
        12,
        (
            "CREATE TABLE t (id integer PRIMARY KEY, c {old} GENERATED ALWAYS AS (NULL) STORED)",
            "CREATE INDEX ON t (c)",
        ),
        CHANGE,
    ),
    "generated, virtual": (
        18,
        ("CREATE TABLE t (id integer PRIMARY KEY, c {old} GENERATED ALWAYS AS (NULL) VIRTUAL)",),
        CHANGE,
    ),
    "generated, virtual, checked": (
        18,
        (
            "CREATE TABLE t (id integer PRIMARY KEY, c {old} GENERATED ALWAYS AS (NULL) VIRTUAL)",
            "ALTER TABLE t ADD CHECK (c IS NULL)",
        ),
        CHANGE,
    ),
    "view": (12, (TABLE, "CREATE VIEW v AS SELECT c FROM t"), CHANGE),
    "policy": (12, (TABLE, "CREATE POLICY p ON t USING (c IS NULL)"), CHANGE),
    "two columns": (
        12,
        (TABLE, "ALTER TABLE t ADD d varchar(10)", "CREATE INDEX ON t (c, d)"),
        CHANGE + ", ALTER COLUMN d TYPE text",
    ),
    "another rewrites": (12, (TABLE, "CREATE INDEX ON t (c)"), CHANGE + ", ALTER COLUMN id TYPE bigint"),
    "replica identity": (
        12,
        (
            "CREATE TABLE t (id integer PRIMARY KEY, c {old} NOT NULL UNIQUE)",
            "ALTER TABLE t REPLICA IDENTITY USING INDEX t_c_key",
            "ALTER TABLE t CLUSTER ON t_c_key",
        ),
        CHANGE,
    ),
    "unlogged": (
        12,
        ("CREATE UNLOGGED TABLE t (id integer PRIMARY KEY, c {old})", "CREATE INDEX ON t (c)"),
        CHANGE,
    ),
    "included": (
        12,
        (TABLE, "CREATE UNIQUE INDEX ON t (id) INCLUDE (c)", "ALTER TABLE t ADD UNIQUE (id) INCLUDE (c)"),
        CHANGE,
    ),
    "constraint dropped": (
        12,
        (TABLE, "ALTER TABLE t ADD CONSTRAINT k CHECK (c IS NOT NULL)"),
        "ALTER TABLE t DROP CONSTRAINT k, ALTER COLUMN c TYPE {new}",
    ),
}
"""The first version, the tables, the change."""


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
        usings += [f"c::{first}::{second}" for first in LEAST for second in LEAST]
        changes = [
            f"ALTER TABLE t ALTER COLUMN c TYPE {new} USING {using}"
            for new in LEAST
            for using in (*usings, *OTHER_USINGS)
        ]
        matrix.tried((f"CREATE TABLE t (id integer PRIMARY KEY, c {old})",), (), changes)
    matrix.check()


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
