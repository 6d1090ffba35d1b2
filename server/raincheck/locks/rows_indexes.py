"""Lock rows: indexes, and statistics over several columns."""

from __future__ import annotations

from raincheck.locks.conditions import CONCURRENTLY, INDEX_EXISTS, ON_TABLE, PARTITIONED, is_kind
from raincheck.locks.dropping import DROPPED
from raincheck.locks.indexing import (
    ATTACHED_INDEX,
    ATTACHED_TABLE,
    EVERY_INDEX,
    EVERY_TABLE,
    INDEX_FAMILY,
    INDEXED_FAMILY,
    KNOWN_STATISTICS,
    STATISTICS_TABLE,
    STATISTICS_TABLES,
    TREE_TABLE_INDEXES,
)
from raincheck.locks.probes import EVENTS, USERS, probe
from raincheck.locks.row import AS, AX, INDEX_BUILD, SUX, WAIT, S, both, manual, row
from raincheck.locks.selectors import FAMILY, INDEXED, TABLE_OF_INDEX, TARGET
from raincheck.sql.kinds import Kind

CREATE_INDEX = manual("sql-createindex")
DROP_INDEX = manual("sql-dropindex")
REINDEX = manual("sql-reindex")
ALTER_INDEX = manual("sql-alterindex")

_AGE = "CREATE INDEX users_age ON users (age)"

_EVERYTHING = (
    ("SCHEMA", "REINDEX_OBJECT_SCHEMA"),
    ("SYSTEM", "REINDEX_OBJECT_SYSTEM"),
    ("DATABASE", "REINDEX_OBJECT_DATABASE"),
)

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
        INDEX_BUILD(INDEXED),
        source=CREATE_INDEX,
        probe=probe(EVENTS, "CREATE INDEX events_kind ON events (kind)"),
    ),
    row(
        Kind.DROP_INDEX,
        AX(TARGET),
        SUX(TABLE_OF_INDEX),
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
    *(
        row(
            Kind.REINDEX,
            S(EVERY_TABLE),
            AX(EVERY_INDEX),
            INDEX_BUILD(EVERY_INDEX),
            when=is_kind(words, kind),
            source=REINDEX,
            outside=f"REINDEX {words}",
            probe=probe(USERS, f"REINDEX {words} {'public' if words == 'SCHEMA' else 'postgres'}"),
        )
        for words, kind in _EVERYTHING
    ),
    row(
        Kind.REINDEX,
        SUX(INDEXED_FAMILY),
        AX(INDEX_FAMILY),
        INDEX_BUILD(INDEX_FAMILY),
        WAIT(INDEXED_FAMILY),
        when=CONCURRENTLY,
        source=REINDEX,
        outside="REINDEX CONCURRENTLY",
        probe=probe(USERS, "REINDEX TABLE CONCURRENTLY users"),
    ),
    row(
        Kind.REINDEX,
        S(TARGET),
        when=both(is_kind("TABLE", "REINDEX_OBJECT_TABLE"), PARTITIONED),
        until=13,
        source=REINDEX,
        probe=probe(EVENTS, "CREATE INDEX ON events (kind)", "REINDEX TABLE events"),
    ),
    row(
        Kind.REINDEX,
        S(FAMILY),
        AX(TREE_TABLE_INDEXES),
        INDEX_BUILD(TREE_TABLE_INDEXES),
        when=both(is_kind("TABLE", "REINDEX_OBJECT_TABLE"), PARTITIONED),
        since=14,
        source=REINDEX,
        outside="REINDEX TABLE",
        probe=probe(EVENTS, "CREATE INDEX ON events (kind)", "REINDEX TABLE events"),
    ),
    row(
        Kind.REINDEX,
        S(TARGET),
        AX(TREE_TABLE_INDEXES),
        INDEX_BUILD(TREE_TABLE_INDEXES),
        when=is_kind("TABLE", "REINDEX_OBJECT_TABLE"),
        source=REINDEX,
        probe=probe(USERS, _AGE, "REINDEX TABLE users"),
    ),
    row(
        Kind.REINDEX,
        S(INDEXED_FAMILY),
        AX(INDEX_FAMILY),
        INDEX_BUILD(INDEX_FAMILY),
        when=PARTITIONED,
        since=14,
        source=REINDEX,
        outside="REINDEX INDEX",
        probe=probe(EVENTS, "CREATE INDEX events_kind ON events (kind)", "REINDEX INDEX events_kind"),
    ),
    row(
        Kind.REINDEX,
        S(TABLE_OF_INDEX),
        AX(TARGET),
        INDEX_BUILD(TARGET),
        source=REINDEX,
        probe=probe(USERS, _AGE, "REINDEX INDEX users_age"),
    ),
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
