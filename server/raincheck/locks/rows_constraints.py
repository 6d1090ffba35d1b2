"""Lock rows: constraints."""

from __future__ import annotations

from raincheck.locks.conditions import KEY_MAY_BE_NULL, NOT_VALID, USING_INDEX
from raincheck.locks.foreign_keys import CHECKING_INDEXES, CREATING, NAME_TAKEN, NOT_CHECKED, REFERENCED
from raincheck.locks.indexing import BUILT, TAKEN_INDEXES
from raincheck.locks.probes import EVENTS, UNTIED, USERS, probe, swallowed
from raincheck.locks.row import AS, AX, INDEX_BUILD, SCAN, SRX, SUX, S, both, manual, row
from raincheck.locks.selectors import (
    CHECKED,
    DEFERRING_PARTITIONS,
    FAMILY,
    KEY_NULLABLE,
    KEYED_PARTITIONS,
    NAMED_INDEX,
    NEWLY_REQUIRED,
    NULLABLE,
    RENAMED_INDEX,
    TARGET,
    TREE,
)
from raincheck.sql.kinds import Kind

ALTER_TABLE = manual("sql-altertable")
CREATE_TABLE = manual("sql-createtable")

_KEY = "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id)"

_INDEXED = {
    Kind.ADD_UNIQUE: "UNIQUE (code)",
    Kind.ADD_PRIMARY_KEY: "PRIMARY KEY (code)",
    Kind.ADD_EXCLUSION: "EXCLUDE (code WITH =)",
}

_CODES = ("CREATE TABLE codes (code text, CONSTRAINT taken UNIQUE (code))",)

CHECKS = (
    row(
        Kind.ADD_CHECK,
        when=CREATING,
        source=CREATE_TABLE,
        probe=probe((), "CREATE TABLE codes (code text CHECK (code <> ''))"),
    ),
    row(
        Kind.ADD_CHECK,
        AX(TARGET),
        when=NAME_TAKEN,
        source=ALTER_TABLE,
        fails="duplicate_object",
        probe=swallowed(_CODES, "ADD CONSTRAINT taken CHECK (code <> '')", "duplicate_object"),
    ),
    row(
        Kind.ADD_CHECK,
        AX(CHECKED),
        AX(TREE, since=18),
        when=NOT_VALID,
        source=ALTER_TABLE,
        probe=probe(EVENTS, "ALTER TABLE events ADD CHECK (id > 0) NOT VALID"),
    ),
    row(
        Kind.ADD_CHECK,
        AX(CHECKED),
        AX(TREE, since=18),
        SCAN(CHECKED),
        source=ALTER_TABLE,
        probe=probe(EVENTS, "ALTER TABLE events ADD CHECK (id > 0)"),
    ),
    row(
        Kind.ADD_NOT_NULL,
        AX(TREE),
        when=NOT_VALID,
        since=18,
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users ADD CONSTRAINT users_name NOT NULL name NOT VALID"),
    ),
    row(
        Kind.ADD_NOT_NULL,
        AX(TREE),
        SCAN(NULLABLE),
        since=18,
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users ADD CONSTRAINT users_name NOT NULL name"),
    ),
)

