"""Lock rows: what hangs on a table: policies, triggers, rules, comments, privileges."""

from __future__ import annotations

from raincheck.locks.conditions import (
    COMMENT_ON_PART,
    COMMENT_ON_RELATION,
    FOR_EACH_ROW,
    MISSING_PART,
    TRIGGER_CLONED,
)
from raincheck.locks.probes import EVENTS, ORDERS, POLICED, TOUCH, USERS, probe
from raincheck.locks.queries import NAMED, RULE_WRITES
from raincheck.locks.row import AS, AX, RX, SRX, SUX, manual, row
from raincheck.locks.selectors import CONSTRAINING, FAMILY, PARTITIONS, TARGET
from raincheck.sql.kinds import Kind

ALTER_TABLE = manual("sql-altertable")
POLICY = manual("sql-createpolicy")
TRIGGER = manual("sql-createtrigger")

_EACH_ROW = "CREATE TRIGGER touched AFTER UPDATE ON events FOR EACH ROW EXECUTE FUNCTION touch()"
_EACH_STATEMENT = "CREATE TRIGGER touched AFTER UPDATE ON events EXECUTE FUNCTION touch()"
_SUBQUERY = "USING (EXISTS (SELECT FROM users u WHERE u.id = user_id))"

ROWS = (
    row(
        Kind.SET_ROW_SECURITY,
        AX(TARGET),
        source=manual("ddl-rowsecurity"),
        probe=probe(EVENTS, "ALTER TABLE events ENABLE ROW LEVEL SECURITY"),
    ),
    row(
        Kind.CREATE_POLICY,
        AX(TARGET),
        AS(NAMED),
        source=POLICY,
        probe=probe(ORDERS, f"CREATE POLICY own ON orders {_SUBQUERY}"),
    ),
    row(
        Kind.ALTER_POLICY,
        AX(TARGET),
        AS(NAMED),
        source=manual("sql-alterpolicy"),
        probe=probe(POLICED, "ALTER POLICY own ON users USING (id = 2)"),
    ),
    row(
        Kind.RENAME_POLICY,
        AX(TARGET),
        source=manual("sql-alterpolicy"),
        probe=probe(POLICED, "ALTER POLICY own ON users RENAME TO theirs"),
    ),
    *(
        row(
            kind,
            when=MISSING_PART,
            source=manual(page),
            probe=probe(USERS, f"{command} IF EXISTS nope ON users"),
        )
        for kind, page, command in (
            (Kind.DROP_POLICY, "sql-droppolicy", "DROP POLICY"),
            (Kind.DROP_TRIGGER, "sql-droptrigger", "DROP TRIGGER"),
            (Kind.DROP_RULE, "sql-droprule", "DROP RULE"),
        )
    ),
    row(
        Kind.DROP_POLICY,
        AX(TARGET),
        source=manual("sql-droppolicy"),
        probe=probe(POLICED, "DROP POLICY own ON users"),
    ),
    row(
        Kind.CREATE_TRIGGER,
        SRX(FAMILY),
        AS(CONSTRAINING),
        when=FOR_EACH_ROW,
        source=TRIGGER,
        probe=probe(EVENTS, TOUCH, _EACH_ROW),
    ),
    row(
        Kind.CREATE_TRIGGER,
        SRX(TARGET),
        source=TRIGGER,
        probe=probe(EVENTS, TOUCH, _EACH_STATEMENT),
    ),
    row(
        Kind.DROP_TRIGGER,
        AX(FAMILY),
        when=TRIGGER_CLONED,
        source=manual("sql-droptrigger"),
        probe=probe(EVENTS, TOUCH, _EACH_ROW, "DROP TRIGGER touched ON events"),
    ),
    row(
        Kind.DROP_TRIGGER,
        AX(TARGET),
        source=manual("sql-droptrigger"),
        probe=probe(EVENTS, TOUCH, _EACH_STATEMENT, "DROP TRIGGER touched ON events"),
    ),
    row(
        Kind.RENAME_TRIGGER,
        AX(TARGET),
        AX(PARTITIONS, since=15),
        source=manual("sql-altertrigger"),
        probe=probe(EVENTS, TOUCH, _EACH_ROW, "ALTER TRIGGER touched ON events RENAME TO changed"),
    ),
    row(
        Kind.SET_TRIGGER_STATE,
        SRX(FAMILY),
        when=TRIGGER_CLONED,
        source=ALTER_TABLE,
        probe=probe(EVENTS, TOUCH, _EACH_ROW, "ALTER TABLE events DISABLE TRIGGER touched"),
    ),
    row(
        Kind.SET_TRIGGER_STATE,
        SRX(TARGET),
        source=ALTER_TABLE,
        probe=probe(EVENTS, "ALTER TABLE events DISABLE TRIGGER ALL"),
    ),
    row(
        Kind.CREATE_RULE,
        AX(TARGET),
        RX(RULE_WRITES),
        AS(NAMED),
        source=manual("sql-createrule"),
        probe=probe(ORDERS, "CREATE RULE gone AS ON DELETE TO users DO ALSO DELETE FROM orders"),
    ),
    row(
        Kind.DROP_RULE,
        AX(TARGET),
        source=manual("sql-droprule"),
        probe=probe(
            USERS, "CREATE RULE gone AS ON DELETE TO users DO INSTEAD NOTHING", "DROP RULE gone ON users"
        ),
    ),
    row(
        Kind.RENAME_RULE,
        AX(TARGET),
        source=manual("sql-alterrule"),
        probe=probe(
            USERS,
            "CREATE RULE gone AS ON DELETE TO users DO INSTEAD NOTHING",
            "ALTER RULE gone ON users RENAME TO went",
        ),
    ),
    row(
        Kind.SET_RULE_STATE,
        AX(TARGET),
        source=ALTER_TABLE,
        probe=probe(
            USERS,
            "CREATE RULE gone AS ON DELETE TO users DO INSTEAD NOTHING",
            "ALTER TABLE users DISABLE RULE gone",
        ),
    ),
    row(
        Kind.COMMENT,
        SUX(TARGET),
        when=COMMENT_ON_RELATION,
        source=manual("sql-comment"),
        probe=probe(USERS, "COMMENT ON COLUMN users.age IS 'years'"),
    ),
    row(
        Kind.COMMENT,
        AS(TARGET),
        when=COMMENT_ON_PART,
        source=manual("sql-comment"),
        probe=probe(USERS, "COMMENT ON CONSTRAINT users_pkey ON users IS 'key'"),
    ),
    row(
        Kind.COMMENT,
        source=manual("sql-comment"),
        probe=probe((), "COMMENT ON SCHEMA public IS 'ours'"),
    ),
    row(
        Kind.GRANT,
        AS(TARGET, since=18),
        source=manual("sql-grant"),
        probe=probe(USERS, "GRANT SELECT ON users TO pg_monitor"),
    ),
)
