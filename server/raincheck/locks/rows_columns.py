"""Lock rows: the columns of a table."""

from __future__ import annotations

from raincheck.locks.conditions import ALREADY_NOT_NULL, ALREADY_NULLABLE, PROVEN_NOT_NULL, STORED_COLUMN
from raincheck.locks.dropping import DROPPED_WITH_COLUMN, LOSING
from raincheck.locks.probes import EVENTS, IN_NEW_YORK, USERS, probe
from raincheck.locks.retyping import (
    COLUMN_INDEXES,
    IDENTITY_SEQUENCES,
    KEYED_TABLES,
    NOT_ENFORCED_TABLES,
    REBUILT_INDEXES,
    RECHECKED,
    RECHECKING_INDEXES,
    REFERENCED_AGAIN,
    REFUSED,
    TYPE_REWRITES,
    TYPE_TURNS_ON_ZONE,
    TYPE_UNKNOWN,
    VERIFIED,
)
from raincheck.locks.row import AS, AX, INDEX_BUILD, REWRITE, SCAN, SRX, SUX, manual, row
from raincheck.locks.selectors import (
    COLUMN_SEQUENCE,
    INDEXES,
    NEWLY_NOT_NULL,
    NULLABLE,
    PARTITIONS,
    TARGET,
    TREE,
)
from raincheck.sql.kinds import Kind

ALTER_TABLE = manual("sql-altertable")

_REWRITE = (AX(TREE), AX(INDEXES), REWRITE(TREE), INDEX_BUILD(INDEXES))

_RETYPE = (
    AX(TREE),
    AX(COLUMN_INDEXES),
    AX(REBUILT_INDEXES),
    AX(KEYED_TABLES),
    SRX(NOT_ENFORCED_TABLES),
    SRX(REFERENCED_AGAIN),
    SRX(IDENTITY_SEQUENCES),
    AS(RECHECKING_INDEXES),
    REWRITE(TREE),
    INDEX_BUILD(REBUILT_INDEXES),
    SCAN(RECHECKED),
)

ALTER_COLUMN_TYPE = (
    row(Kind.ALTER_COLUMN_TYPE, AX(TREE), when=REFUSED, source=ALTER_TABLE),
    row(
        Kind.ALTER_COLUMN_TYPE,
        AX(TREE),
        AX(COLUMN_INDEXES),
        AX(KEYED_TABLES),
        SRX(NOT_ENFORCED_TABLES),
        SRX(REFERENCED_AGAIN),
        SRX(IDENTITY_SEQUENCES),
        when=TYPE_UNKNOWN,
        source=ALTER_TABLE,
        unknown="whether {name} is rewritten: the old or the new type of {column} is not known",
        probe=probe(
            ("CREATE TABLE ones AS SELECT 1 AS one",), "ALTER TABLE ones ALTER COLUMN one TYPE bigint"
        ),
    ),
    row(
        Kind.ALTER_COLUMN_TYPE,
        *_RETYPE,
        when=TYPE_TURNS_ON_ZONE,
        source=ALTER_TABLE,
        unknown="the session's TimeZone: where it is UTC, {name} is not rewritten",
        probe=probe(
            ("CREATE TABLE days (id integer PRIMARY KEY, day timestamp)",),
            IN_NEW_YORK,
            "ALTER TABLE days ALTER COLUMN day TYPE timestamptz",
        ),
    ),
    row(
        Kind.ALTER_COLUMN_TYPE,
        *_RETYPE,
        when=TYPE_REWRITES,
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users ALTER COLUMN id TYPE bigint"),
    ),
    row(
        Kind.ALTER_COLUMN_TYPE,
        AX(TREE),
        AX(COLUMN_INDEXES),
        AX(KEYED_TABLES),
        SRX(NOT_ENFORCED_TABLES),
        SRX(REFERENCED_AGAIN),
        SRX(IDENTITY_SEQUENCES),
        AS(RECHECKING_INDEXES),
        INDEX_BUILD(REBUILT_INDEXES),
        SCAN(VERIFIED),
        SCAN(RECHECKED),
        source=ALTER_TABLE,
        probe=probe(
            USERS,
            "CREATE INDEX users_name ON users (name)",
            "CREATE INDEX users_lower ON users (lower(name))",
            "ALTER TABLE users ADD CHECK (name <> '')",
            "ALTER TABLE users ALTER COLUMN name TYPE text",
        ),
    ),
)

