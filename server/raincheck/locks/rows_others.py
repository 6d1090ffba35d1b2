"""Lock rows: databases, tablespaces, subscriptions, objects that are no relations, and the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.locks.conditions import CASCADE, COMMENT_ON_RELATION
from raincheck.locks.explaining import EXPLAIN_RUNS, PLANNED, PREPARED
from raincheck.locks.probes import NOTHING, ORDERS, USERS, probe
from raincheck.locks.queries import NAMED, READ
from raincheck.locks.row import AS, AX, RX, SUX, Condition, manual, row
from raincheck.locks.selectors import TARGET
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from raincheck.locks.situation import Situation


_NO = {"false", "off", "0", "no"}


def _without_slot(s: Situation) -> bool:
    options = (wrapped["DefElem"] for wrapped in s.statement.get("options", ()))
    given = {each["defname"]: each.get("arg", {}) for each in options}
    return any(str(given.get(name, {}).get("String", {}).get("sval")).lower() in _NO for name in _SLOT)


_SLOT = ("create_slot", "connect")


def _kind_is(words: str, key: str, *values: str) -> Condition:
    return Condition(words, lambda s: s.statement.get(key) in values)


_TABLESPACE = Condition(
    "SET TABLESPACE",
    lambda s: any(w["DefElem"]["defname"] == "tablespace" for w in s.statement.get("options", ())),
)
_OF_RELATION = Condition("of a trigger, index or materialized view", lambda s: "relation" in s.statement)

DATABASE = (
    row(Kind.CREATE_DATABASE, source=manual("sql-createdatabase"), outside="CREATE DATABASE"),
    row(Kind.DROP_DATABASE, source=manual("sql-dropdatabase"), outside="DROP DATABASE"),
    row(
        Kind.ALTER_DATABASE,
        when=_TABLESPACE,
        source=manual("sql-alterdatabase"),
        outside="ALTER DATABASE SET TABLESPACE",
        probe=probe(NOTHING, "ALTER DATABASE postgres SET TABLESPACE pg_default"),
    ),
    row(
        Kind.ALTER_DATABASE,
        source=manual("sql-alterdatabase"),
        probe=probe(NOTHING, "ALTER DATABASE postgres SET work_mem = '5MB'"),
    ),
    row(
        Kind.ALTER_SYSTEM,
        source=manual("sql-altersystem"),
        outside="ALTER SYSTEM",
        probe=probe(NOTHING, "ALTER SYSTEM RESET work_mem"),
    ),
    row(
        Kind.CREATE_TABLESPACE,
        source=manual("sql-createtablespace"),
        outside="CREATE TABLESPACE",
        probe=probe(NOTHING, "CREATE TABLESPACE fast LOCATION '/nowhere'"),
    ),
    row(
        Kind.DROP_TABLESPACE,
        source=manual("sql-droptablespace"),
        outside="DROP TABLESPACE",
        probe=probe(NOTHING, "DROP TABLESPACE IF EXISTS fast"),
    ),
    row(
        Kind.SET_ALL_TABLESPACES,
        source=manual("sql-altertable"),
        unknown="which tables lie in the tablespace: each is locked with ACCESS EXCLUSIVE and copied",
    ),
)

SUBSCRIPTION = (
    row(
        Kind.CREATE_SUBSCRIPTION,
        when=Condition("create_slot = false, or connect = false", _without_slot),
        source=manual("sql-createsubscription"),
        unknown="which tables the publication has; each is locked with ACCESS SHARE",
    ),
    row(
        Kind.CREATE_SUBSCRIPTION,
        source=manual("sql-createsubscription"),
        outside="CREATE SUBSCRIPTION ... WITH (create_slot = true)",
        probe=probe(NOTHING, "CREATE SUBSCRIPTION s CONNECTION 'dbname=nowhere' PUBLICATION p"),
    ),
    row(
        Kind.ALTER_SUBSCRIPTION,
        when=_kind_is("REFRESH PUBLICATION", "kind", "ALTER_SUBSCRIPTION_REFRESH"),
        source=manual("sql-altersubscription"),
        outside="ALTER SUBSCRIPTION ... REFRESH",
    ),
    row(
        Kind.ALTER_SUBSCRIPTION,
        source=manual("sql-altersubscription"),
        unknown="which tables the publication has; each is locked with ACCESS SHARE",
    ),
    row(
        Kind.DROP_SUBSCRIPTION,
        source=manual("sql-dropsubscription"),
        outside="DROP SUBSCRIPTION",
    ),
)

OBJECT = (
    row(
        Kind.CREATE_OBJECT,
        source=manual("sql-createcast"),
        probe=probe(USERS, "CREATE CAST (text AS integer) WITH INOUT"),
    ),
    row(
        Kind.ALTER_OBJECT,
        source=manual("sql-alterdefaultprivileges"),
        probe=probe(USERS, "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor"),
    ),
    row(
        Kind.DROP_OBJECT,
        when=CASCADE,
        source=manual("ddl-depend"),
        unknown="which tables, indexes and columns need what is dropped",
    ),
    row(
        Kind.DROP_OBJECT,
        source=manual("ddl-depend"),
        probe=probe(USERS, "CREATE CAST (text AS integer) WITH INOUT", "DROP CAST (text AS integer)"),
    ),
    row(
        Kind.SET_DEPENDENCY,
        AX(TARGET),
        when=_OF_RELATION,
        source=manual("sql-altertrigger"),
        probe=probe(USERS, "ALTER INDEX users_pkey DEPENDS ON EXTENSION plpgsql"),
    ),
    row(
        Kind.SET_DEPENDENCY,
        source=manual("sql-alterfunction"),
        probe=probe(
            USERS,
            "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
            "ALTER FUNCTION one() DEPENDS ON EXTENSION plpgsql",
        ),
    ),
    row(Kind.SET_SECURITY_LABEL, SUX(TARGET), when=COMMENT_ON_RELATION, source=manual("sql-security-label")),
    row(Kind.SET_SECURITY_LABEL, source=manual("sql-security-label")),
    row(
        Kind.IMPORT_FOREIGN_SCHEMA,
        source=manual("sql-importforeignschema"),
        unknown="which foreign tables it makes",
    ),
)

SESSION = (
    row(
        Kind.EXPLAIN,
        when=EXPLAIN_RUNS,
        source=manual("sql-explain"),
        probe=probe(ORDERS, "EXPLAIN (ANALYZE) DELETE FROM orders WHERE user_id = 3"),
    ),
    row(
        Kind.EXPLAIN,
        AS(READ),
        RX(PLANNED),
        source=manual("sql-explain"),
        probe=probe(ORDERS, "EXPLAIN UPDATE orders SET note = u.name FROM users u WHERE u.id = user_id"),
    ),
    row(
        Kind.PREPARE,
        AS(NAMED),
        RX(PREPARED),
        source=manual("sql-prepare"),
        probe=probe(
            ORDERS, "PREPARE noting AS UPDATE orders SET note = u.name FROM users u WHERE u.id = user_id"
        ),
    ),
    row(Kind.EXECUTE, source=manual("sql-execute"), unknown="what the prepared statement locks"),
    row(
        Kind.PREPARED_TRANSACTION,
        when=_kind_is("PREPARE TRANSACTION: what is locked stays locked", "kind", "TRANS_STMT_PREPARE"),
        source=manual("sql-prepare-transaction"),
    ),
    row(
        Kind.PREPARED_TRANSACTION,
        when=_kind_is("COMMIT PREPARED", "kind", "TRANS_STMT_COMMIT_PREPARED"),
        source=manual("sql-commit-prepared"),
        outside="COMMIT PREPARED",
        probe=probe(NOTHING, "COMMIT PREPARED 'x'"),
    ),
    row(
        Kind.PREPARED_TRANSACTION,
        source=manual("sql-rollback-prepared"),
        outside="ROLLBACK PREPARED",
        probe=probe(NOTHING, "ROLLBACK PREPARED 'x'"),
    ),
    row(
        Kind.SESSION,
        when=_kind_is("DISCARD ALL", "target", "DISCARD_ALL"),
        source=manual("sql-discard"),
        outside="DISCARD ALL",
        probe=probe(NOTHING, "DISCARD ALL"),
    ),
    row(
        Kind.SESSION,
        source=manual("sql-set-constraints"),
        probe=probe(ORDERS, "SET CONSTRAINTS ALL DEFERRED"),
    ),
)

ROWS = (*DATABASE, *SUBSCRIPTION, *OBJECT, *SESSION)
