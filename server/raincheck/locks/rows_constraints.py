"""Lock rows: constraints."""

from __future__ import annotations

from raincheck.locks.conditions import (
    ALREADY_VALID,
    ENFORCED,
    IS_CHECK,
    IS_FOREIGN_KEY,
    IS_KEY,
    IS_NOT_NULL,
    KEY_MAY_BE_NULL,
    NOT_ENFORCED,
    NOT_VALID,
    USING_INDEX,
    VALIDATES_FOREIGN_KEY,
    VALIDATES_UNKNOWN,
)
from raincheck.locks.dropping import DROPPED_WITH_KEY
from raincheck.locks.foreign_keys import (
    CHECKING_INDEXES,
    CREATING,
    NAME_TAKEN,
    NAMED_REFERENCED,
    NOT_CHECKED,
    REFERENCED,
)
from raincheck.locks.probes import EVENTS, ORDERS, UNTIED, USERS, probe
from raincheck.locks.row import AS, AX, INDEX_BUILD, RS, SCAN, SRX, SUX, S, both, manual, row
from raincheck.locks.selectors import (
    CHECKED,
    FAMILY,
    NAMED_INDEX,
    NULLABLE,
    PARTITIONS,
    RENAMED_INDEX,
    TARGET,
    TREE,
)
from raincheck.sql.kinds import Kind

ALTER_TABLE = manual("sql-altertable")
CREATE_TABLE = manual("sql-createtable")

_CODE = "ALTER TABLE users ADD CONSTRAINT users_age CHECK (age > 0)"
_KEY = "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id)"

_INDEXED = (Kind.ADD_UNIQUE, Kind.ADD_PRIMARY_KEY, Kind.ADD_EXCLUSION)

