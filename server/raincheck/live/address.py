"""Where a database is: a URL or libpq's `key=value` string, read, and told without its secrets."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg
from psycopg.conninfo import conninfo_to_dict

from raincheck.live.errors import LiveError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ENVIRONMENT = "env"
"""What is written in the place of a URL for "take PGHOST, PGDATABASE and the others from the environment"."""
_VARIABLE = "env:"
"""What stands before the name of a variable that holds the URL, so that no password need be typed."""

OTHER_DRIVERS = {
    "connection_limit",
    "idle_timeout",
    "max",
    "max_lifetime",
    "pgbouncer",
    "pool_timeout",
    "prepare",
    "schema",
    "socket_timeout",
    "statement_cache_size",
    "uselibpqcompat",
}
"""Query parameters that drivers for Node and Prisma read from a URL and that libpq refuses."""

_UNREADABLE = {
    "invalid percent-encoded": "it has a % that two hexadecimal digits do not follow; write %25 for a percent sign",
    "forbidden value %00": "it has %00 in it",
    "invalid URI query parameter": "it has a query parameter that libpq does not know",
    "invalid connection option": "it has an option that libpq does not know",
    'matching "]"': "the brackets around an IPv6 address are not closed",
    "IPv6 host address": "its IPv6 address is not one",
    "unexpected character": "a character stands where none may; encode those of the password with %",
    'missing "="': "it begins with neither postgres:// nor postgresql://, and is not key=value either",
    "unterminated quoted": "a quote is not closed",
}
"""How libpq's messages about a connection string begin, and what to say: its own words quote the string."""


_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is. Its parameters stay out of every text."""

    parameters: Mapping[str, str] = field(repr=False)
    environment: bool = False
    """Whether what the parameters leave open may come from PG* variables of the environment."""

    def __str__(self) -> str:
        """`the database "shop" on db.example.com:5432`, as far as it is known."""
        host, name = self._get("host") or self._get("hostaddr"), self.dbname
        database = f'the database "{name}"' if name else "the user's database"
        if not host or host.startswith(("/", "@")):
            return f"{database} behind the local socket{f' in {host}' if host else ''}"
        return f"{database} on {host}:{self._get('port') or '5432'}"

    @property
    def dbname(self) -> str:
        """The database's name; empty where the server takes the user's."""
        return self._get("dbname") or self._get("user")

    def named(self, database: str) -> Address:
        """The same server, another database."""
        return Address({**self.parameters, "dbname": database}, self.environment)

    def _get(self, name: str) -> str:
        given = self.parameters.get(name)
        if given is None and self.environment:
            return os.environ.get(_VARIABLES[name], "")
        return given or ""


def read_address(text: str) -> Address:
    """The address that a URL, libpq's `key=value` string, `env` or `env:NAME` gives.

    Raises LiveError, which quotes none of it.
    """
    text = text.strip()
    if text.startswith(_VARIABLE):
        text = _variable(text.removeprefix(_VARIABLE))
    if text == ENVIRONMENT:
        return Address({}, environment=True)
    if not text:
        raise LiveError(
            "The database URL is empty; `env` takes PGHOST, PGDATABASE and the others, `env:NAME` the URL from a variable."
        )
    try:
        found = conninfo_to_dict(_without_others(text))
    except psycopg.ProgrammingError as error:
        known = (words for start, words in _UNREADABLE.items() if start in str(error))
        raise LiveError(f"The database URL cannot be read: {next(known, 'it is malformed')}.") from None
    parameters = {name: str(value) for name, value in found.items()}
    if parameters.get("sslmode") == "no-verify":  # node-postgres' word for it
        parameters["sslmode"] = "require"
    return Address(parameters)


@contextmanager
def environment_of(address: Address) -> Iterator[None]:
    """While a connection is opened, no PG* variable is set, unless the address says that they count."""
    hidden = (
        {}
        if address.environment
        else {name: os.environ[name] for name in os.environ if name.startswith("PG")}
    )
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(hidden)


def _variable(name: str) -> str:
    found = os.environ.get(name, "").strip()
    if not found:
        raise LiveError(f"The environment variable {name} has no database URL in it.")
    return found


def _without_others(url: str) -> str:
    before, mark, query = url.rpartition("?")
    if not mark or "://" not in before:
        return url
    kept = [part for part in query.split("&") if part.partition("=")[0] not in OTHER_DRIVERS]
    return f"{before}?{'&'.join(kept)}" if kept else before
