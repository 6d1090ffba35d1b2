"""Who runs the migrations: which release of Drizzle, over which driver, started by what.

Read from the sources of drizzle-orm 0.45.4, 1.0.0-beta.1, -beta.9, -beta.13, -beta.14, -beta.21, -rc.1 and -rc.5, and
run: `tests/drizzle/test_truth.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Release(StrEnum):
    """The releases of drizzle-orm between which the rules change."""

    V0 = "0.x"
    """And 1.0.0-beta.1: the journal, chosen by time."""
    BETA = "1.0.0-beta.2"
    """To beta.13: folders, or the journal where there is one; still chosen by time."""
    V1 = "1.0.0"
    """From beta.14 on: folders, chosen by name. From rc.1 on a journal is refused."""

    @property
    def by_name(self) -> bool:
        """Whether a migration is chosen by its name, rather than by its time."""
        return self is Release.V1


class Atomicity(StrEnum):
    """What is undone where a statement fails."""

    RUN = "run"
    """The whole run: one transaction, which is opened even where nothing is pending."""
    STATEMENT = "statement"
    """That chunk alone. A migration's row is written behind its last chunk."""
    ROWS_LAST = "rows-last"
    """That chunk alone, and all rows are written behind the last migration: none of them, where one fails."""
    BATCH = "batch"
    """The whole run: one transaction, sent at once, each chunk as a prepared statement."""
    CALLBACK = "callback"
    """Whatever the function does that the program hands to migrate()."""


Via = Literal["migrate()", "drizzle-kit migrate", "drizzle-kit push"]

TABLE = "__drizzle_migrations"
SCHEMA = "drizzle"

_ALONE: dict[str, dict[Release, Atomicity]] = {
    "neon-http": {
        Release.V0: Atomicity.ROWS_LAST,
        Release.BETA: Atomicity.ROWS_LAST,
        Release.V1: Atomicity.BATCH,  # from rc.5 on; as before in rc.1
    },
    "xata-http": dict.fromkeys(Release, Atomicity.STATEMENT),
    "pg-proxy": dict.fromkeys(Release, Atomicity.CALLBACK),
}
_PREPARING = {"pglite", "neon-http", "aws-data-api"}
DRIVERS = (
    *(
        "node-postgres",
        "postgres-js",
        "pglite",
        "neon-serverless",
        "vercel-postgres",
        "bun-sql",
        "aws-data-api",
    ),
    *("neon-http", "xata-http", "pg-proxy"),
)
"""The folders of drizzle-orm with a migrator for PostgreSQL. All but the last three open one transaction."""


@dataclass(frozen=True, slots=True)
class Migrator:
    """One way to run migrations. `driver` is the folder of drizzle-orm that migrate() is imported from.

    `schema` and `table` are what the configuration names (`migrations.schema`, `migrations.table`) or the program
    hands to migrate(); the program does not read the configuration.
    """

    release: Release = Release.V0
    driver: str = "node-postgres"
    via: Via = "migrate()"
    schema: str = SCHEMA
    table: str = TABLE

    @property
    def atomicity(self) -> Atomicity:
        """An unknown driver is taken for one with transactions. drizzle-kit takes no HTTP driver for migrate."""
        if self.via == "drizzle-kit push":
            return Atomicity.STATEMENT
        return _ALONE.get(self.driver, {}).get(self.release, Atomicity.RUN)

    @property
    def prepares(self) -> bool:
        """Whether each chunk is sent as a prepared statement, which can hold one statement only.

        Seen of pglite; of the HTTP drivers their documentation says so.
        """
        return self.via != "drizzle-kit push" and self.driver in _PREPARING

    @property
    def records_in(self) -> tuple[str, str]:
        """Schema and name of the table that it really uses: some migrators leave out what they are told."""
        if self.driver == "xata-http":
            return "public", self.table
        if self.driver == "pg-proxy" and self.release is not Release.V1:
            return SCHEMA, TABLE
        return self.schema, self.table
