"""A project and a database that Drizzle has migrated: how real environments come to be, and break."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

from support.drizzle import ask
from support.truth_folder import write

if TYPE_CHECKING:
    from pathlib import Path

LAYOUTS = {"v0": "journal", "v1": "folder"}
TABLE = "drizzle.__drizzle_migrations"


@dataclass(frozen=True)
class Environment:
    """`version` is the release of Drizzle that the project is of; lines are those of `truth_folder`."""

    root: Path
    dsn: str
    version: str = "v0"

    def files(self, line: str, journal: str = "") -> Environment:
        """Write the migrations, in place of what is there."""
        write(self.root, line, LAYOUTS[self.version], journal)
        return self

    def migrated(self, line: str, version: str | None = None, **config: str) -> Environment:
        """Write the migrations and let Drizzle run them."""
        version = version or self.version
        folder = write(self.root, line, LAYOUTS[version])
        outcome = ask(version, self.dsn, folder, **config).outcome
        assert outcome.ok, outcome
        return self

    def sql(self, statement: str) -> Environment:
        """What somebody does by hand; `{t}` is the migrations table."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(statement.replace("{t}", TABLE))
        return self

    def migrate(self) -> str:
        """Let Drizzle run what is there now: "" where it goes well, else its error."""
        outcome = ask(self.version, self.dsn, self.root / "drizzle").outcome
        return "" if outcome.ok else f"{outcome.sqlstate or ''} {outcome.message}".strip()

    def rows(self) -> list[tuple]:
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(f"SELECT id, hash, created_at FROM {TABLE} ORDER BY id").fetchall()
