"""Lock rows: new columns."""

from __future__ import annotations

from raincheck.locks.new_columns import (
    COLUMN_EXISTS,
    CONSTRAINED_DOMAIN,
    DEFAULT_SEQUENCES,
    REQUIRED,
    SERIAL,
    STORED,
    UNKNOWN_DEFAULT,
    VIRTUAL,
    VIRTUAL_REQUIRED,
    VOLATILE,
)
from raincheck.locks.probes import USERS, probe
from raincheck.locks.row import AX, INDEX_BUILD, REWRITE, RX, SCAN, manual, row
from raincheck.locks.selectors import INDEXES, TARGET, TREE
from raincheck.sql.kinds import Kind

ALTER_TABLE = manual("sql-altertable")

_REWRITE = (AX(TREE), AX(INDEXES), REWRITE(TREE), INDEX_BUILD(INDEXES))

ROWS = (
    row(
        Kind.ADD_COLUMN,
        AX(TARGET),
        when=COLUMN_EXISTS,
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users ADD COLUMN IF NOT EXISTS age integer"),
    ),
    row(
        Kind.ADD_COLUMN,
        *_REWRITE,
        when=SERIAL,
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users ADD COLUMN number bigserial"),
    ),
    row(
        Kind.ADD_COLUMN,
        *_REWRITE,
        when=STORED,
        source=ALTER_TABLE,
        probe=probe(
            USERS, "ALTER TABLE users ADD COLUMN size integer GENERATED ALWAYS AS (length(name)) STORED"
        ),
    ),
    row(
        Kind.ADD_COLUMN,
        AX(TREE),
        SCAN(TREE),
        when=VIRTUAL_REQUIRED,
        since=18,
        source=ALTER_TABLE,
        probe=probe(
            USERS,
            "ALTER TABLE users ADD COLUMN size integer GENERATED ALWAYS AS (length(name)) VIRTUAL NOT NULL",
        ),
    ),
    row(
        Kind.ADD_COLUMN,
        AX(TREE),
        when=VIRTUAL,
        since=18,
        source=ALTER_TABLE,
        probe=probe(
            USERS, "ALTER TABLE users ADD COLUMN size integer GENERATED ALWAYS AS (length(name)) VIRTUAL"
        ),
    ),
    row(
        Kind.ADD_COLUMN,
        *_REWRITE,
        RX(DEFAULT_SEQUENCES),
        when=VOLATILE,
        source=ALTER_TABLE,
        probe=probe(
            USERS,
            "CREATE SEQUENCE numbers",
            "ALTER TABLE users ADD COLUMN number bigint DEFAULT nextval('numbers')",
        ),
    ),
    row(
        Kind.ADD_COLUMN,
        *_REWRITE,
        when=CONSTRAINED_DOMAIN,
        source=ALTER_TABLE,
        probe=probe(
            USERS,
            "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
            "ALTER TABLE users ADD COLUMN score positive DEFAULT 1",
        ),
    ),
    row(
        Kind.ADD_COLUMN,
        AX(TREE),
        when=UNKNOWN_DEFAULT,
        source=ALTER_TABLE,
        unknown="whether the default of {name}.{column} is volatile, which would rewrite the table",
        probe=probe(
            USERS,
            "CREATE EXTENSION fuzzystrmatch",
            "ALTER TABLE users ADD COLUMN sound text DEFAULT soundex('n')",
        ),
    ),
    row(
        Kind.ADD_COLUMN,
        AX(TREE),
        SCAN(TREE),
        when=REQUIRED,
        source=ALTER_TABLE,
        probe=probe(
            ("CREATE TABLE users (id integer)",), "ALTER TABLE users ADD COLUMN country text NOT NULL"
        ),
    ),
    row(
        Kind.ADD_COLUMN,
        AX(TREE),
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users ADD COLUMN country text NOT NULL DEFAULT 'XX'"),
    ),
)