CHECKS = (
    row(Kind.ADD_CHECK, when=CREATING, source=CREATE_TABLE),
    row(Kind.ADD_CHECK, AX(TARGET), when=NAME_TAKEN, source=ALTER_TABLE),
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
    *(row(kind, when=CREATING, source=CREATE_TABLE) for kind in _INDEXED),
    *(row(kind, AX(TARGET), when=NAME_TAKEN, source=ALTER_TABLE) for kind in _INDEXED),
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
        S(PARTITIONS, until=17),
        AX(TREE, since=18),
        INDEX_BUILD(FAMILY),
        source=ALTER_TABLE,
        probe=probe(EVENTS, "ALTER TABLE events ADD UNIQUE (id, at)"),
    ),
    row(
        Kind.ADD_PRIMARY_KEY,
        AX(TARGET),
        AS(NAMED_INDEX),
        SUX(RENAMED_INDEX),
        SCAN(TARGET),
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
        AX(FAMILY),
        AX(TREE, since=18),
        INDEX_BUILD(FAMILY),
        SCAN(FAMILY),
        when=KEY_MAY_BE_NULL,
        source=ALTER_TABLE,
        probe=probe(("CREATE TABLE codes (code text)",), "ALTER TABLE codes ADD PRIMARY KEY (code)"),
    ),
    row(
        Kind.ADD_PRIMARY_KEY,
        AX(TARGET),
        S(PARTITIONS, until=17),
        AX(TREE, since=18),
        INDEX_BUILD(FAMILY),
        source=ALTER_TABLE,
        probe=probe(EVENTS, "ALTER TABLE events ADD PRIMARY KEY (id, at)"),
    ),
    row(
        Kind.ADD_EXCLUSION,
        AX(TARGET),
        INDEX_BUILD(TARGET),
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
    row(Kind.ADD_FOREIGN_KEY, SRX(TARGET), when=NAME_TAKEN, source=ALTER_TABLE),
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

CHANGES = (
    row(
        Kind.VALIDATE_CONSTRAINT,
        SUX(TARGET),
        when=ALREADY_VALID,
        source=ALTER_TABLE,
        probe=probe(USERS, _CODE, "ALTER TABLE users VALIDATE CONSTRAINT users_age"),
    ),
    row(
        Kind.VALIDATE_CONSTRAINT,
        SUX(FAMILY),
        RS(NAMED_REFERENCED),
        AS(CHECKING_INDEXES),
        SCAN(FAMILY),
        when=VALIDATES_FOREIGN_KEY,
        source=ALTER_TABLE,
        probe=probe(UNTIED, f"{_KEY} NOT VALID", "ALTER TABLE orders VALIDATE CONSTRAINT orders_user"),
    ),
    row(
        Kind.VALIDATE_CONSTRAINT,
        SUX(TREE),
        SCAN(TREE),
        when=VALIDATES_UNKNOWN,
        source=ALTER_TABLE,
        unknown="which constraint of {name} is validated; a foreign key's also takes ROW SHARE on the referenced table",
    ),
    row(
        Kind.VALIDATE_CONSTRAINT,
        SUX(TREE),
        SCAN(TREE),
        source=ALTER_TABLE,
        probe=probe(USERS, f"{_CODE} NOT VALID", "ALTER TABLE users VALIDATE CONSTRAINT users_age"),
    ),
    row(
        Kind.DROP_CONSTRAINT,
        AX(TREE),
        when=IS_CHECK,
        source=ALTER_TABLE,
        probe=probe(USERS, _CODE, "ALTER TABLE users DROP CONSTRAINT users_age"),
    ),
    row(
        Kind.DROP_CONSTRAINT,
        AX(FAMILY),
        AX(NAMED_REFERENCED),
        when=IS_FOREIGN_KEY,
        source=ALTER_TABLE,
        probe=probe(ORDERS, "ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey"),
    ),
    row(
        Kind.DROP_CONSTRAINT,
        AX(FAMILY),
        AX(DROPPED_WITH_KEY),
        when=IS_KEY,
        source=ALTER_TABLE,
        probe=probe(ORDERS, "ALTER TABLE users DROP CONSTRAINT users_pkey CASCADE"),
    ),
    row(
        Kind.DROP_CONSTRAINT,
        AX(TREE),
        when=IS_NOT_NULL,
        since=18,
        source=ALTER_TABLE,
        probe=probe(
            USERS,
            "ALTER TABLE users ADD CONSTRAINT users_name NOT NULL name",
            "ALTER TABLE users DROP CONSTRAINT users_name",
        ),
    ),
    row(
        Kind.DROP_CONSTRAINT,
        AX(TARGET),
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users DROP CONSTRAINT IF EXISTS users_age"),
    ),
    row(
        Kind.ALTER_CONSTRAINT,
        AX(FAMILY),
        SRX(NAMED_REFERENCED),
        AS(CHECKING_INDEXES),
        SCAN(FAMILY),
        when=ENFORCED,
        since=18,
        source=ALTER_TABLE,
        probe=probe(
            UNTIED,
            f"{_KEY} NOT ENFORCED",
            "ALTER TABLE orders ALTER CONSTRAINT orders_user ENFORCED",
        ),
    ),
    row(
        Kind.ALTER_CONSTRAINT,
        AX(FAMILY),
        AX(NAMED_REFERENCED),
        when=NOT_ENFORCED,
        since=18,
        source=ALTER_TABLE,
        probe=probe(UNTIED, _KEY, "ALTER TABLE orders ALTER CONSTRAINT orders_user NOT ENFORCED"),
    ),
    row(
        Kind.ALTER_CONSTRAINT,
        AX(TARGET),
        source=ALTER_TABLE,
        probe=probe(ORDERS, "ALTER TABLE orders ALTER CONSTRAINT orders_user_id_fkey DEFERRABLE"),
    ),
    row(
        Kind.RENAME_CONSTRAINT,
        AX(TREE),
        when=IS_CHECK,
        source=ALTER_TABLE,
        probe=probe(USERS, _CODE, "ALTER TABLE users RENAME CONSTRAINT users_age TO users_old"),
    ),
    row(
        Kind.RENAME_CONSTRAINT,
        AX(TARGET),
        SUX(NAMED_INDEX),
        when=IS_KEY,
        source=ALTER_TABLE,
        probe=probe(USERS, "ALTER TABLE users RENAME CONSTRAINT users_pkey TO users_pk"),
    ),
    row(
        Kind.RENAME_CONSTRAINT,
        AX(TARGET),
        source=ALTER_TABLE,
        probe=probe(ORDERS, "ALTER TABLE orders RENAME CONSTRAINT orders_user_id_fkey TO orders_user"),
    ),
)

ROWS = (*CHECKS, *KEYS, *FOREIGN_KEYS, *CHANGES)
