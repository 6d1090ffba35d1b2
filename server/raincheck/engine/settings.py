"""What a team says in `raincheck.toml`, and an editor in its own settings. Reading them is `settings_file`'s."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from raincheck.engine.finding import Severity
from raincheck.locks.session import UNKNOWN, Session, is_utc

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_POSTGRES = 15
"""The oldest major version that PostgreSQL itself still supports (https://www.postgresql.org/support/versioning/)."""

Level = Literal["off", "note", "risk", "danger"]
Runner = Literal["transaction", "statement"]


@dataclass(frozen=True, slots=True)
class AllowEntry:
    """`[[allow]]`: a finding that is accepted, in a migration (by its tag) whose text must not change."""

    migration: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one project; None stands for what nobody said."""

    postgres: int | None = None
    server: int | None = None
    """The major version of the database that was asked."""
    runner: Runner = "transaction"
    timezone: str | None = None
    base: str | None = None
    rules: Mapping[str, Level] = field(default_factory=dict)
    allow: tuple[AllowEntry, ...] = ()
    migrations_table: str | None = None
    migrations_schema: str | None = None

    @property
    def target(self) -> int:
        """The major version to answer for."""
        return self.postgres or self.server or DEFAULT_POSTGRES

    @property
    def target_from(self) -> Literal["settings", "server", "default"]:
        """Who said the version."""
        return "settings" if self.postgres else "server" if self.server else "default"

    @property
    def session(self) -> Session:
        """What is known of the sessions that run migrations."""
        return UNKNOWN if self.timezone is None else Session(utc=is_utc(self.timezone))

    def severity(self, rule: str, default: Severity | None) -> Severity | None:
        """The severity of a rule; None where it is off. `default` is None for a rule that has to be switched on."""
        level = self.rules.get(rule)
        if level is None:
            return default
        return None if level == "off" else Severity(level)
