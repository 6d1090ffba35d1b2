"""PostgreSQL 18's grammar, whole: every statement and every subcommand of ALTER TABLE is a kind of change with rows."""

from __future__ import annotations

import pglast.ast
import pytest
from pglast.enums import AlterTableType, ObjectType

from raincheck.locks.table import ROWS
from raincheck.sql.actions import actions
from raincheck.sql.kinds import Kind
from raincheck.sql.parse import parse

STATEMENTS = (
    "ALTER COLLATION c REFRESH VERSION",
    "ALTER DATABASE d REFRESH COLLATION VERSION",
    "ALTER DATABASE d SET work_mem = '1MB'",
    "ALTER DATABASE d CONNECTION LIMIT 5",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO r",
    "ALTER DOMAIN d DROP NOT NULL",
    "ALTER TYPE e ADD VALUE 'x'",
    "ALTER EVENT TRIGGER t DISABLE",
    "ALTER EXTENSION e ADD TABLE t",
    "ALTER EXTENSION e UPDATE",
    "ALTER FOREIGN DATA WRAPPER w NO HANDLER",
    "ALTER SERVER s VERSION '2'",
    "ALTER FUNCTION f() STABLE",
    "ALTER INDEX i DEPENDS ON EXTENSION e",
    "ALTER TABLE t SET SCHEMA s",
    "ALTER OPERATOR FAMILY f USING btree DROP FUNCTION 1 (int, int)",
    "ALTER OPERATOR + (int, int) SET (RESTRICT = NONE)",
    "ALTER FUNCTION f() OWNER TO r",
    "ALTER POLICY p ON t USING (true)",
    "ALTER PUBLICATION p ADD TABLE t",
    "ALTER ROLE r SET work_mem = '1MB'",
    "ALTER ROLE r NOLOGIN",
    "ALTER SEQUENCE s INCREMENT 2",
    "ALTER STATISTICS s SET STATISTICS 5",
    "ALTER SUBSCRIPTION s DISABLE",
    "ALTER SYSTEM RESET ALL",
    "ALTER TEXT SEARCH CONFIGURATION c DROP MAPPING FOR word",
    "ALTER TEXT SEARCH DICTIONARY d (a = b)",
    "ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b",
    "ALTER TABLESPACE s RESET (random_page_cost)",
    "ALTER TABLE t ADD COLUMN c integer",
    "ALTER TYPE t SET (storage = plain)",
    "ALTER USER MAPPING FOR r SERVER s OPTIONS (a 'b')",
    "CALL p()",
    "CHECKPOINT",
    "CLOSE c",
    "CLUSTER t",
    "COMMENT ON TABLE t IS 'x'",
    "CREATE TYPE t AS (a integer)",
    "SET CONSTRAINTS ALL IMMEDIATE",
    "COPY t TO STDOUT",
    "CREATE ACCESS METHOD m TYPE TABLE HANDLER h",
    "CREATE CAST (text AS integer) WITH INOUT",
    "CREATE CONVERSION c FOR 'UTF8' TO 'LATIN1' FROM f",
    "CREATE DOMAIN d AS text",
    "CREATE TYPE e AS ENUM ()",
    "CREATE EVENT TRIGGER t ON ddl_command_end EXECUTE FUNCTION f()",
    "CREATE EXTENSION e",
    "CREATE FOREIGN DATA WRAPPER w",
    "CREATE SERVER s FOREIGN DATA WRAPPER w",
    "CREATE FOREIGN TABLE t () SERVER s",
    "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE OPERATOR CLASS c FOR TYPE integer USING btree AS STORAGE integer",
    "CREATE OPERATOR FAMILY f USING btree",
    "CREATE LANGUAGE l HANDLER h",
    "CREATE POLICY p ON t",
    "CREATE PUBLICATION p",
    "CREATE TYPE r AS RANGE (subtype = integer)",
    "CREATE ROLE r",
    "CREATE SCHEMA s",
    "CREATE SEQUENCE s",
    "CREATE STATISTICS s ON a, b FROM t",
    "CREATE TABLE t ()",
    "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
    "CREATE TABLE t AS SELECT 1",
    "CREATE TABLESPACE s LOCATION '/x'",
    "CREATE TRANSFORM FOR integer LANGUAGE l (FROM SQL WITH FUNCTION f(internal))",
    "CREATE TRIGGER t AFTER INSERT ON t EXECUTE FUNCTION f()",
    "CREATE USER MAPPING FOR r SERVER s",
    "CREATE DATABASE d",
    "DEALLOCATE p",
    "DECLARE c CURSOR FOR SELECT 1",
    "CREATE AGGREGATE a (integer) (SFUNC = f, STYPE = integer)",
    "DELETE FROM t",
    "DISCARD PLANS",
    "DO $$ BEGIN NULL; END $$",
    "DROP OWNED BY r",
    "DROP ROLE r",
    "DROP TABLE t",
    "DROP SUBSCRIPTION s",
    "DROP TABLESPACE s",
    "DROP USER MAPPING FOR r SERVER s",
    "DROP DATABASE d",
    "EXECUTE p",
    "EXPLAIN SELECT 1",
    "FETCH c",
    "GRANT a TO b",
    "GRANT SELECT ON t TO r",
    "IMPORT FOREIGN SCHEMA a FROM SERVER s INTO b",
    "CREATE INDEX ON t (a)",
    "INSERT INTO t DEFAULT VALUES",
    "LISTEN l",
    "LOAD 'x'",
    "LOCK TABLE t",
    "MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE",
    "NOTIFY n",
    "PREPARE p AS SELECT 1",
    "REASSIGN OWNED BY a TO b",
    "REFRESH MATERIALIZED VIEW v",
    "REINDEX TABLE t",
    "ALTER TABLE t RENAME TO u",
    "CREATE RULE r AS ON INSERT TO t DO NOTHING",
    "SECURITY LABEL ON TABLE t IS 'x'",
    "SELECT 1",
    "BEGIN",
    "TRUNCATE t",
    "UNLISTEN l",
    "UPDATE t SET a = 1",
    "VACUUM t",
    "SET work_mem = '1MB'",
    "SHOW work_mem",
    "CREATE VIEW v AS SELECT 1",
)

