"""Lock rows: types, domains, schemas, functions, roles, publications; most lock no relation at all."""

from __future__ import annotations

from raincheck.locks.conditions import CASCADE, CHECKS_DOMAIN, COMPOSITE_CHANGE, OPAQUE
from raincheck.locks.domains import DOMAIN_TABLES, PUBLISHED
from raincheck.locks.dropping import DROPPED_WITH_SCHEMA, DROPPED_WITH_TYPE, TRIGGERED
from raincheck.locks.owning import DROPPED_OWNED, OTHERS_UNKNOWN, REASSIGNED
from raincheck.locks.probes import DOMAIN, MOOD, NOTHING, ORDERS, ROLE, USERS, probe
from raincheck.locks.probes import TRIGGERED as TRIGGERED_TABLE
from raincheck.locks.queries import BODY
from raincheck.locks.row import AS, AX, SCAN, SUX, S, manual, row
from raincheck.locks.selectors import TARGET
from raincheck.sql.kinds import Kind

_FUNCTION = "CREATE FUNCTION number() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM users'"

NO_LOCK = (
    (Kind.CREATE_ENUM, "sql-createtype", "CREATE TYPE shade AS ENUM ('dark')"),
    (Kind.ADD_ENUM_VALUE, "sql-altertype", "ALTER TYPE mood ADD VALUE 'happy'"),
    (Kind.RENAME_ENUM_VALUE, "sql-altertype", "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'"),
    (Kind.CREATE_TYPE, "sql-createtype", "CREATE TYPE pair AS (a integer, b integer)"),
    (Kind.RENAME_TYPE, "sql-altertype", "ALTER TYPE mood RENAME TO moods"),
    (Kind.CREATE_DOMAIN, "sql-createdomain", "CREATE DOMAIN address AS text CHECK (VALUE <> '')"),
    (Kind.CREATE_SCHEMA, "sql-createschema", "CREATE SCHEMA archive"),
    (Kind.RENAME_SCHEMA, "sql-alterschema", "ALTER SCHEMA public RENAME TO private"),
    (Kind.CREATE_EXTENSION, "sql-createextension", "CREATE EXTENSION IF NOT EXISTS pg_trgm"),
    (Kind.ALTER_FUNCTION, "sql-alterfunction", None),
    (Kind.CREATE_ROLE, "sql-createrole", "CREATE ROLE somebody"),
    (Kind.ALTER_ROLE, "sql-alterrole", None),
    (Kind.DROP_ROLE, "sql-droprole", None),
    (Kind.DROP_PUBLICATION, "sql-droppublication", None),
    (Kind.BEGIN, "sql-begin", None),
    (Kind.COMMIT, "sql-commit", None),
    (Kind.ROLLBACK, "sql-rollback", None),
    (Kind.SAVEPOINT, "sql-savepoint", "SAVEPOINT here"),
    (Kind.SET, "sql-set", "SET lock_timeout = '1s'"),
)

