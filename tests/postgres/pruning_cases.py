"""Statements with constants over partitioned tables: which partitions are locked, and which are left alone."""

from __future__ import annotations

from postgres.lock_cases import Case

RANGED = (
    "CREATE TABLE r (id integer, at date, v text) PARTITION BY RANGE (id)",
    "CREATE TABLE r_low PARTITION OF r FOR VALUES FROM (MINVALUE) TO (10)",
    "CREATE TABLE r_ten PARTITION OF r FOR VALUES FROM (10) TO (20)",
    "CREATE TABLE r_thirty PARTITION OF r FOR VALUES FROM (30) TO (40)",
    "CREATE TABLE r_rest PARTITION OF r DEFAULT",
    "CREATE INDEX r_v ON r (v)",
    "INSERT INTO r VALUES (1), (15), (31)",
)
LISTED = (
    "CREATE TYPE mood AS ENUM ('a', 'b', 'c', 'd')",
    "CREATE TABLE l (id integer, kind mood, v text) PARTITION BY LIST (kind)",
    "CREATE TABLE l_ab PARTITION OF l FOR VALUES IN ('a', 'b')",
    "CREATE TABLE l_none PARTITION OF l FOR VALUES IN (NULL)",
    "CREATE TABLE l_rest PARTITION OF l DEFAULT",
)
TEXTS = (
    "CREATE TABLE l (id integer, kind text, v text) PARTITION BY LIST (kind)",
    "CREATE TABLE l_ab PARTITION OF l FOR VALUES IN ('a', 'b')",
    "CREATE TABLE l_c PARTITION OF l FOR VALUES IN ('c')",
)
NUMBERS = (
    "CREATE TABLE l (id integer, kind integer DEFAULT 2, v text) PARTITION BY LIST (kind)",
    "CREATE TABLE l_one PARTITION OF l FOR VALUES IN (1)",
    "CREATE TABLE l_two PARTITION OF l FOR VALUES IN (2)",
    "CREATE TABLE l_rest PARTITION OF l DEFAULT",
)
TWO = (
    "CREATE TABLE m (a integer, b integer, v text) PARTITION BY RANGE (a, b)",
    "CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (1, 1) TO (1, 10)",
    "CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM (1, 10) TO (2, MINVALUE)",
    "CREATE TABLE m_3 PARTITION OF m FOR VALUES FROM (2, MINVALUE) TO (3, 5)",
    "CREATE TABLE m_rest PARTITION OF m DEFAULT",
)
DEEP = (
    "CREATE TABLE d (id integer, at timestamp, kind text) PARTITION BY RANGE (at)",
    "CREATE TABLE d_24 PARTITION OF d FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (kind)",
    "CREATE TABLE d_24_a PARTITION OF d_24 FOR VALUES IN ('a')",
    "CREATE TABLE d_24_b PARTITION OF d_24 FOR VALUES IN ('b')",
    "CREATE TABLE d_25 PARTITION OF d FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
)
HASHED = (
    "CREATE TABLE h (id integer, v text) PARTITION BY HASH (v)",
    "CREATE TABLE h_0 PARTITION OF h FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
)
MIXED = (*RANGED, "CREATE TABLE o (id integer, r_id integer)", "INSERT INTO o VALUES (1), (15), (25), (35)")

