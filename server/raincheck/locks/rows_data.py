"""Lock rows: statements about rows, and upkeep."""

from __future__ import annotations

from raincheck.locks import rows_reindex
from raincheck.locks.conditions import COPY_IN, FULL
from raincheck.locks.indexing import KEPT, KEPT_INDEXES, SAMPLED
from raincheck.locks.probes import DOCS, ORDERS, USERS, probe
from raincheck.locks.queries import READ, ROW_LOCKED
from raincheck.locks.row import AS, AX, INDEX_BUILD, REWRITE, RS, RX, SUX, TOUCH, manual, row
from raincheck.locks.selectors import ANCESTORS, TARGET
from raincheck.locks.writing import (
    BOUNDING,
    FOLLOWING,
    LOOKED_UP,
    POINTING,
    SEQUENCES,
    WRITTEN,
    WRITTEN_INDEXES,
)
from raincheck.sql.kinds import Kind

_WRITE = (
    RX(WRITTEN),
    RX(WRITTEN_INDEXES),
    AS(READ),
    AS(ANCESTORS, until=13),
    AS(BOUNDING),
    RX(SEQUENCES),
    RS(LOOKED_UP),
    RS(POINTING),
    RX(FOLLOWING),
    TOUCH(WRITTEN),
    TOUCH(FOLLOWING),
)

DATA = (
    row(
        Kind.SELECT,
        AS(READ),
        RS(ROW_LOCKED),
        RX(SEQUENCES),
        source=manual("sql-select"),
        probe=probe(USERS, "SELECT * FROM users WHERE id = 1 FOR UPDATE"),
    ),
    row(
        Kind.CALL,
        RX(SEQUENCES),
        source=manual("sql-call"),
        probe=probe(
            USERS,
            "CREATE SEQUENCE ages",
            "CREATE PROCEDURE age(by bigint) LANGUAGE sql AS 'UPDATE users SET age = age + by'",
            "CALL age(nextval('ages'))",
        ),
    ),
    *(
        row(kind, *_WRITE, source=manual(page), since=since, probe=probe(ORDERS, statement))
        for kind, page, since, statement in (
            (
                Kind.INSERT,
                "sql-insert",
                12,
                "INSERT INTO orders (user_id) SELECT id FROM users",
            ),
            (Kind.UPDATE, "sql-update", 12, "UPDATE orders SET user_id = 7"),
            (
                Kind.DELETE,
                "sql-delete",
                12,
                "DELETE FROM orders USING users u WHERE u.id = user_id AND u.age > 60",
            ),
            (
                Kind.MERGE,
                "sql-merge",
                15,
                "MERGE INTO orders o USING users u ON u.id = o.user_id WHEN MATCHED THEN UPDATE SET note = u.name",
            ),
        )
    ),
    row(
        Kind.COPY,
        RX(WRITTEN),
        TOUCH(WRITTEN),
        RS(LOOKED_UP),
        AS(BOUNDING),
        when=COPY_IN,
        source=manual("sql-copy"),
        probe=probe(USERS, "COPY users (id, email) FROM PROGRAM 'printf \"5001,a\\n\"' WITH (FORMAT csv)"),
    ),
    row(
        Kind.COPY,
        AS(TARGET, since=13),
        AS(READ),
        source=manual("sql-copy"),
        probe=probe(USERS, "COPY (SELECT * FROM users) TO PROGRAM 'cat >/dev/null'"),
    ),
)

UPKEEP = (
    row(
        Kind.VACUUM,
        AX(KEPT),
        AX(KEPT_INDEXES),
        REWRITE(KEPT),
        INDEX_BUILD(KEPT_INDEXES),
        when=FULL,
        source=manual("sql-vacuum"),
        outside="VACUUM",
        probe=probe(USERS, "VACUUM FULL users"),
    ),
    row(
        Kind.VACUUM,
        SUX(KEPT),
        RX(KEPT_INDEXES),
        TOUCH(KEPT),
        source=manual("sql-vacuum"),
        outside="VACUUM",
        probe=probe(USERS, "VACUUM users"),
    ),
    row(
        Kind.ANALYZE,
        SUX(KEPT),
        AS(KEPT_INDEXES),
        AS(SAMPLED),
        TOUCH(KEPT),
        source=manual("sql-analyze"),
        probe=probe(DOCS, "ANALYZE docs"),
    ),
    *rows_reindex.CLUSTER,
)

ROWS = (*DATA, *UPKEEP)
