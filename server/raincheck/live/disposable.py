"""Which database may be written to, and one of our own in it or beside it.

A database may be written to when its name says that it is disposable and nothing is in it, or when the user says so
(`--disposable`). Even then nothing in it is touched where the role may create databases: the work is done in a
database of its own, which is dropped at the end. Where the role may not, the named one is used, but only while it is
empty, and what came in is dropped.
"""

from __future__ import annotations

import re
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from raincheck.live.connection import connect, speaking
from raincheck.live.errors import LiveError, NotDisposableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.live.address import Address
    from raincheck.project.project import Project

WORDS = {"scratch", "disposable", "tmp", "throwaway", "shadow"}
"""A database whose name has one of these as a word says that it may be thrown away."""

_OURS = "raincheck_trace_"
_NOT_SYSTEM = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
_OWN = "NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '{}'::regclass AND d.objid = o.oid AND d.deptype = 'e')"
"""Not an extension's."""
_RELATIONS = f"""
SELECT n.nspname || '.' || o.relname FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
WHERE {_NOT_SYSTEM} AND {_OWN.format("pg_class")} ORDER BY 1
"""
_SERVER_WIDE = {
    "AlterDatabaseRefreshCollStmt",
    "AlterDatabaseSetStmt",
    "AlterDatabaseStmt",
    "AlterRoleSetStmt",
    "AlterRoleStmt",
    "AlterSubscriptionStmt",
    "AlterSystemStmt",
    "AlterTableSpaceOptionsStmt",
    "CreateRoleStmt",
    "CreateSubscriptionStmt",
    "CreateTableSpaceStmt",
    "CreatedbStmt",
    "DropOwnedStmt",
    "DropRoleStmt",
    "DropSubscriptionStmt",
    "DropTableSpaceStmt",
    "DropdbStmt",
    "GrantRoleStmt",
    "ReassignOwnedStmt",
}
"""libpg_query's names for statements that reach beyond the database they are run in."""


def check_declared(address: Address, *, disposable: bool) -> None:
    """Raise NotDisposableError unless the database's name or the user says that it may be written to."""
    words = set(re.split(r"[^a-z0-9]+", address.dbname.lower()))
    if not disposable and not words & WORDS:
        raise NotDisposableError(
            f"Nobody said that {address} may be written to, so it is not touched. Name one whose name has the word "
            f"{', '.join(sorted(WORDS))} in it, or say --disposable."
        )


def check_statements(project: Project) -> None:
    """Raise LiveError where a migration would change the server beyond the database, such as its roles."""
    for migration in project.migrations:
        for statement in migration.document.statements:
            tag = next(iter(statement.node or {}), "")
            if (
                tag in _SERVER_WIDE
                or _renames_beyond(statement.node or {})
                or _is_program(statement.node or {})
            ):
                line = migration.document.lines.position(statement.span.start)[0] + 1
                raise LiveError(
                    f"{migration.path}:{line} reaches beyond its database (it changes roles, databases or the server's "
                    "settings, or runs a program), so it is not run on a server that is not ours. Without "
                    "--database-url, a server is started for it."
                )


@contextmanager
def database_on(address: Address, *, disposable: bool) -> Iterator[Address]:
    """A database to work in on that server, which is gone at the end. Raises LiveError."""
    with connect(address) as admin, speaking(address):
        found = [name for (name,) in admin.execute(_RELATIONS.encode())]
        if found and not disposable:
            raise NotDisposableError(
                f"{_capital(address)} holds {found[0]}{f' and {len(found) - 1} more' if found[1:] else ''}, so it is "
                "not touched. Empty it, or say --disposable."
            )
        if _may_create(admin):
            name = _OURS + secrets.token_hex(6)
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            try:
                yield address.named(name)
            finally:
                _drop(admin, name)
        elif found:
            raise NotDisposableError(
                f"The role may not create a database beside {address}, and this one is not empty. Empty it, or take a "
                "role with CREATEDB."
            )
        else:
            with _cleared(admin):
                yield address


def _capital(address: Address) -> str:
    text = str(address)
    return text[:1].upper() + text[1:]


def _may_create(admin: psycopg.Connection) -> bool:
    query = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    return admin.execute(query).fetchone() == (True,)


def _drop(admin: psycopg.Connection, name: str) -> None:
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    admin.execute(others, [name])
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


_MADE = (
    "SELECT o.oid, 'EXTENSION ' || quote_ident(o.extname) FROM pg_extension o",
    f"SELECT n.oid, 'SCHEMA ' || quote_ident(n.nspname) FROM pg_namespace n WHERE {_NOT_SYSTEM}",
    f"""
        SELECT o.oid, CASE relkind WHEN 'v' THEN 'VIEW ' WHEN 'm' THEN 'MATERIALIZED VIEW ' WHEN 'S' THEN 'SEQUENCE '
            WHEN 'f' THEN 'FOREIGN TABLE ' ELSE 'TABLE ' END || o.oid::regclass
        FROM pg_class o JOIN pg_namespace n ON n.oid = relnamespace
        WHERE {_NOT_SYSTEM} AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND {_OWN.format("pg_class")}
        ORDER BY relkind = 'S'""",  # what an identity column owns goes with its table, and not alone
    f"""
        SELECT o.oid, CASE prokind WHEN 'a' THEN 'AGGREGATE ' ELSE 'ROUTINE ' END || o.oid::regprocedure
        FROM pg_proc o JOIN pg_namespace n ON n.oid = pronamespace
        WHERE {_NOT_SYSTEM} AND {_OWN.format("pg_proc")}""",
    f"""
        SELECT o.oid, 'TYPE ' || o.oid::regtype FROM pg_type o JOIN pg_namespace n ON n.oid = typnamespace
        WHERE {_NOT_SYSTEM} AND {_OWN.format("pg_type")} AND (typtype IN ('e', 'd', 'r', 'b') AND typelem = 0
            OR typtype = 'c' AND EXISTS (SELECT FROM pg_class WHERE oid = typrelid AND relkind = 'c'))""",
)
"""Queries for what a migration makes in a database, as DROP names it."""


@contextmanager
def _cleared(admin: psycopg.Connection) -> Iterator[None]:
    """What comes into the database within is dropped at the end."""
    before = [{oid for oid, _ in admin.execute(query.encode())} for query in _MADE]
    try:
        yield
    finally:
        admin.execute("SET client_min_messages = error")
        for query, known in zip(_MADE, before, strict=True):
            while made := [name for oid, name in admin.execute(query.encode()) if oid not in known]:
                admin.execute(f"DROP {made[0]} CASCADE".encode())


def _renames_beyond(node: dict[str, dict[str, object]]) -> bool:
    kind = node.get("RenameStmt", {}).get("renameType")
    return kind in {"OBJECT_ROLE", "OBJECT_DATABASE", "OBJECT_TABLESPACE"}


def _is_program(node: dict[str, dict[str, object]]) -> bool:
    copy = node.get("CopyStmt", {})
    return bool(copy.get("is_program") or copy.get("filename"))
