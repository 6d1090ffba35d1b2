"""Lock rows: the storage, owner, options and partitions of tables."""

from __future__ import annotations

from raincheck.locks.conditions import HEAP, INHERITING, LIGHT, SAME_PERSISTENCE, SAME_TABLESPACE
from raincheck.locks.modes import Mode
from raincheck.locks.owning import SAME_OWNER
from raincheck.locks.partitioning import (
    ATTACHED_INDEXES,
    CONCURRENT,
    DEFAULT_ITSELF,
    DEFAULT_PARTITION,
    FINALIZE,
    MISTAKEN,
    NEWLY_CHECKED_PARTITION,
    NEWLY_CHECKING_INDEXES,
    PARENT_INDEXES,
    PARENT_REFERENCED,
    PARENT_REFERENCED_PLAIN,
    PARENT_REFERENCED_ROOT,
    PARENT_REFERENCED_TWICE,
    PARENT_REFERENCING,
    PARTITION,
    PARTITION_FAMILY,
    REFERENCED_PARTITION,
    SUBPARTITIONS,
    TRIGGERED_PARTITION,
    UNINDEXED_PARTITION,
    UNPROVEN_DEFAULT,
    UNPROVEN_PARTITION,
    UNREFERENCING,
)
from raincheck.locks.probes import DOCS, EVENTS, FOREIGN, ORDERS, SPARE, USERS, probe
from raincheck.locks.row import AS, AX, INDEX_BUILD, REWRITE, SCAN, SRX, SUX, WAIT, Lock, manual, row
from raincheck.locks.selectors import (
    ANCESTORS,
    CLUSTERED,
    NAMED_INDEX,
    NEW_PARENT,
    OF_COMPOSITE,
    OWN_INDEXES,
    OWNED_SEQUENCES,
    TARGET,
    TREE,
)
from raincheck.sql.kinds import Kind

ALTER_TABLE = manual("sql-altertable")
_REWRITE = (AX(TARGET), AX(OWN_INDEXES), REWRITE(TARGET), INDEX_BUILD(OWN_INDEXES))

STORAGE = (
    row(
        Kind.SET_OPTIONS,
        SUX(TARGET),
        when=LIGHT,
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users SET (fillfactor = 80, autovacuum_enabled = off)"),
    ),
    row(
        Kind.SET_OPTIONS,
        AX(TARGET),
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users SET (user_catalog_table = true)"),
    ),
    row(
        Kind.SET_LOGGED,
        AX(TARGET),
        when=SAME_PERSISTENCE,
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users SET LOGGED"),
    ),
    row(
        Kind.SET_LOGGED,
        *_REWRITE,
        AX(OWNED_SEQUENCES, since=15),
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users SET UNLOGGED"),
    ),
    row(
        Kind.SET_TABLESPACE,
        AX(TARGET),
        when=SAME_TABLESPACE,
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users SET TABLESPACE pg_default"),
    ),
    row(
        Kind.SET_TABLESPACE,
        AX(TARGET),
        REWRITE(TARGET),
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users SET TABLESPACE elsewhere"),
    ),
    row(
        Kind.SET_ACCESS_METHOD,
        AX(TARGET),
        when=HEAP,
        source=ALTER_TABLE,
        since=15,
        probe=probe(USERS, "ALTER TABLE users SET ACCESS METHOD heap"),
    ),
    row(
        Kind.SET_ACCESS_METHOD,
        *_REWRITE,
        source=ALTER_TABLE,
        since=15,
        probe=probe(
            USERS,
            "CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler",
            "ALTER TABLE users SET ACCESS METHOD heap2",
        ),
    ),
    row(
        Kind.CLUSTER_ON,
        SUX(TARGET),
        SUX(CLUSTERED),
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users CLUSTER ON users_pkey"),
    ),
    row(
        Kind.REPLICA_IDENTITY,
        AX(TARGET),
        Lock(Mode.SHARE, NAMED_INDEX),
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users REPLICA IDENTITY USING INDEX users_pkey"),
    ),
    row(
        Kind.CHANGE_OWNER,
        AX(TARGET),
        when=SAME_OWNER,
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users OWNER TO CURRENT_USER"),
    ),
    row(
        Kind.CHANGE_OWNER,
        AX(TARGET),
        AX(OWN_INDEXES),
        AX(OWNED_SEQUENCES),
        source=ALTER_TABLE,
        probe=probe(ORDERS, "ALTER TABLE orders OWNER TO pg_monitor"),
    ),
)