INSIDE = {
    "PLAssignStmt": "an assignment of PL/pgSQL",
    "RawStmt": "the wrapper around each statement",
    "ReplicaIdentityStmt": "what REPLICA IDENTITY of ALTER TABLE says",
    "ReturnStmt": "the body of a function: RETURN expression",
    "SetOperationStmt": "UNION and the like, once analysed",
}
"""Nodes of libpg_query that are called statements and are parts of others."""

SUBCOMMANDS = (
    *("ADD COLUMN a integer", "ALTER a SET DEFAULT 1", "ALTER a DROP NOT NULL", "ALTER a SET NOT NULL"),
    *("ALTER a SET EXPRESSION AS (1)", "ALTER a DROP EXPRESSION", "ALTER a SET STATISTICS 5"),
    *("ALTER a SET (n_distinct = 5)", "ALTER a RESET (n_distinct)", "ALTER a SET STORAGE plain"),
    *("ALTER a SET COMPRESSION pglz", "DROP COLUMN a", "ADD CHECK (true)", "ALTER CONSTRAINT c DEFERRABLE"),
    *("VALIDATE CONSTRAINT c", "DROP CONSTRAINT c", "ALTER a TYPE text", "ALTER a OPTIONS (a 'b')"),
    *("OWNER TO r", "CLUSTER ON i", "SET WITHOUT CLUSTER", "SET LOGGED", "SET UNLOGGED", "SET WITHOUT OIDS"),
    *("SET ACCESS METHOD heap", "SET TABLESPACE s", "SET (fillfactor = 50)", "RESET (fillfactor)"),
    *("ENABLE TRIGGER t", "ENABLE ALWAYS TRIGGER t", "ENABLE REPLICA TRIGGER t", "DISABLE TRIGGER t"),
    *("ENABLE TRIGGER ALL", "DISABLE TRIGGER ALL", "ENABLE TRIGGER USER", "DISABLE TRIGGER USER"),
    *("ENABLE RULE r", "ENABLE ALWAYS RULE r", "ENABLE REPLICA RULE r", "DISABLE RULE r"),
    *("INHERIT p", "NO INHERIT p", "OF t", "NOT OF", "REPLICA IDENTITY FULL"),
    *("ENABLE ROW LEVEL SECURITY", "DISABLE ROW LEVEL SECURITY"),
    *("FORCE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY", "OPTIONS (a 'b')"),
    *("ATTACH PARTITION p DEFAULT", "DETACH PARTITION p", "DETACH PARTITION p FINALIZE"),
    *("ALTER a ADD GENERATED ALWAYS AS IDENTITY", "ALTER a RESTART", "ALTER a DROP IDENTITY"),
)

INTERNAL = {
    *("AT_AddColumnToView", "AT_CookedColumnDefault", "AT_AddIndex", "AT_ReAddIndex", "AT_ReAddConstraint"),
    *("AT_ReAddDomainConstraint", "AT_AddIndexConstraint", "AT_ReAddComment", "AT_ReplaceRelOptions"),
    "AT_ReAddStatistics",
}
"""Subcommands that PostgreSQL makes itself while it works on others; none can be written."""

WITH_ROWS = {row.kind for row in ROWS}


def kinds(sql: str) -> set[Kind]:
    node = parse(sql).node
    assert node is not None, sql
    return {action.kind for action in actions(node)}


@pytest.mark.parametrize("sql", [*STATEMENTS, *(f"ALTER TABLE t {change}" for change in SUBCOMMANDS)])
def test_it_is_a_kind_with_rows(sql: str) -> None:
    assert kinds(sql) <= WITH_ROWS - {Kind.OTHER}


def test_every_statement_is_here() -> None:
    found = {tag for sql in STATEMENTS for tag in parse(sql).node}
    assert found | INSIDE.keys() == {name for name in dir(pglast.ast) if name.endswith("Stmt")}


def test_every_subcommand_is_here() -> None:
    nodes = [parse(f"ALTER TABLE t {change}").node["AlterTableStmt"]["cmds"][0] for change in SUBCOMMANDS]
    found = {node["AlterTableCmd"]["subtype"] for node in nodes}
    assert found | INTERNAL == {one.name for one in AlterTableType}
    assert not found & INTERNAL


@pytest.mark.parametrize("of", list(ObjectType))
def test_whatever_is_dropped_renamed_or_moved_has_rows(of: ObjectType) -> None:
    name = {"List": {"items": [{"String": {"sval": "t"}}, {"String": {"sval": "x"}}]}}
    drop = {"objects": [name], "removeType": of.name, "behavior": "DROP_RESTRICT"}
    rename = {"renameType": of.name, "object": name, "subname": "x", "newname": "y"}
    move = {"objectType": of.name, "object": name, "newschema": "s"}
    for node in ({"DropStmt": drop}, {"RenameStmt": rename}, {"AlterObjectSchemaStmt": move}):
        assert {action.kind for action in actions(node)} <= WITH_ROWS - {Kind.OTHER}
