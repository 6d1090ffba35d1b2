"""Opening a connection, and looking without touching; every failure is one line.

with read_only(url) as session:
    session.connection.execute("SELECT ...")
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from raincheck.live.address import Address, environment_of, read_address
from raincheck.live.errors import LiveError
from raincheck.locks.row import NEWEST, OLDEST

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECT_TIMEOUT = 10
"""Seconds for each address that a host's name stands for, unless the URL says otherwise (libpq takes 2 at least)."""
STATEMENT_TIMEOUT = 15.0
"""Seconds for one query of a read-only look."""
LOCK_TIMEOUT = 2.0
"""Seconds that such a query waits for a lock: behind a migration that runs, it gives up."""

_NOT_LET_IN = "the server lets this user, from this host, not into this database (pg_hba.conf)"
_REFUSALS = {
    r"password authentication failed|SASL authentication failed|SCRAM.*mismatch": "the server refused the user or the password",
    r"no password supplied|password is empty": "the server wants a password, and the URL has none",
    r"database \"[^\n]*\" does not exist": "the server has no such database",
    r"role \"[^\n]*\" does not exist|no such user": "the server does not know the user",
    r"no pg_hba\.conf entry[^\n]*(SSL encryption|SSL on)": _NOT_LET_IN,
    r"no pg_hba\.conf entry[^\n]*(no encryption|SSL off)": f"{_NOT_LET_IN}, perhaps only because TLS is off; try sslmode=require",
    r"no pg_hba\.conf entry|pg_hba\.conf rejects": _NOT_LET_IN,
    r"Peer authentication failed|Ident authentication failed": "the server wants the system's user of that name (peer authentication)",
    r"server does not support SSL|SSL is not enabled": "TLS was asked for, and the server does not speak it",
    r"certificate verify failed|root certificate|does not match host name|certificate": "the server's TLS certificate was not accepted",
    r"invalid sslmode value": "the URL's sslmode is none that libpq knows",
    r"SSL error|SSL SYSCALL|SSL connection": "the TLS connection failed",
    r"too many (clients|connections)|connection slots|no more connections": "the server has no connection to spare",
    r"database system is (starting up|shutting down|in recovery)|not yet accepting": "the server is starting or stopping; try again",
    r"permission denied for database": "the user may not connect to this database",
    r"unsupported startup parameter": "the pooler refuses a parameter of the URL (often `options`)",
    r"translate host name|resolve host|[Nn]ame or service not known|nodename nor servname|name resolution": "the host's name is not known",
    r"Connection refused|actively refused": "nothing listens there",
    r"No such file or directory": "no server listens on that socket",
    r"Network is unreachable|No route to host": "the network does not lead there",
    r"timeout expired|timed out": "it did not answer in time; a firewall may drop what is sent to it",
    r"invalid (integer value|port number)": "the URL's port is no port number",
    r"closed the connection unexpectedly|received invalid response|[Cc]onnection reset": "what listens there broke the connection off, and may be no PostgreSQL",
}
"""What libpq and the server write when a connection fails, and what to say of it. The first that fits counts."""


@dataclass(frozen=True, slots=True)
class ServerVersion:
    """`major` as the server has it; `note` where Raincheck does not know it yet."""

    major: int
    text: str

    @property
    def target(self) -> int:
        """The version to answer for: the server's, or the newest one that Raincheck knows."""
        return min(self.major, NEWEST)

    @property
    def note(self) -> str:
        if self.major <= NEWEST:
            return ""
        return f"PostgreSQL {self.major} is newer than what Raincheck knows; it answers for {NEWEST}."


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """An open transaction that cannot write, at one moment of the database."""

    connection: psycopg.Connection
    version: ServerVersion
    address: Address


def connect(address: Address | str, *, timeout: int = CONNECT_TIMEOUT) -> psycopg.Connection:
    """An autocommitting connection that prepares nothing, so that a pooler in transaction mode carries it too.

    `timeout` in seconds. Raises LiveError.
    """
    where = read_address(address) if isinstance(address, str) else address
    options = {
        "connect_timeout": timeout,
        "client_encoding": "UTF8",
        "fallback_application_name": "raincheck",
        **where.parameters,
    }
    with environment_of(where), speaking(where):
        return psycopg.connect(**options, autocommit=True, prepare_threshold=None)  # type: ignore[arg-type]  # libpq's own names


@contextmanager
def read_only(
    address: Address | str,
    *,
    timeout: int = CONNECT_TIMEOUT,
    statement_timeout: float = STATEMENT_TIMEOUT,
    lock_timeout: float = LOCK_TIMEOUT,
) -> Iterator[ReadOnly]:
    """A transaction that only reads, and that is rolled back at the end. Times in seconds. Raises LiveError.

    All is set with SET LOCAL within one transaction: what a session sets does not survive in a pooler's transaction
    mode, and poolers refuse settings in the startup packet.
    """
    where = read_address(address) if isinstance(address, str) else address
    with connect(where, timeout=timeout) as connection, speaking(where):
        connection.autocommit = False
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for name, value in (
            ("statement_timeout", f"{statement_timeout * 1000:.0f}ms"),
            ("lock_timeout", f"{lock_timeout * 1000:.0f}ms"),
            ("default_transaction_read_only", "on"),
            ("application_name", "raincheck"),
        ):
            connection.execute(sql.SQL("SET LOCAL {} = {}").format(sql.Identifier(name), sql.Literal(value)))
        try:
            yield ReadOnly(connection, version_of(connection), where)
        finally:
            if not connection.closed:
                connection.rollback()


def version_of(connection: psycopg.Connection) -> ServerVersion:
    """The server's version. Raises LiveError for one that is too old to answer for."""
    major = connection.info.server_version // 10000
    text = connection.info.parameter_status("server_version") or str(major)
    if major < OLDEST:
        raise LiveError(f"The server is PostgreSQL {text}; Raincheck knows {OLDEST} to {NEWEST}.")
    return ServerVersion(major, text)


@contextmanager
def speaking(address: Address) -> Iterator[None]:
    """What psycopg raises within becomes a LiveError."""
    try:
        yield
    except psycopg.Error as error:
        raise LiveError(f"{_sentence(error)}: {address}.") from None


def _sentence(error: psycopg.Error) -> str:
    if error.sqlstate is not None or isinstance(error, psycopg.ProgrammingError):
        return _of_query(error)
    text = str(error)
    for pattern, words in _REFUSALS.items():
        if re.search(pattern, text):
            return f"Cannot connect, {words}"
    return "The connection failed or broke"


def _of_query(error: psycopg.Error) -> str:
    match error:
        case psycopg.errors.QueryCanceled():
            return "A query was cancelled, or took longer than the statement timeout"
        case psycopg.errors.LockNotAvailable():
            return "A query waited too long for a lock; a migration may be running"
        case psycopg.errors.InsufficientPrivilege():
            return f"The user may not do this ({error.diag.message_primary})"
        case psycopg.errors.ReadOnlySqlTransaction():
            return "The connection only reads"
        case psycopg.errors.AdminShutdown() | psycopg.errors.IdleInTransactionSessionTimeout():
            return "The server closed the connection"
    return f"The server answered with an error ({error.sqlstate}: {error.diag.message_primary})"
