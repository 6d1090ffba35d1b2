"""Lock rows: constraints that are there, and what becomes of them."""

from __future__ import annotations

from raincheck.locks.conditions import (
    ALREADY_VALID,
    ENFORCED,
    IS_CHECK,
    IS_FOREIGN_KEY,
    IS_KEY,
    IS_NOT_NULL,
    NOT_ENFORCED,
    SAME_CONSTRAINT,
    VALIDATES_FOREIGN_KEY,
    VALIDATES_UNKNOWN,
)
from raincheck.locks.dropping import DROPPED_WITH_KEY, LOSING, UNTIED_TABLES
from raincheck.locks.foreign_keys import (
    CHECKING_INDEXES,
    LOOKED_INTO,
    LOOKED_INTO_FAMILY,
    NAMED_REFERENCED,
    NAMED_TARGET,
)
from raincheck.locks.probes import ORDERS, UNSEEN, UNTIED, USERS, probe
from raincheck.locks.row import AS, AX, RS, SCAN, SRX, SUX, manual, row
from raincheck.locks.selectors import FAMILY, INHERITED_CHECK, NAMED_INDEX, TARGET, TREE, UNVALIDATED
from raincheck.sql.kinds import Kind

ALTER_TABLE = manual("sql-altertable")

_CODE = "ALTER TABLE users ADD CONSTRAINT users_age CHECK (age > 0)"
_KEY = "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id)"

ROWS = (
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
        RS(LOOKED_INTO),
        AS(LOOKED_INTO_FAMILY),
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
        probe=probe(USERS, UNSEEN, "ALTER TABLE users VALIDATE CONSTRAINT unseen"),
    ),
    row(
        Kind.VALIDATE_CONSTRAINT,
        SUX(TREE),
        SCAN(UNVALIDATED),
        source=ALTER_TABLE,
        probe=probe(USERS, f"{_CODE} NOT VALID", "ALTER TABLE users VALIDATE CONSTRAINT users_age"),
    ),
    row(
        Kind.DROP_CONSTRAINT,
        AX(LOSING),
        when=IS_CHECK,
        source=ALTER_TABLE,
        probe=probe(USERS, _CODE, "ALTER TABLE users DROP CONSTRAINT users_age"),
    ),
    row(
        Kind.DROP_CONSTRAINT,
        AX(FAMILY),
        AX(NAMED_TARGET),
        AX(UNTIED_TABLES),
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
        AX(TARGET),
        when=SAME_CONSTRAINT,
        since=18,
        source=ALTER_TABLE,
        probe=probe(ORDERS, "ALTER TABLE orders ALTER CONSTRAINT orders_user_id_fkey NOT DEFERRABLE"),
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
        AX(FAMILY),
        source=ALTER_TABLE,
        probe=probe(ORDERS, "ALTER TABLE orders ALTER CONSTRAINT orders_user_id_fkey DEFERRABLE"),
    ),
    row(
        Kind.RENAME_CONSTRAINT,
        AX(INHERITED_CHECK),
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
