"""Lock rows: indexes, and statistics over several columns."""

from __future__ import annotations

from raincheck.locks import rows_reindex
from raincheck.locks.conditions import CONCURRENTLY, INDEX_EXISTS, ON_TABLE
from raincheck.locks.dropping import DROPPED
from raincheck.locks.indexing import (
    ATTACHED_INDEX,
    ATTACHED_TABLE,
    BUILT,
    KNOWN_STATISTICS,
    STATISTICS_TABLE,
    STATISTICS_TABLES,
    TAKEN_INDEXES,
)
from raincheck.locks.probes import EVENTS, USERS, probe
from raincheck.locks.row import AS, AX, INDEX_BUILD, SUX, WAIT, S, both, manual, row
from raincheck.locks.selectors import INDEXED, TABLE_OF_INDEX, TARGET
from raincheck.sql.kinds import Kind

CREATE_INDEX = manual("sql-createindex")
DROP_INDEX = manual("sql-dropindex")
ALTER_INDEX = manual("sql-alterindex")

_AGE = "CREATE INDEX users_age ON users (age)"

ROWS = (
    row(
        Kind.CREATE_INDEX,
        SUX(INDEXED),
        when=both(CONCURRENTLY, INDEX_EXISTS),
        source=CREATE_INDEX,
        outside="CREATE INDEX CONCURRENTLY",
        probe=probe(USERS, _AGE, "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_age ON users (age)"),
    ),
    row(
        Kind.CREATE_INDEX,
        SUX(INDEXED),
        INDEX_BUILD(INDEXED),
        WAIT(INDEXED),
        when=CONCURRENTLY,
        source=manual("sql-createindex") + "#SQL-CREATEINDEX-CONCURRENTLY",
        outside="CREATE INDEX CONCURRENTLY",
        probe=probe(USERS, "CREATE INDEX CONCURRENTLY users_age ON users (age)"),
    ),
    row(
        Kind.CREATE_INDEX,
        S(INDEXED),
        when=INDEX_EXISTS,
        source=CREATE_INDEX,
        probe=probe(USERS, _AGE, "CREATE INDEX IF NOT EXISTS users_age ON users (age)"),
    ),
    row(
        Kind.CREATE_INDEX,
        S(INDEXED),
        S(TAKEN_INDEXES),
        INDEX_BUILD(BUILT),
        source=CREATE_INDEX,
        probe=probe(EVENTS, "CREATE INDEX events_kind ON events (kind)"),
    ),
    row(
        Kind.DROP_INDEX,
        SUX(TABLE_OF_INDEX),
        SUX(TARGET),
        AX(TARGET, late=True),
        WAIT(TARGET),
        when=CONCURRENTLY,
        source=manual("sql-dropindex"),
        outside="DROP INDEX CONCURRENTLY",
        probe=probe(USERS, _AGE, "DROP INDEX CONCURRENTLY users_age"),
    ),
    row(Kind.DROP_INDEX, AX(DROPPED), source=DROP_INDEX, probe=probe(USERS, _AGE, "DROP INDEX users_age")),
    row(
        Kind.RENAME_INDEX,
        AX(TARGET),
        when=ON_TABLE,
        source=ALTER_INDEX,
        probe=probe(USERS, "ALTER INDEX users RENAME TO people"),
    ),
    row(
        Kind.RENAME_INDEX,
        SUX(TARGET),
        source=ALTER_INDEX,
        probe=probe(USERS, "ALTER INDEX users_pkey RENAME TO users_pk"),
    ),
    row(
        Kind.ATTACH_INDEX,
        SUX(TARGET),
        AX(ATTACHED_INDEX),
        AS(TABLE_OF_INDEX),
        AS(ATTACHED_TABLE),
        source=ALTER_INDEX,
        probe=probe(
            EVENTS,
            "CREATE INDEX events_kind ON ONLY events (kind)",
            "CREATE INDEX events_2024_kind ON events_2024 (kind)",
            "ALTER INDEX events_kind ATTACH PARTITION events_2024_kind",
        ),
    ),
    *rows_reindex.REINDEX,
    row(
        Kind.CREATE_STATISTICS,
        SUX(STATISTICS_TABLES),
        source=manual("sql-createstatistics"),
        probe=probe(USERS, "CREATE STATISTICS users_stats ON age, name FROM users"),
    ),
    row(Kind.ALTER_STATISTICS, source=manual("sql-alterstatistics")),
    row(
        Kind.DROP_STATISTICS,
        SUX(STATISTICS_TABLE),
        when=KNOWN_STATISTICS,
        source=manual("sql-dropstatistics"),
        probe=probe(
            USERS, "CREATE STATISTICS users_stats ON age, name FROM users", "DROP STATISTICS users_stats"
        ),
    ),
    row(
        Kind.DROP_STATISTICS,
        source=manual("sql-dropstatistics"),
        unknown="the table of the statistics {name}, which takes SHARE UPDATE EXCLUSIVE",
    ),
)