KEYS = (
    *(
        row(
            kind,
            when=CREATING,
            source=CREATE_TABLE,
            probe=probe((), f"CREATE TABLE codes (code text, {form})"),
        )
        for kind, form in _INDEXED.items()
    ),
    *(
        row(
            kind,
            AX(TARGET),
            when=NAME_TAKEN,
            source=ALTER_TABLE,
            fails="duplicate_table",
            probe=swallowed(_CODES, f"ADD CONSTRAINT taken {form}", "duplicate_table"),
        )
        for kind, form in _INDEXED.items()
    ),
    row(
        Kind.ADD_UNIQUE,
        AX(TARGET),
        AS(NAMED_INDEX),
        SUX(RENAMED_INDEX),
        when=USING_INDEX,
        source=ALTER_TABLE,
        probe=probe(
            USERS,
            "CREATE UNIQUE INDEX users_email ON users (email)",
            "ALTER TABLE users ADD UNIQUE USING INDEX users_email",
        ),
    ),
    row(
        Kind.ADD_UNIQUE,
        AX(TARGET),
        S(KEYED_PARTITIONS, until=17),
        SRX(DEFERRING_PARTITIONS, until=17),
        AX(TREE, since=18),
        S(TAKEN_INDEXES),
        INDEX_BUILD(BUILT),
        source=ALTER_TABLE,
        probe=probe(EVENTS, "ALTER TABLE events ADD UNIQUE (id, at)"),
    ),
    row(
        Kind.ADD_PRIMARY_KEY,
        AX(TREE),
        AS(NAMED_INDEX),
        SUX(RENAMED_INDEX),
        SCAN(KEY_NULLABLE),
        when=both(USING_INDEX, KEY_MAY_BE_NULL),
        source=ALTER_TABLE,
        probe=probe(
            ("CREATE TABLE codes (code text)", "CREATE UNIQUE INDEX codes_code ON codes (code)"),
            "ALTER TABLE codes ADD PRIMARY KEY USING INDEX codes_code",
        ),
    ),
    row(
        Kind.ADD_PRIMARY_KEY,
        AX(TARGET),
        AX(NEWLY_REQUIRED),
        AS(NAMED_INDEX),
        SUX(RENAMED_INDEX),
        when=USING_INDEX,
        source=ALTER_TABLE,
        probe=probe(
            ("CREATE TABLE codes (code text NOT NULL)", "CREATE UNIQUE INDEX codes_code ON codes (code)"),
            "ALTER TABLE codes ADD PRIMARY KEY USING INDEX codes_code",
        ),
    ),
    row(
        Kind.ADD_PRIMARY_KEY,
        AX(TREE),
        S(TAKEN_INDEXES),
        INDEX_BUILD(BUILT),
        SCAN(KEY_NULLABLE),
        when=KEY_MAY_BE_NULL,
        source=ALTER_TABLE,
        probe=probe(("CREATE TABLE codes (code text)",), "ALTER TABLE codes ADD PRIMARY KEY (code)"),
    ),
    row(
        Kind.ADD_PRIMARY_KEY,
        AX(TARGET),
        AX(NEWLY_REQUIRED),
        S(KEYED_PARTITIONS, until=17),
        SRX(DEFERRING_PARTITIONS, until=17),
        AX(TREE, since=18),
        S(TAKEN_INDEXES),
        INDEX_BUILD(BUILT),
        source=ALTER_TABLE,
        probe=probe(EVENTS, "ALTER TABLE events ADD PRIMARY KEY (id, at)"),
    ),
    row(
        Kind.ADD_EXCLUSION,
        AX(TARGET),
        AX(TREE, since=18),
        S(TAKEN_INDEXES),
        INDEX_BUILD(BUILT),
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users ADD EXCLUDE (email WITH =)"),
    ),
)

FOREIGN_KEYS = (
    row(
        Kind.ADD_FOREIGN_KEY,
        SRX(REFERENCED),
        when=CREATING,
        source=CREATE_TABLE,
        probe=probe(USERS, "CREATE TABLE notes (user_id integer REFERENCES users (id))"),
    ),
    row(
        Kind.ADD_FOREIGN_KEY,
        SRX(TARGET),
        when=NAME_TAKEN,
        source=ALTER_TABLE,
        fails="duplicate_object",
        probe=swallowed(
            _CODES, "ADD CONSTRAINT taken FOREIGN KEY (code) REFERENCES codes", "duplicate_object"
        ),
    ),
    row(
        Kind.ADD_FOREIGN_KEY,
        SRX(FAMILY),
        SRX(TREE, since=18),
        SRX(REFERENCED),
        when=NOT_CHECKED,
        source=ALTER_TABLE,
        probe=probe(UNTIED, f"{_KEY} NOT VALID"),
    ),
    row(
        Kind.ADD_FOREIGN_KEY,
        SRX(FAMILY),
        SRX(TREE, since=18),
        SRX(REFERENCED),
        AS(CHECKING_INDEXES),
        SCAN(FAMILY),
        source=ALTER_TABLE,
        probe=probe(UNTIED, _KEY),
    ),
)

ROWS = (*CHECKS, *KEYS, *FOREIGN_KEYS)
