"""Lock rows: tables as a whole, their storage, owner, place, options and partitions."""

from __future__ import annotations

from raincheck.locks.conditions import EXISTS, OF_TYPE, lock_mode
from raincheck.locks.dropping import DROPPED
from raincheck.locks.modes import Mode
from raincheck.locks.partitioning import (
    DEFAULT_PARTITION,
    PARENT_INDEXES,
    PARENT_REFERENCED,
    PARENT_REFERENCING,
    PARTITION_OF,
    UNPROVEN_DEFAULT,
)
from raincheck.locks.probes import DOCS, EVENTS, FOREIGN, MOOD, ORDERS, USERS, probe
from raincheck.locks.queries import LOCKED, NAMED, NO_DATA, READ
from raincheck.locks.row import AS, AX, NEW_FILE, SCAN, SRX, SUX, TOUCH, Lock, manual, row
from raincheck.locks.selectors import (
    INHERITED,
    LIKED,
    OWNED_SEQUENCES,
    RESTARTED_SEQUENCES,
    TARGET,
    TRUNCATED,
    TRUNCATED_ANCESTORS,
    TRUNCATED_INDEXES,
)
from raincheck.sql.kinds import Kind

ALTER_TABLE = manual("sql-altertable")
CREATE_TABLE = manual("sql-createtable")
CREATE_FOREIGN_TABLE = manual("sql-createforeigntable")

ROWS = (
    row(
        Kind.CREATE_TABLE,
        when=EXISTS,
        source=CREATE_TABLE,
        probe=probe(USERS, "CREATE TABLE IF NOT EXISTS users ()"),
    ),
    row(
        Kind.CREATE_TABLE,
        AX(INHERITED),
        SUX(PARENT_INDEXES),
        SRX(PARENT_REFERENCED),
        AS(PARENT_REFERENCING, until=14),
        SRX(PARENT_REFERENCING, since=15),
        AX(DEFAULT_PARTITION),
        SCAN(UNPROVEN_DEFAULT),
        when=PARTITION_OF,
        source=CREATE_TABLE,
        probe=probe(
            EVENTS,
            "CREATE INDEX events_kind ON events (kind)",
            "CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
        ),
    ),
    row(
        Kind.CREATE_TABLE,
        SUX(INHERITED),
        AS(LIKED),
        source=CREATE_TABLE,
        probe=probe(DOCS, "CREATE TABLE drafts (LIKE old_docs) INHERITS (docs)"),
    ),
    row(
        Kind.CREATE_FOREIGN_TABLE,
        AX(INHERITED),
        SUX(PARENT_INDEXES),
        AX(DEFAULT_PARTITION),
        SCAN(UNPROVEN_DEFAULT),
        when=PARTITION_OF,
        source=CREATE_FOREIGN_TABLE,
        probe=probe(
            EVENTS,
            *FOREIGN,
            "CREATE FOREIGN TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"
            " SERVER files OPTIONS (filename '/dev/null')",
        ),
    ),
    row(
        Kind.CREATE_FOREIGN_TABLE,
        SUX(INHERITED),
        source=CREATE_FOREIGN_TABLE,
        probe=probe(
            DOCS,
            *FOREIGN,
            "CREATE FOREIGN TABLE drafts () INHERITS (docs) SERVER files OPTIONS (filename '/dev/null')",
        ),
    ),
    row(
        Kind.CREATE_TABLE_AS,
        AS(NAMED),
        when=NO_DATA,
        source=manual("sql-createtableas"),
        probe=probe(USERS, "CREATE TABLE copies AS SELECT * FROM users WITH NO DATA"),
    ),
    row(
        Kind.CREATE_TABLE_AS,
        AS(READ),
        TOUCH(NAMED),
        source=manual("sql-createtableas"),
        probe=probe(USERS, "CREATE TABLE copies AS SELECT * FROM users"),
    ),
    row(
        Kind.DROP_TABLE,
        AX(DROPPED),
        source=manual("sql-droptable"),
        probe=probe(ORDERS, "DROP TABLE orders"),
    ),
    row(
        Kind.RENAME_TABLE,
        AX(TARGET),
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users RENAME TO people"),
    ),
    row(
        Kind.SET_SCHEMA,
        when=OF_TYPE,
        source=manual("sql-altertype"),
        probe=probe(MOOD, "CREATE SCHEMA archive", "ALTER TYPE mood SET SCHEMA archive"),
    ),
    row(
        Kind.SET_SCHEMA,
        AX(TARGET),
        AX(OWNED_SEQUENCES),
        source=ALTER_TABLE,
        probe=probe(ORDERS, "CREATE SCHEMA archive", "ALTER TABLE orders SET SCHEMA archive"),
    ),
    row(
        Kind.TRUNCATE,
        AX(TRUNCATED),
        AX(TRUNCATED_INDEXES),
        AS(TRUNCATED_ANCESTORS, until=13),
        AX(RESTARTED_SEQUENCES),
        NEW_FILE(TRUNCATED),
        NEW_FILE(TRUNCATED_INDEXES),
        source=manual("sql-truncate"),
        probe=probe(ORDERS, "TRUNCATE users, orders RESTART IDENTITY"),
    ),
    *(
        row(
            Kind.LOCK_TABLE,
            Lock(mode, LOCKED),
            when=lock_mode(mode),
            source=manual("sql-lock"),
            probe=probe(USERS, f"LOCK TABLE users IN {mode.sql} MODE"),
        )
        for mode in Mode
    ),
)