OTHERS = (
    row(
        Kind.DROP_COLUMN,
        AX(LOSING),
        AX(DROPPED_WITH_COLUMN),
        source=ALTER_TABLE,
        probe=probe(USERS, "CREATE INDEX ON users (age, email)", "ALTER TABLE users DROP COLUMN age"),
    ),
    row(
        Kind.RENAME_COLUMN,
        AX(TREE),
        source=ALTER_TABLE,
        probe=probe(EVENTS, "ALTER TABLE events RENAME COLUMN kind TO sort"),
    ),
    row(
        Kind.SET_NOT_NULL,
        AX(TARGET),
        when=ALREADY_NOT_NULL,
        source=ALTER_TABLE,
        probe=probe(EVENTS, "ALTER TABLE events ALTER COLUMN id SET NOT NULL"),
    ),
    row(
        Kind.SET_NOT_NULL,
        AX(NEWLY_NOT_NULL),
        when=PROVEN_NOT_NULL,
        source=ALTER_TABLE,
        probe=probe(
            USERS,
            "ALTER TABLE users ADD CHECK (name IS NOT NULL)",
            "ALTER TABLE users ALTER COLUMN name SET NOT NULL",
        ),
    ),
    row(
        Kind.SET_NOT_NULL,
        AX(NEWLY_NOT_NULL),
        SCAN(NULLABLE),
        source=ALTER_TABLE,
        probe=probe(EVENTS, "ALTER TABLE events ALTER COLUMN kind SET NOT NULL"),
    ),
    row(
        Kind.DROP_NOT_NULL,
        AX(TARGET),
        when=ALREADY_NULLABLE,
        since=18,
        source=ALTER_TABLE,
        probe=probe(EVENTS, "ALTER TABLE events ALTER COLUMN kind DROP NOT NULL"),
    ),
    *(
        row(
            kind,
            AX(TREE),
            source=ALTER_TABLE,
            probe=probe(EVENTS, f"ALTER TABLE events ALTER COLUMN {change}"),
        )
        for kind, change in (
            (Kind.DROP_NOT_NULL, "id DROP NOT NULL"),
            (Kind.SET_DEFAULT, "kind SET DEFAULT 'k'"),
            (Kind.DROP_DEFAULT, "kind DROP DEFAULT"),
            (Kind.SET_STORAGE, "kind SET STORAGE EXTERNAL"),
        )
    ),
    row(
        Kind.ADD_IDENTITY,
        AX(TARGET),
        AX(PARTITIONS, since=17),
        source=ALTER_TABLE,
        probe=probe(EVENTS, "ALTER TABLE events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY"),
    ),
    row(
        Kind.SET_IDENTITY,
        AX(TARGET),
        AX(PARTITIONS, since=17),
        SRX(COLUMN_SEQUENCE),
        source=ALTER_TABLE,
        probe=probe(
            ("CREATE TABLE bills (id integer GENERATED ALWAYS AS IDENTITY)",),
            "ALTER TABLE bills ALTER COLUMN id SET START WITH 100",
        ),
    ),
    row(
        Kind.DROP_IDENTITY,
        AX(TARGET),
        AX(PARTITIONS, since=17),
        AX(COLUMN_SEQUENCE),
        source=ALTER_TABLE,
        probe=probe(
            ("CREATE TABLE bills (id integer GENERATED ALWAYS AS IDENTITY)",),
            "ALTER TABLE bills ALTER COLUMN id DROP IDENTITY",
        ),
    ),
    row(
        Kind.SET_EXPRESSION,
        *_REWRITE,
        when=STORED_COLUMN,
        since=17,
        source=ALTER_TABLE,
        probe=probe(
            USERS,
            "ALTER TABLE users ADD COLUMN size integer GENERATED ALWAYS AS (length(name)) STORED",
            "ALTER TABLE users ALTER COLUMN size SET EXPRESSION AS (length(name) + 1)",
        ),
    ),
    row(
        Kind.SET_EXPRESSION,
        AX(TREE),
        source=ALTER_TABLE,
        since=18,
        probe=probe(
            USERS,
            "ALTER TABLE users ADD COLUMN size integer GENERATED ALWAYS AS (length(name)) VIRTUAL",
            "ALTER TABLE users ALTER COLUMN size SET EXPRESSION AS (length(name) + 1)",
        ),
    ),
    row(
        Kind.DROP_EXPRESSION,
        AX(TREE),
        source=ALTER_TABLE,
        since=13,
        probe=probe(
            USERS,
            "ALTER TABLE users ADD COLUMN size integer GENERATED ALWAYS AS (length(name)) STORED",
            "ALTER TABLE users ALTER COLUMN size DROP EXPRESSION",
        ),
    ),
    row(
        Kind.SET_COMPRESSION,
        AX(TARGET),
        source=ALTER_TABLE,
        since=14,
        probe=probe(EVENTS, "ALTER TABLE events ALTER COLUMN kind SET COMPRESSION pglz"),
    ),
    row(
        Kind.SET_STATISTICS,
        SUX(TREE),
        source=ALTER_TABLE,
        probe=probe(EVENTS, "ALTER TABLE events ALTER COLUMN kind SET STATISTICS 100"),
    ),
    row(
        Kind.SET_COLUMN_OPTIONS,
        SUX(TARGET),
        source=ALTER_TABLE,
        probe=probe(EVENTS, "ALTER TABLE events ALTER COLUMN kind SET (n_distinct = 5)"),
    ),
)

ROWS = (*ALTER_COLUMN_TYPE, *OTHERS)
