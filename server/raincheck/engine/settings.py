"""What a team says in `raincheck.toml`, and an editor in its own settings. Reading them is `settings_file`'s."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from raincheck.engine.finding import Severity
from raincheck.engine.sizes import NO_SIZES, Sizes
from raincheck.locks.session import UNKNOWN, Session, is_utc

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from raincheck.engine.known import Known
    from raincheck.engine.sizes import Size
    from raincheck.sql.names import Name

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
    expires: date | None = None
    """The last day on which it holds."""


@dataclass(frozen=True, slots=True)
class Override:
    """`[[overrides]]`: levels of rules for the files that globs stand for, relative to the folder of `raincheck.toml`."""

    files: tuple[str, ...]
    rules: Mapping[str, Level]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one project, with what else is handed in for it; None stands for what nobody said."""

    postgres: int | None = None
    server: int | None = None
    """The major version of the database that was asked."""
    runner: Runner = "transaction"
    timezone: str | None = None
    base: str | None = None
    rules: Mapping[str, Level] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    """The last one that fits a file wins."""
    allow: tuple[AllowEntry, ...] = ()
    tables: Mapping[Name, Size] = field(default_factory=dict)
    """`[tables]`, as it is written."""
    sizes: Sizes = NO_SIZES
    """Those and what was measured."""
    known: Known | None = None
    """`raincheck.baseline.json`, where it counts."""
    today: date | None = None
    """None where no allowance can have expired."""
    migrations_table: str | None = None
    migrations_schema: str | None = None
    verify: tuple[str, ...] = ()
    """The project's own commands that show that a migration worked, as they are typed."""

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