OTHERS = (
    row(
        Kind.SET_OF_TYPE,
        AX(TARGET),
        AS(OF_COMPOSITE),
        source=ALTER_TABLE,
        probe=probe(
            ("CREATE TYPE pair AS (a integer, b text)", "CREATE TABLE pairs (a integer, b text)"),
            "ALTER TABLE pairs OF pair",
        ),
    ),
    row(
        Kind.SET_WITHOUT_OIDS,
        AX(TARGET),
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users SET WITHOUT OIDS"),
    ),
    row(
        Kind.SET_FOREIGN_OPTIONS,
        AX(TARGET),
        source=manual("sql-alterforeigntable"),
        probe=probe(FOREIGN, "ALTER FOREIGN TABLE strangers OPTIONS (ADD format 'csv')"),
    ),
)

PARTITIONING = (
    row(
        Kind.INHERIT,
        AX(TARGET),
        AS(TREE),
        SUX(NEW_PARENT),
        when=INHERITING,
        source=ALTER_TABLE,
        probe=probe(
            DOCS, "CREATE TABLE drafts (id integer NOT NULL, title text)", "ALTER TABLE drafts INHERIT docs"
        ),
    ),
    row(
        Kind.INHERIT,
        AX(TARGET),
        AS(NEW_PARENT),
        source=ALTER_TABLE,
        probe=probe(DOCS, "ALTER TABLE old_docs NO INHERIT docs"),
    ),
    row(
        Kind.ATTACH_PARTITION,
        SUX(TARGET),
        AX(PARTITION_FAMILY),
        AS(ANCESTORS),
        SUX(PARENT_INDEXES),
        AX(DEFAULT_PARTITION),
        SRX(PARENT_REFERENCED),
        AX(PARENT_REFERENCED_TWICE),
        AS(PARENT_REFERENCING, until=14),
        SRX(PARENT_REFERENCING, since=15),
        AS(NEWLY_CHECKING_INDEXES),
        SCAN(UNPROVEN_PARTITION),
        SCAN(UNPROVEN_DEFAULT),
        SCAN(NEWLY_CHECKED_PARTITION),
        INDEX_BUILD(UNINDEXED_PARTITION),
        source=manual("sql-altertable") + "#SQL-ALTERTABLE-ATTACH-PARTITION",
        probe=probe(
            SPARE,
            "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
        ),
    ),
    row(
        Kind.DETACH_PARTITION,
        SUX(TARGET),
        AX(PARTITION),
        AX(ATTACHED_INDEXES),
        SRX(PARENT_REFERENCED),
        AX(PARENT_REFERENCING),
        WAIT(TARGET),
        when=CONCURRENT,
        since=14,
        source=manual("sql-altertable") + "#SQL-ALTERTABLE-DETACH-PARTITION",
        outside="ALTER TABLE ... DETACH CONCURRENTLY",
        probe=probe(EVENTS, "ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY"),
    ),
    row(
        Kind.DETACH_PARTITION,
        SUX(TARGET),
        AX(PARTITION),
        AX(ATTACHED_INDEXES),
        SRX(PARENT_REFERENCED),
        AX(PARENT_REFERENCING),
        when=FINALIZE,
        since=14,
        source=manual("sql-altertable") + "#SQL-ALTERTABLE-DETACH-PARTITION",
    ),
    row(
        Kind.DETACH_PARTITION,
        AX(TARGET),
        SUX(PARTITION, until=13),
        AX(PARTITION, since=14),
        AX(SUBPARTITIONS),
        AX(ATTACHED_INDEXES),
        AX(DEFAULT_ITSELF),
        SRX(PARENT_REFERENCED, since=15),
        SRX(PARENT_REFERENCED_PLAIN, until=14),
        SRX(PARENT_REFERENCED_ROOT, until=12),
        AX(REFERENCED_PARTITION),
        AX(TRIGGERED_PARTITION),
        AX(PARENT_REFERENCING),
        AX(MISTAKEN),
        AS(UNREFERENCING),
        source=manual("sql-altertable") + "#SQL-ALTERTABLE-DETACH-PARTITION",
        probe=probe(EVENTS, "ALTER TABLE events DETACH PARTITION events_2024"),
    ),
)

ROWS = (*STORAGE, *OTHERS, *PARTITIONING)