CASES = (
    *(
        Case(RANGED, statement)
        for statement in (
            "SELECT * FROM r WHERE id = 15",
            "SELECT * FROM r WHERE id = 25",
            "SELECT * FROM r WHERE id = -3",
            "SELECT * FROM r WHERE 10 > id",
            "SELECT * FROM r WHERE id >= 10 AND id < 20",
            "SELECT * FROM r WHERE id >= 10 AND id <= 20",
            "SELECT * FROM r WHERE id BETWEEN 12 AND 31",
            "SELECT * FROM r WHERE id IN (1, 31)",
            "SELECT * FROM r WHERE id = 1 OR id = 12",
            "SELECT * FROM r WHERE id = 1 OR v = 'x'",
            "SELECT * FROM r WHERE id > 39",
            "SELECT * FROM r WHERE id IS NULL",
            "SELECT * FROM r WHERE id = 15 AND id = 5",
            "SELECT * FROM r WHERE id = '15'",
            "SELECT * FROM r WHERE id = 15.0",
            "SELECT * FROM r WHERE id = 15::bigint",
            "SELECT * FROM r WHERE id + 0 = 15",
            "SELECT * FROM r WHERE v = 'x'",
            "SELECT * FROM r x WHERE x.id = 15 FOR UPDATE",
            "SELECT (SELECT count(*) FROM r WHERE id = 15)",
            "WITH q AS (SELECT * FROM r WHERE id = 15) SELECT * FROM q WHERE v = 'x'",
            "UPDATE r SET v = 'y' WHERE id = 15",
            "UPDATE r SET id = 31 WHERE id = 15",
            "DELETE FROM r WHERE id < 5",
            "DELETE FROM r x WHERE x.id < 5",
            "INSERT INTO r VALUES (1, NULL, 'x'), (12, NULL, 'x')",
            "INSERT INTO r VALUES (25, NULL, 'x')",
            "INSERT INTO r (v) VALUES ('x')",
            "INSERT INTO r (id, v) VALUES ('35', 'x')",
        )
    ),
    *(
        Case(LISTED, statement)
        for statement in (
            "SELECT * FROM l WHERE kind = 'a'",
            "SELECT * FROM l WHERE kind = 'a'::mood",
            "SELECT * FROM l WHERE kind = 'd'",
            "SELECT * FROM l WHERE kind IS NULL",
            "SELECT * FROM l WHERE kind IN ('a', 'c')",
            "INSERT INTO l VALUES (1, 'b')",
            "INSERT INTO l VALUES (1, NULL)",
            "INSERT INTO l (id) VALUES (1)",
            "INSERT INTO l VALUES (1, 'd')",
        )
    ),
    *(
        Case(NUMBERS, statement)
        for statement in (
            "SELECT * FROM l WHERE kind = 1",
            "SELECT * FROM l WHERE kind > 1",
            "SELECT * FROM l WHERE kind < 2 AND id = 3",
            "INSERT INTO l (id) VALUES (1)",
            "INSERT INTO l VALUES (1, DEFAULT), (2, 1)",
        )
    ),
    Case(TEXTS, "SELECT * FROM l WHERE kind = 'c'"),
    Case(TEXTS, "DELETE FROM l WHERE kind = 'a' AND v = 'x'"),
    *(
        Case(TWO, statement)
        for statement in (
            "SELECT * FROM m WHERE a = 1 AND b = 5",
            "SELECT * FROM m WHERE a = 1",
            "SELECT * FROM m WHERE a = 2 AND b > 100",
            "SELECT * FROM m WHERE a > 2",
            "SELECT * FROM m WHERE b = 5",
            "SELECT * FROM m WHERE a = 1 AND b < 10 AND b >= 1",
            "SELECT * FROM m WHERE a < 1",
            "INSERT INTO m VALUES (1, 10, 'x')",
            "INSERT INTO m VALUES (1, NULL, 'x')",
        )
    ),
    *(
        Case(DEEP, statement)
        for statement in (
            "SELECT * FROM d WHERE at = '2024-05-05 10:00'",
            "SELECT * FROM d WHERE at < '2025-01-01' AND kind = 'b'",
            "SELECT * FROM d WHERE kind = 'b'",
            "SELECT * FROM d WHERE at >= timestamp '2025-01-01'",
            "SELECT * FROM d WHERE at >= date '2025-01-01'",
            "SELECT * FROM d WHERE at = '2025-05-05 10:00+02'",
            "SELECT * FROM d WHERE at < now()",
            "UPDATE d SET id = 1 WHERE at = '2024-05-05' AND kind IN ('a')",
            "INSERT INTO d VALUES (1, '2024-12-31 23:59:59', 'b')",
            "INSERT INTO d VALUES (1, '2025-12-31', 'b')",
        )
    ),
    Case(HASHED, "SELECT * FROM h WHERE v = 'x'"),
    Case(HASHED, "INSERT INTO h VALUES (1, 'x')"),
    *(
        Case(MIXED, statement)
        for statement in (
            "SELECT * FROM o JOIN r ON r.id = o.r_id WHERE r.id = 15",
            "SELECT * FROM o LEFT JOIN r ON r.id = o.r_id WHERE o.id = 15",
            "SELECT * FROM r LEFT JOIN o ON r.id = o.r_id WHERE r.id = 15",
            "SELECT * FROM o, r WHERE r.id = 15 AND o.id = 5",
            "UPDATE o SET id = 1 FROM r WHERE r.id = 15",
            "DELETE FROM r USING o WHERE r.id = 15 AND o.id = 3",
            "INSERT INTO r SELECT id FROM o",
        )
    ),
)
