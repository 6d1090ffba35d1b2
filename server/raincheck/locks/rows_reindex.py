"""Lock rows: REINDEX and CLUSTER."""

from __future__ import annotations

from raincheck.locks.conditions import CONCURRENTLY, is_kind
from raincheck.locks.probes import EVENTS, NOTHING, USERS, probe
from raincheck.locks.reindexing import (
    ALL_LEAF_INDEXES,
    ATTACHED_INDEXES,
    CLUSTERED_TABLES,
    CLUSTERED_TABLES_INDEXES,
    CLUSTERING_INDEX,
    EVERY_INDEX,
    EVERY_TABLE,
    EVERYTHING,
    LEAF_INDEXES,
    LEAVES,
    NO_TABLE,
    OF_TABLE,
    PARTITIONED,
    REBUILT,
    SYSTEM,
    TABLE_OR_OF_INDEX,
    TABLE_PARTITIONS,
)
from raincheck.locks.row import AS, AX, INDEX_BUILD, REWRITE, SUX, WAIT, S, both, manual, row
from raincheck.locks.selectors import OWN_INDEXES, TARGET
from raincheck.sql.kinds import Kind

SOURCE = manual("sql-reindex")
CLUSTER_SOURCE = manual("sql-cluster")
REBUILDING = manual("sql-reindex") + "#SQL-REINDEX-CONCURRENTLY"

_AGE = "CREATE INDEX users_age ON users (age)"
_KIND = "CREATE INDEX events_kind ON events (kind)"

REINDEX = (
    row(
        Kind.REINDEX,
        when=SYSTEM,
        source=SOURCE,
        outside="REINDEX SYSTEM",
        probe=probe(NOTHING, "REINDEX SYSTEM postgres"),
    ),
    row(
        Kind.REINDEX,
        SUX(EVERY_TABLE),
        SUX(EVERY_INDEX),
        AX(EVERY_INDEX, late=True),
        INDEX_BUILD(EVERY_INDEX),
        WAIT(EVERY_TABLE),
        when=both(EVERYTHING, CONCURRENTLY),
        source=REBUILDING,
        outside="REINDEX CONCURRENTLY",
        probe=probe(USERS, "REINDEX SCHEMA CONCURRENTLY public"),
    ),
    *(
        row(
            Kind.REINDEX,
            S(EVERY_TABLE),
            AX(EVERY_INDEX),
            INDEX_BUILD(EVERY_INDEX),
            when=is_kind(words, f"REINDEX_OBJECT_{words}"),
            source=SOURCE,
            outside=f"REINDEX {words}",
            probe=probe(USERS, f"REINDEX {words} {name}"),
        )
        for words, name in (("SCHEMA", "public"), ("DATABASE", "postgres"))
    ),
    row(
        Kind.REINDEX,
        SUX(TARGET),
        S(TABLE_PARTITIONS),
        SUX(LEAF_INDEXES),
        AX(LEAF_INDEXES, late=True),
        INDEX_BUILD(LEAF_INDEXES),
        WAIT(LEAVES),
        when=both(both(OF_TABLE, PARTITIONED), CONCURRENTLY),
        since=14,
        source=REBUILDING,
        outside="REINDEX CONCURRENTLY",
        probe=probe(EVENTS, _KIND, "REINDEX TABLE CONCURRENTLY events"),
    ),
    row(
        Kind.REINDEX,
        S(TARGET),
        when=both(OF_TABLE, PARTITIONED),
        until=13,
        source=SOURCE,
        probe=probe(EVENTS, _KIND, "REINDEX TABLE events"),
    ),
    row(
        Kind.REINDEX,
        S(TARGET),
        S(TABLE_PARTITIONS),
        AX(LEAF_INDEXES),
        INDEX_BUILD(LEAF_INDEXES),
        when=both(OF_TABLE, PARTITIONED),
        since=14,
        source=SOURCE,
        outside="REINDEX TABLE",
        probe=probe(EVENTS, _KIND, "REINDEX TABLE events"),
    ),
    row(
        Kind.REINDEX,
        SUX(TABLE_OR_OF_INDEX),
        SUX(TARGET),
        S(ATTACHED_INDEXES),
        SUX(LEAVES),
        AX(LEAF_INDEXES, late=True),
        INDEX_BUILD(LEAF_INDEXES),
        WAIT(LEAVES),
        when=both(PARTITIONED, CONCURRENTLY),
        since=14,
        source=REBUILDING,
        outside="REINDEX CONCURRENTLY",
        probe=probe(EVENTS, _KIND, "REINDEX INDEX CONCURRENTLY events_kind"),
    ),
    row(
        Kind.REINDEX,
        S(TABLE_OR_OF_INDEX),
        AX(TARGET),
        S(ATTACHED_INDEXES),
        S(LEAVES),
        AX(LEAF_INDEXES),
        INDEX_BUILD(LEAF_INDEXES),
        when=PARTITIONED,
        since=14,
        source=SOURCE,
        outside="REINDEX INDEX",
        probe=probe(EVENTS, _KIND, "REINDEX INDEX events_kind"),
    ),
    row(
        Kind.REINDEX,
        SUX(TABLE_OR_OF_INDEX),
        SUX(REBUILT),
        AX(REBUILT, late=True),
        INDEX_BUILD(REBUILT),
        WAIT(TABLE_OR_OF_INDEX),
        when=CONCURRENTLY,
        source=REBUILDING,
        outside="REINDEX CONCURRENTLY",
        probe=probe(USERS, "REINDEX TABLE CONCURRENTLY users"),
    ),
    row(
        Kind.REINDEX,
        S(TABLE_OR_OF_INDEX),
        AX(REBUILT),
        INDEX_BUILD(REBUILT),
        source=SOURCE,
        probe=probe(USERS, _AGE, "REINDEX INDEX users_age"),
    ),
)

CLUSTER = (
    row(
        Kind.CLUSTER,
        AX(CLUSTERED_TABLES),
        AX(CLUSTERED_TABLES_INDEXES),
        REWRITE(CLUSTERED_TABLES),
        INDEX_BUILD(CLUSTERED_TABLES_INDEXES),
        when=NO_TABLE,
        source=CLUSTER_SOURCE,
        outside="CLUSTER",
        probe=probe(USERS, "CLUSTER users USING users_pkey", "CLUSTER"),
    ),
    row(
        Kind.CLUSTER,
        AX(TARGET),
        AS(CLUSTERING_INDEX),
        AX(LEAVES),
        AX(ALL_LEAF_INDEXES),
        REWRITE(LEAVES),
        INDEX_BUILD(ALL_LEAF_INDEXES),
        when=PARTITIONED,
        since=15,
        source=CLUSTER_SOURCE,
        outside="CLUSTER",
        probe=probe(EVENTS, _KIND, "CLUSTER events USING events_kind"),
    ),
    row(
        Kind.CLUSTER,
        AX(TARGET),
        AX(OWN_INDEXES),
        REWRITE(TARGET),
        INDEX_BUILD(OWN_INDEXES),
        source=CLUSTER_SOURCE,
        probe=probe(USERS, _AGE, "CLUSTER users USING users_age"),
    ),
)