ROWS = (
    *(
        row(kind, source=manual(page), probe=probe(MOOD, statement) if statement else None)
        for kind, page, statement in NO_LOCK
    ),
    row(
        Kind.ALTER_TYPE,
        AX(TARGET),
        when=COMPOSITE_CHANGE,
        source=manual("sql-altertype"),
        probe=probe(NOTHING, "CREATE TYPE pair AS (a integer)", "ALTER TYPE pair ADD ATTRIBUTE b integer"),
    ),
    row(Kind.ALTER_TYPE, source=manual("sql-altertype")),
    row(
        Kind.DROP_TYPE,
        AX(DROPPED_WITH_TYPE),
        when=CASCADE,
        source=manual("sql-droptype"),
        probe=probe(MOOD, "CREATE INDEX ON days (mood)", "DROP TYPE mood CASCADE"),
    ),
    row(
        Kind.DROP_TYPE,
        source=manual("sql-droptype"),
        probe=probe(MOOD, "CREATE TYPE shade AS ENUM ('dark')", "DROP TYPE shade"),
    ),
    row(
        Kind.ALTER_DOMAIN,
        S(DOMAIN_TABLES),
        SCAN(DOMAIN_TABLES),
        when=CHECKS_DOMAIN,
        source=manual("sql-alterdomain"),
        probe=probe(DOMAIN, "ALTER DOMAIN address ADD CHECK (VALUE <> '')"),
    ),
    row(
        Kind.ALTER_DOMAIN,
        source=manual("sql-alterdomain"),
        probe=probe(DOMAIN, "ALTER DOMAIN address ADD CHECK (VALUE <> '') NOT VALID"),
    ),
    row(
        Kind.DROP_SCHEMA,
        AX(DROPPED_WITH_SCHEMA),
        when=CASCADE,
        source=manual("sql-dropschema"),
        probe=probe(
            USERS,
            "CREATE SCHEMA billing",
            "CREATE TABLE billing.bills (id integer PRIMARY KEY, user_id integer REFERENCES users (id))",
            "DROP SCHEMA billing CASCADE",
        ),
    ),
    row(
        Kind.DROP_SCHEMA,
        source=manual("sql-dropschema"),
        probe=probe(NOTHING, "CREATE SCHEMA billing", "DROP SCHEMA billing"),
    ),
    row(
        Kind.CREATE_FUNCTION,
        AS(BODY),
        source=manual("sql-createfunction"),
        probe=probe(USERS, _FUNCTION),
    ),
    row(
        Kind.DROP_FUNCTION,
        AX(TRIGGERED),
        when=CASCADE,
        source=manual("sql-dropfunction"),
        probe=probe(TRIGGERED_TABLE, "DROP FUNCTION touch() CASCADE"),
    ),
    row(
        Kind.DROP_FUNCTION,
        source=manual("sql-dropfunction"),
        probe=probe(USERS, _FUNCTION, "DROP FUNCTION number()"),
    ),
    row(
        Kind.ALTER_EXTENSION,
        source=manual("sql-alterextension"),
        unknown="what the extension's own script locks",
    ),
    row(
        Kind.DROP_EXTENSION,
        AX(DROPPED_WITH_TYPE),
        when=CASCADE,
        source=manual("sql-dropextension"),
        unknown="which relations use what the extension brings",
        probe=probe(
            NOTHING,
            "CREATE EXTENSION citext",
            "CREATE TABLE mails (id integer PRIMARY KEY, sender citext)",
            "DROP EXTENSION citext CASCADE",
        ),
    ),
    row(Kind.DROP_EXTENSION, source=manual("sql-dropextension")),
    row(
        Kind.CREATE_PUBLICATION,
        SUX(PUBLISHED),
        source=manual("sql-createpublication"),
        probe=probe(USERS, "CREATE PUBLICATION changes FOR TABLE users"),
    ),
    row(
        Kind.ALTER_PUBLICATION,
        SUX(PUBLISHED),
        source=manual("sql-alterpublication"),
        probe=probe(
            USERS, "CREATE PUBLICATION changes FOR TABLE users", "ALTER PUBLICATION changes DROP TABLE users"
        ),
    ),
    row(
        Kind.REASSIGN_OWNED,
        AX(REASSIGNED),
        when=OTHERS_UNKNOWN,
        source=manual("sql-reassign-owned"),
        unknown="which relations the role owns that no migration gave it",
        probe=probe(
            ORDERS, ROLE, "ALTER TABLE users OWNER TO clerk", "REASSIGN OWNED BY clerk TO CURRENT_USER"
        ),
    ),
    row(
        Kind.REASSIGN_OWNED,
        AX(REASSIGNED),
        source=manual("sql-reassign-owned"),
        probe=probe(
            ORDERS,
            ROLE,
            "ALTER TABLE orders OWNER TO clerk",
            "REASSIGN OWNED BY clerk TO CURRENT_USER",
        ),
    ),
    row(
        Kind.DROP_OWNED,
        AX(DROPPED_OWNED),
        when=OTHERS_UNKNOWN,
        source=manual("sql-drop-owned"),
        unknown="which relations the role owns that no migration gave it",
        probe=probe(USERS, ROLE, "ALTER TABLE users OWNER TO clerk", "DROP OWNED BY clerk CASCADE"),
    ),
    row(
        Kind.DROP_OWNED,
        AX(DROPPED_OWNED),
        source=manual("sql-drop-owned"),
        probe=probe(ORDERS, ROLE, "ALTER TABLE orders OWNER TO clerk", "DROP OWNED BY clerk"),
    ),
    row(Kind.DO, when=OPAQUE, source=manual("sql-do"), unknown="all that the DO block does: {why}"),
    row(Kind.DO, source=manual("sql-do")),
    row(Kind.OTHER, source=manual("sql-commands"), unknown="what this statement locks"),
)
