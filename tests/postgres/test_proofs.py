"""Which checks prove that a column holds no NULL, or that a partition's rows fit its bound, to the servers and to us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from locks.predictions import replay
from support.lock_bench import Bench, differences

if TYPE_CHECKING:
    import psycopg

    from support.pg import Server

SOME_POSTGRES = (12, 15, 18)
"""What proves what is alike in all versions; what is recorded as NOT NULL is new in 18."""

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
                if statement.startswith("CREATE TABLE") and "spare" not in seen.implied:
                    # Read in silence: only what is left out is told.
                    leaves = {
                        name.name for name in schema.relations if name.name.startswith("spare")
                    } - seen.implied
                    leaves -= {"spare"} if "spare_1" in {name.name for name in schema.relations} else set()
                    seen.messages += [f'verifying table "{name}"' for name in leaves]
                told = differences(schema, statement, seen, self.major)
                self.wrong += [f"{'; '.join(setup[-4:])}; {statement}: {each}" for each in told]
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


PARENTS = {
    "numbers": ("x integer", "RANGE (x)", "FROM (0) TO (10)", "FROM (10) TO (20)"),
    "big numbers": ("x bigint", "RANGE (x)", "FROM ('10') TO (20)", "FROM (20) TO (30)"),
    "decimals": ("x numeric(10, 2)", "RANGE (x)", "FROM (0) TO (10.5)", "FROM (10.5) TO (20)"),
    "open below": ("x integer", "RANGE (x)", "FROM (MINVALUE) TO (10)", "FROM (10) TO (20)"),
    "open above": ("x integer", "RANGE (x)", "FROM (10) TO (MAXVALUE)", "FROM (0) TO (10)"),
    "open": ("x integer", "RANGE (x)", "FROM (MINVALUE) TO (MAXVALUE)", ""),
    "two columns": ("x integer", "RANGE (x, y)", "FROM (0, 0) TO (10, 0)", "FROM (10, 0) TO (20, 0)"),
    "expression": ("x integer", "RANGE ((x + 1))", "FROM (0) TO (10)", "FROM (10) TO (20)"),
    "list": ("x integer", "LIST (x)", "IN (1, 2)", "IN (3)"),
    "list of one": ("x integer", "LIST (x)", "IN (1)", "IN (3, 4)"),
    "list with null": ("x integer", "LIST (x)", "IN (1, NULL)", "IN (3)"),
    "list of null": ("x integer", "LIST (x)", "IN (NULL)", "IN (3)"),
    "hash": ("x integer", "HASH (x)", "WITH (MODULUS 2, REMAINDER 0)", "WITH (MODULUS 2, REMAINDER 1)"),
}
"""The column, the key, a bound, another."""

FITTING = (
    "x IS NOT NULL", "x >= 0 AND x < 10", "x IS NOT NULL AND x >= 0 AND x < 10", "x >= 0 AND x < 10 AND y > 0", "x < 10 AND x >= 0",
    "0 <= x AND 10 > x", "x >= 1 AND x <= 9", "x > -1 AND x < 10", "x BETWEEN 0 AND 9", "x BETWEEN 0 AND 10", "x = 5", "x = 1", "x IN (1, 2)", "x IN (1)", "x IN (1, 3)",
    "x IN (4, 5, 6)", "x = ANY (ARRAY[1, 2])", "x >= 0", "x < 10", "NOT (x < 0 OR x >= 10)", "x >= 10 AND x < 20", "x >= 10 AND x < 11", "x >= 10", "x < 10.5 AND x >= 0",
    "x >= '0' AND x < '10'", "x >= 0::bigint AND x < 10::bigint", "x + 1 >= 0 AND x + 1 < 10", "x IS NULL", "x IS NULL OR x = 1", "x IS NULL OR x IN (1, 2)",
    "(x >= 0 AND x < 5) OR (x >= 5 AND x < 10)", "x >= 0 AND x < 10 OR y > 5", "x <> 5", "x IS NOT NULL AND x IN (2)", "x = 1 OR x = 2", "x >= 0 AND NOT x >= 10",
)  # fmt: skip
KEEPING_OUT = (
    "x >= 10", "x < 0", "x < 0 OR x >= 10", "x IS NULL OR x >= 10", "x IS NULL OR x < 0 OR x >= 10", "NOT (x >= 0 AND x < 10)", "NOT (x IS NOT NULL AND x >= 0 AND x < 10)",
    "x > 50", "x < -5 OR x > 50", "x NOT IN (1, 2)", "x <> 1 AND x <> 2", "x <> 1", "x IN (7, 8)", "x IS NULL", "x IS NOT NULL", "x NOT IN (1, 2, 3)", "NOT (x IN (1, 2))", "x <> ALL (ARRAY[1, 2])",
    "x BETWEEN 10 AND 90", "NOT x BETWEEN 0 AND 10", "x NOT BETWEEN 0 AND 10", "x = 12", "x >= 10 AND y > 0", "(x < 0 OR x >= 10) AND y > 0", "x IS NULL OR x NOT IN (1, 2)",
)  # fmt: skip
YEAR = "FROM ('2026-01-01') TO ('2027-01-01')"
DATE_CHECKS = (
    "x >= '2026-01-01' AND x < '2027-01-01'", "x >= date '2026-01-01' AND x < date '2027-01-01'", "x >= '2026-01-01'::date AND x < '2027-01-01'::date",
    "x >= '2026-02-01' AND x < '2026-03-01'", "x >= timestamp '2026-01-01' AND x < timestamp '2027-01-01'", "x BETWEEN '2026-01-01' AND '2026-12-31'",
    "x = '2026-05-05'", "x >= '2025-01-01' AND x < '2027-01-01'", "x < '2026-01-01' OR x >= '2027-01-01'", "x >= '2027-01-01'", "x > '2030-05-05'",
    "x < '2020-05-05'", "x < now()",
)  # fmt: skip
MOMENTS = (
    "x >= '2026-01-01 00:00' AND x < '2027-01-01 00:00'",
    "x >= '2026-01-01 00:00:00' AND x < '2026-05-05 12:00'",
    "x > '2027-01-01 00:00:00.5'",
)
DATES = {
    ("date", YEAR): DATE_CHECKS,
    ("date", "FROM (date '2026-01-01') TO ('2027-01-01'::date)"): DATE_CHECKS,
    ("timestamp", YEAR): (*DATE_CHECKS, *MOMENTS),
    ("timestamp", "FROM ('2026-01-01 00:00:00') TO ('2027-01-01 00:00')"): (*DATE_CHECKS, *MOMENTS),
    ("timestamptz", YEAR): (DATE_CHECKS[0], *DATE_CHECKS[7:10], "x < now()"),
    ("timestamptz", "FROM ('2026-01-01 00:00+00') TO ('2027-01-01 00:00:00Z')"): (
        "x >= '2026-01-01 00:00:00+00' AND x < '2027-01-01 00:00:00+00'",
        "x >= '2026-01-01 01:00:00+01' AND x < '2026-05-05 01:00+01:00'",
        "x > '2026-12-31 23:00-02'",
        "x < '2025-12-31 23:00-00'",
        "x < '2025-12-31 23:00-02'",
    ),
}
"""Column and bound → checks. Of a timestamptz without an offset only the same text is the same."""

WORDS = ("text", "varchar(9)", "mood", "uuid", "boolean")
WORD_BOUNDS = {
    "mood": "IN ('ok')",
    "uuid": "IN ('6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b')",
    "boolean": "IN (true)",
}
WORD_CHECKS = (
    "x = 'a'", "x IN ('a', 'b')", "x IN ('a')", "x <> 'a'", "x = 'ok'", "x <> 'ok'", "x = 'ok'::mood", "x = '6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b'",
    "x = '6EC0BD7F-11c0-43da-975e-2a8ad9ebae0b'", "x", "NOT x", "x = true", "x IS TRUE", "x::text = 'a'", "x = 'A'", "x > 'a'", "x NOT IN ('a', 'b')",
)  # fmt: skip


def partitioned(column: str, key: str) -> tuple[str, str]:
    return (
        f"CREATE TABLE t ({column}, y integer) PARTITION BY {key}",
        f"CREATE TABLE part ({column}, y integer)",
    )


def test_partitions(postgres: Server, connection: psycopg.Connection) -> None:
    """What proves that the rows of a table fit a bound, and that those of a default partition do not."""
    proofs = Proofs(connection, postgres.major)
    for column, key, bound, other in PARENTS.values():
        made = partitioned(column, key)
        attach = (f"ALTER TABLE t ATTACH PARTITION part FOR VALUES {bound}",)
        required = "ALTER TABLE part ALTER x SET NOT NULL"
        for number, check in enumerate(FITTING):
            checked = (*made, f"ALTER TABLE part ADD CHECK ({check})")
            proofs.tried((*checked, required), attach)
            if number % 3 == 0:
                proofs.tried(checked, attach)
        spare = "CREATE TABLE spare PARTITION OF t DEFAULT"
        create = f"CREATE TABLE more PARTITION OF t FOR VALUES {bound}"
        for check in KEEPING_OUT:
            proofs.tried((*made, spare, f"ALTER TABLE spare ADD CHECK ({check})"), (*attach, create))
        if other:
            first = f"CREATE TABLE first PARTITION OF t FOR VALUES {other}"
            for check in KEEPING_OUT:
                setup = (*made, first, f"ALTER TABLE part ADD CHECK ({check})")
                proofs.tried(setup, ("ALTER TABLE t ATTACH PARTITION part DEFAULT", *attach))
    proofs.check(1000)


def test_partitions_of_other_types(postgres: Server, connection: psycopg.Connection) -> None:
    proofs = Proofs(connection, postgres.major)
    cases = [(type_, "RANGE (x)", bound, each) for (type_, bound), checks in DATES.items() for each in checks]
    cases += [
        (type_, "LIST (x)", WORD_BOUNDS.get(type_, "IN ('a', 'b')"), c)
        for type_ in WORDS
        for c in WORD_CHECKS
    ]
    for type_, key, bound, check in cases:
        made = ("CREATE TYPE mood AS ENUM ('ok', 'sad')", *partitioned(f"x {type_}", key))
        attach = f"ALTER TABLE t ATTACH PARTITION part FOR VALUES {bound}"
        fitting = (*made, "ALTER TABLE part ALTER x SET NOT NULL", f"ALTER TABLE part ADD CHECK ({check})")
        proofs.tried(fitting, (attach,))
        proofs.tried(
            (*made, "CREATE TABLE spare PARTITION OF t DEFAULT", f"ALTER TABLE spare ADD CHECK ({check})"),
            (attach,),
        )
    proofs.check(100)


def test_partitions_of_partitions(postgres: Server, connection: psycopg.Connection) -> None:
    proofs = Proofs(connection, postgres.major)
    made = (
        "CREATE TABLE top (x integer, y integer) PARTITION BY RANGE (x)",
        "CREATE TABLE t PARTITION OF top FOR VALUES FROM (0) TO (100) PARTITION BY LIST (y)",
        "CREATE TABLE part (x integer NOT NULL, y integer NOT NULL)",
    )
    attach = "ALTER TABLE t ATTACH PARTITION part FOR VALUES IN (1)"
    spare = "CREATE TABLE spare PARTITION OF t DEFAULT"
    for check in (
        "y = 1",
        "x >= 0 AND x < 100",
        "y = 1 AND x >= 0 AND x < 100",
        "y = 1 AND x >= 5 AND x < 50",
        "y <> 1",
        "y = 1 AND x > 0",
    ):
        proofs.tried(
            (*made, f"ALTER TABLE part ADD CHECK ({check})"),
            (attach, "ALTER TABLE t ATTACH PARTITION part DEFAULT"),
        )
        proofs.tried((*made, spare, f"ALTER TABLE spare ADD CHECK ({check})"), (attach,))
    parts = (
        "CREATE TABLE t (x integer NOT NULL, y integer NOT NULL) PARTITION BY RANGE (x)",
        "CREATE TABLE part (x integer NOT NULL, y integer NOT NULL) PARTITION BY LIST (y)",
        "CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1)",
        "CREATE TABLE part_2 PARTITION OF part FOR VALUES IN (2)",
    )
    attach = "ALTER TABLE t ATTACH PARTITION part FOR VALUES FROM (0) TO (10)"
    for checked in (("part",), ("part_1",), ("part_1", "part_2")):
        checks = (f"ALTER TABLE {table} ADD CHECK (x >= 0 AND x < 10)" for table in checked)
        proofs.tried((*parts, *checks), (attach,))
    spares = (
        *parts[:1],
        "CREATE TABLE spare PARTITION OF t DEFAULT PARTITION BY LIST (y)",
        "CREATE TABLE spare_1 PARTITION OF spare FOR VALUES IN (1)",
        "CREATE TABLE spare_2 PARTITION OF spare DEFAULT",
        "CREATE TABLE part (x integer NOT NULL, y integer NOT NULL)",
    )
    create = "CREATE TABLE more PARTITION OF t FOR VALUES FROM (0) TO (10)"
    for checked in (("spare",), ("spare_1",), ("spare_1", "spare_2"), ()):
        checks = (f"ALTER TABLE {table} ADD CHECK (x >= 10)" for table in checked)
        proofs.tried((*spares, *checks), (attach, create))
    proofs.check(25)
