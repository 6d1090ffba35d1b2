"""Which checks prove that a column holds no NULL, or that a partition's rows fit its bound, to the servers and to us."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from locks.predictions import replay
from support.lock_bench import Bench, differences

if TYPE_CHECKING:
    import psycopg

    from support.pg import Server

TABLE = (
    "CREATE TYPE pair AS (a integer, b text)",
    "CREATE DOMAIN word AS text CHECK (VALUE IS NOT NULL)",
    "CREATE TABLE t (id integer NOT NULL, x integer, y integer, s text, b boolean, p pair, w word)",
    "CREATE INDEX t_x ON t (x)",
)

CHECKS = (
    "x IS NOT NULL", "NOT (x IS NULL)", "NOT x IS NULL", "((x)) IS NOT NULL", "x NOTNULL", "t.x IS NOT NULL",
    "x IS DISTINCT FROM NULL", "NOT (x IS NOT DISTINCT FROM NULL)", "NOT (x IS DISTINCT FROM NULL)", "NULL IS DISTINCT FROM x",
    "x IS NOT NULL AND y > 0", "y > 0 AND x IS NOT NULL", "y > 0 AND (s <> '' AND (x IS NOT NULL AND y < 5))",
    "x IS NOT NULL OR y > 0", "x IS NOT NULL OR x IS NOT NULL", "(x IS NOT NULL AND y > 0) OR (x IS NOT NULL AND y < 5)",
    "(x IS NOT NULL OR y > 0) AND (x IS NOT NULL OR y < 5)", "(x IS NOT NULL AND y > 0) OR (y < 5 AND s = '')",
    "(y > 0 OR s = '') AND x IS NOT NULL", "(x IS NOT NULL AND y > 0) OR x > 5", "(x IS NOT NULL AND x > 0) OR (x IS NOT NULL AND x < -5)",
    "NOT (x IS NULL OR y IS NULL)", "NOT (x IS NULL AND y IS NULL)", "NOT (y > 0 OR x IS NULL)", "NOT NOT (x IS NOT NULL)", "NOT (NOT (x IS NOT NULL))",
    "x > 0", "x = 5", "x > 0 AND y > 0", "x IN (1, 2)", "x = ANY (ARRAY[1, 2])", "length(s) > 0", "x BETWEEN 1 AND 5", "x <> 0",
    "(x IS NOT NULL) = true", "(x IS NOT NULL) = false", "(x IS NULL) = false", "true = (x IS NOT NULL)", "(x IS NOT NULL) <> false", "(x IS NULL) <> true",
    "(x IS NULL) <> false", "(x IS NOT NULL) IS TRUE", "(x IS NULL) IS FALSE", "(x IS NOT NULL) IS NOT FALSE", "(x IS NULL) IS NOT TRUE",
    "(x IS NOT NULL) IS NOT UNKNOWN", "(x IS NOT NULL) = b", "(x IS NOT NULL) = 't'", "(x IS NOT NULL)::boolean",
    "coalesce(x IS NOT NULL, false)", "CASE WHEN x IS NOT NULL THEN true ELSE false END",
    "coalesce(x, 0) > 0", "num_nulls(x) = 0", "num_nonnulls(x, y) = 2", "(x, y) IS NOT NULL", "ROW(x) IS NOT NULL", "ROW(x, y) IS NOT NULL AND s <> ''",
    "NOT ((x, y) IS NULL)", "NOT (ROW(x) IS NULL)", "x + 0 IS NOT NULL", "x::bigint IS NOT NULL", "x::integer IS NOT NULL", "CAST(x AS int4) IS NOT NULL", "x::text IS NOT NULL",
    "x IS NOT NULL AND true", "x IS NOT NULL AND NULL", "x IS NOT NULL OR false", "x IS NOT NULL OR NULL", "x IS NOT NULL OR true", "x IS NOT NULL AND false",
    "true AND (x IS NOT NULL)", "y IS NOT NULL", "x IS NULL", "b", "NOT b", "b AND x IS NOT NULL", "(x IS NOT NULL AND b) IS TRUE", "x IS NOT NULL IS NOT NULL",
    "x IS NOT NULL = (y IS NOT NULL)", "x IS NOT NULL AND y IS NOT NULL AND s IS NOT NULL", "(x IS NOT NULL) AND (x > 0 OR y > 0)",
    "xor IS NOT NULL", "x = x", "x >= x", "greatest(x, y) IS NOT NULL", "CASE WHEN y > 0 THEN x IS NOT NULL ELSE x IS NOT NULL END",
)  # fmt: skip
OTHERS = (
    ("s", "s IS NOT NULL"), ("s", "s::text IS NOT NULL"), ("s", "s::varchar IS NOT NULL"), ("s", 's COLLATE "C" IS NOT NULL'), ("s", "s <> ''"),
    ("b", "b IS NOT NULL"), ("b", "b"), ("b", "b IS TRUE"), ("b", "b IS NOT UNKNOWN"), ("b", "b = true"), ("b", "b IS NOT UNKNOWN AND x > 0"),
    ("p", "p IS NOT NULL"), ("p", "NOT (p IS NULL)"), ("p", "p IS DISTINCT FROM NULL"), ("p", "(p).a IS NOT NULL"),
    ("w", "w IS NOT NULL"), ("w", "w <> ''"),
)  # fmt: skip

PREPARED = {
    "two checks": ("ALTER TABLE t ADD CHECK (y > 0)", "ALTER TABLE t ADD CHECK (x IS NOT NULL)"),
    "halves": ("ALTER TABLE t ADD CHECK (x IS NOT NULL OR y > 0)", "ALTER TABLE t ADD CHECK (NOT y > 0)"),
    "not valid": ("ALTER TABLE t ADD CHECK (x IS NOT NULL) NOT VALID",),
    "validated": (
        "ALTER TABLE t ADD CONSTRAINT k CHECK (x IS NOT NULL) NOT VALID",
        "ALTER TABLE t VALIDATE CONSTRAINT k",
    ),
    "no inherit": ("ALTER TABLE t ADD CHECK (x IS NOT NULL) NO INHERIT",),
    "dropped": ("ALTER TABLE t ADD CONSTRAINT k CHECK (x IS NOT NULL)", "ALTER TABLE t DROP CONSTRAINT k"),
    "renamed": (
        "ALTER TABLE t ADD CHECK (x IS NOT NULL)",
        "ALTER TABLE t RENAME x TO z",
        "ALTER TABLE t RENAME z TO x",
    ),
    "swapped": (
        "ALTER TABLE t ADD CHECK (x IS NOT NULL)",
        "ALTER TABLE t RENAME x TO z",
        "ALTER TABLE t RENAME y TO x",
    ),
    "inherited": (
        "CREATE TABLE child (more integer) INHERITS (t)",
        "ALTER TABLE t ADD CHECK (x IS NOT NULL)",
    ),
    "inherited, own only": (
        "CREATE TABLE child (more integer) INHERITS (t)",
        "ALTER TABLE t ADD CHECK (x IS NOT NULL) NO INHERIT",
    ),
    "inherited, both apart": (
        "CREATE TABLE child (more integer) INHERITS (t)",
        "ALTER TABLE t ADD CHECK (x IS NOT NULL) NO INHERIT",
        "ALTER TABLE child ADD CHECK (more > 0 AND x IS NOT NULL)",
    ),
    "child alone": (
        "CREATE TABLE child (more integer) INHERITS (t)",
        "ALTER TABLE child ALTER x SET NOT NULL",
    ),
    "primary key": ("ALTER TABLE t ADD PRIMARY KEY (x)",),
    "set already": ("ALTER TABLE t ALTER x SET NOT NULL",),
    "set and dropped": ("ALTER TABLE t ALTER x SET NOT NULL", "ALTER TABLE t ALTER x DROP NOT NULL"),
    "identity": (
        "ALTER TABLE t ALTER x SET NOT NULL",
        "ALTER TABLE t ALTER x ADD GENERATED ALWAYS AS IDENTITY",
    ),
    "retyped": ("ALTER TABLE t ADD CHECK (x IS NOT NULL)", "ALTER TABLE t ALTER x TYPE bigint"),
    "default": ("ALTER TABLE t ALTER x SET DEFAULT 5",),
}
PREPARED_18 = {
    "not enforced": ("ALTER TABLE t ADD CHECK (x IS NOT NULL) NOT ENFORCED",),
    "named": ("ALTER TABLE t ADD CONSTRAINT k NOT NULL x",),
    "named, not valid": ("ALTER TABLE t ADD CONSTRAINT k NOT NULL x NOT VALID",),
    "named, not valid, checked": (
        "ALTER TABLE t ADD CONSTRAINT k NOT NULL x NOT VALID",
        "ALTER TABLE t ADD CHECK (x IS NOT NULL)",
    ),
    "named, validated": (
        "ALTER TABLE t ADD CONSTRAINT k NOT NULL x NOT VALID",
        "ALTER TABLE t VALIDATE CONSTRAINT k",
    ),
    "named, no inherit": ("ALTER TABLE t ADD CONSTRAINT k NOT NULL x NO INHERIT",),
    "named, dropped": ("ALTER TABLE t ADD CONSTRAINT k NOT NULL x", "ALTER TABLE t DROP CONSTRAINT k"),
    "named, altered": (
        "ALTER TABLE t ADD CONSTRAINT k NOT NULL x NO INHERIT",
        "ALTER TABLE t ALTER CONSTRAINT k INHERIT",
    ),
}

STATEMENTS = (
    "ALTER TABLE t ALTER COLUMN x SET NOT NULL",
    "ALTER TABLE ONLY t ALTER COLUMN x SET NOT NULL",
    "ALTER TABLE t ALTER COLUMN x SET NOT NULL, ALTER COLUMN y SET NOT NULL",
    "ALTER TABLE t ADD PRIMARY KEY (x)",
    "ALTER TABLE t ADD PRIMARY KEY (id, x)",
    "ALTER TABLE t ADD CONSTRAINT n CHECK (x IS NOT NULL), ALTER COLUMN x SET NOT NULL",
    "ALTER TABLE t ADD PRIMARY KEY USING INDEX ux",
)
STATEMENTS_18 = (
    "ALTER TABLE t ADD CONSTRAINT n NOT NULL x",
    "ALTER TABLE t ADD CONSTRAINT n NOT NULL x NOT VALID",
    "ALTER TABLE t ADD NOT NULL x",
    "ALTER TABLE t VALIDATE CONSTRAINT k",
)


class Proofs:
    def __init__(self, connection: psycopg.Connection, major: int) -> None:
        self.bench, self.major = Bench(connection), major
        self.wrong: list[str] = []
        self.total = 0

    def tried(self, setup: tuple[str, ...], statements: tuple[str, ...]) -> None:
        if not self.bench.takes(setup):
            return
        with self.bench.made(setup):
            schema = replay(setup)
            for statement in statements:
                seen = self.bench.run(statement)
                told = differences(schema, statement, seen, self.major)
                self.wrong += [f"{'; '.join(setup[len(TABLE) :])}; {statement}: {each}" for each in told]
                self.total += not seen.error

    def check(self, least: int) -> None:
        assert self.total >= least
        assert not self.wrong, f"{len(self.wrong)} differences in {self.total}:\n" + "\n".join(self.wrong)


def test_checks(postgres: Server, connection: psycopg.Connection) -> None:
    proofs = Proofs(connection, postgres.major)
    for column, check in (*(("x", check) for check in CHECKS), *OTHERS):
        setup = (*TABLE, f"ALTER TABLE t ADD CHECK ({check})")
        proofs.tried(setup, (f"ALTER TABLE t ALTER COLUMN {column} SET NOT NULL",))
    proofs.check(100)


def test_constraints(postgres: Server, connection: psycopg.Connection) -> None:
    proofs = Proofs(connection, postgres.major)
    new = postgres.major >= 18
    for setup in (*PREPARED.values(), *(PREPARED_18.values() if new else ())):
        index = "CREATE UNIQUE INDEX ux ON t (x)"
        proofs.tried((*TABLE, *setup, index), (*STATEMENTS, *(STATEMENTS_18 if new else ())))
    proofs.check(60)
