"""Lock rows: views, materialized views and sequences."""

from __future__ import annotations

from raincheck.locks.conditions import CONCURRENTLY, EXISTS
from raincheck.locks.dropping import DROPPED
from raincheck.locks.probes import ACTIVE, AGES, NOTHING, ORDERS, USERS, probe
from raincheck.locks.queries import NAMED, NO_DATA, READ, VIEW_READ
from raincheck.locks.row import AS, AX, INDEX_BUILD, NEW_FILE, REWRITE, RX, SRX, TOUCH, X, manual, row
from raincheck.locks.selectors import NEW_OWNER, OWN_INDEXES, TARGET
from raincheck.sql.kinds import Kind

CREATE_MATVIEW = manual("sql-creatematerializedview")
REFRESH = manual("sql-refreshmaterializedview")
SEQUENCE = manual("sql-altersequence")

ROWS = (
    row(
        Kind.CREATE_VIEW,
        AX(TARGET),
        AS(NAMED),
        when=EXISTS,
        source=manual("sql-createview"),
        probe=probe(ACTIVE, "CREATE OR REPLACE VIEW active AS SELECT id, name, age FROM users"),
    ),
    row(
        Kind.CREATE_VIEW,
        AS(NAMED),
        source=manual("sql-createview"),
        probe=probe(ACTIVE, "CREATE VIEW both_ways AS SELECT a.id FROM active a JOIN users u ON u.id = a.id"),
    ),
    row(
        Kind.DROP_VIEW,
        AX(DROPPED),
        source=manual("sql-dropview"),
        probe=probe(ACTIVE, "CREATE VIEW more AS SELECT id FROM active", "DROP VIEW active CASCADE"),
    ),
    row(
        Kind.CREATE_MATERIALIZED_VIEW,
        AS(NAMED),
        when=NO_DATA,
        source=CREATE_MATVIEW,
        probe=probe(ACTIVE, "CREATE MATERIALIZED VIEW names AS SELECT name FROM active WITH NO DATA"),
    ),
    row(
        Kind.CREATE_MATERIALIZED_VIEW,
        AS(READ),
        TOUCH(NAMED),
        source=CREATE_MATVIEW,
        probe=probe(ACTIVE, "CREATE MATERIALIZED VIEW names AS SELECT name FROM active"),
    ),
    row(
        Kind.DROP_MATERIALIZED_VIEW,
        AX(DROPPED),
        source=manual("sql-dropmaterializedview"),
        probe=probe(AGES, "DROP MATERIALIZED VIEW ages"),
    ),
    row(
        Kind.REFRESH_MATERIALIZED_VIEW,
        AX(TARGET),
        AX(OWN_INDEXES),
        NEW_FILE(TARGET),
        NEW_FILE(OWN_INDEXES),
        when=NO_DATA,
        source=REFRESH,
        probe=probe(AGES, "REFRESH MATERIALIZED VIEW ages WITH NO DATA"),
    ),
    row(
        Kind.REFRESH_MATERIALIZED_VIEW,
        X(TARGET),
        RX(OWN_INDEXES),
        AS(VIEW_READ),
        TOUCH(TARGET),
        when=CONCURRENTLY,
        source=REFRESH,
        probe=probe(AGES, "REFRESH MATERIALIZED VIEW CONCURRENTLY ages"),
    ),
    row(
        Kind.REFRESH_MATERIALIZED_VIEW,
        AX(TARGET),
        AX(OWN_INDEXES),
        AS(VIEW_READ),
        REWRITE(TARGET),
        INDEX_BUILD(OWN_INDEXES),
        source=REFRESH,
        probe=probe(AGES, "REFRESH MATERIALIZED VIEW ages"),
    ),
    row(
        Kind.CREATE_SEQUENCE,
        when=EXISTS,
        source=manual("sql-createsequence"),
        probe=probe(NOTHING, "CREATE SEQUENCE numbers", "CREATE SEQUENCE IF NOT EXISTS numbers"),
    ),
    row(
        Kind.CREATE_SEQUENCE,
        AS(NEW_OWNER),
        source=manual("sql-createsequence"),
        probe=probe(USERS, "CREATE SEQUENCE numbers OWNED BY users.id"),
    ),
    row(
        Kind.ALTER_SEQUENCE,
        SRX(TARGET),
        AS(NEW_OWNER),
        source=SEQUENCE,
        probe=probe(ORDERS, "ALTER SEQUENCE orders_id_seq INCREMENT BY 10"),
    ),
    row(
        Kind.DROP_SEQUENCE,
        AX(DROPPED),
        source=manual("sql-dropsequence"),
        probe=probe(ORDERS, "DROP SEQUENCE orders_id_seq CASCADE"),
    ),
)
