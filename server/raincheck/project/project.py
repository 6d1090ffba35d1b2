"""A Drizzle project on disk, as values: its configuration, its migrations in run order, what is wrong with them."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import is_
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from raincheck.catalog.schema import Schema
    from raincheck.project.recorded import Recorded
    from raincheck.sql.document import Document, Statement
    from raincheck.text import Span


class State(StrEnum):
    """Whether a migration runs the next time Drizzle migrates the database that matters."""

    APPLIED = "applied"
    PENDING = "pending"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"
    """Nobody can tell; taken as pending, and said so."""


SETTINGS_FILE = "raincheck.toml"
JOURNAL = "meta/_journal.json"
SEAL = "raincheck.sum"

Layout = Literal["journal", "folder", "loose"]
"""drizzle-kit 0.x's `meta/_journal.json`; 1.0's folder a migration; SQL files with neither."""

PendingFrom = Literal["database", "seal", "git", "since", "all", "unknown"]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another file, or another place in the same one, that belongs to a problem."""

    message: str
    path: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Something wrong with a file of the project, at its place. `rule` is the slug under which it is reported."""

    rule: str
    path: str
    message: str
    help: str = ""
    span: Span | None = None
    related: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a migration's text was when somebody else saw it: `source` says who, `text` where it is known."""

    source: Literal["database", "seal", "git", "drizzle-kit"]
    digest: str
    """SHA-256 in hex of the text as Drizzle hashes it."""
    said_by: str
    """In words: "the commit 1a2b3c4 (main)", "raincheck.sum"."""
    text: str | None = None
    edited: str = ""
    """Where it is known, since when the text is another: "in 9f8e7d6 (2026-11-20)", "and not committed yet"."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One migration. `tag` is Drizzle's: the file name without `.sql`, or the folder's name."""

    tag: str
    path: str
    """The SQL file, relative to the project's root, with forward slashes."""
    when: int | None
    """Milliseconds since 1970: the journal's `when`, or the folder name's time; None for a loose file."""
    document: Document
    digest: str
    """SHA-256 in hex of the file's bytes: what Drizzle writes into __drizzle_migrations."""
    snapshot_path: str | None = None
    snapshot: Schema | None = None
    """The snapshot's schema; read only where the SQL alone cannot tell (a pulled baseline that is commented out)."""
    state: State = State.UNKNOWN
    baselines: tuple[Baseline, ...] = ()
    meant: Mapping[int, tuple[Statement, ...]] = field(default_factory=dict, hash=False)
    """For statements (by index) that somebody is typing and nobody can read yet: what to take for them meanwhile, so
    that all behind them stays as it was. Only an editor's unsaved text has any (session/half_typed.py)."""

    @property
    def pending(self) -> bool:
        return self.state in {State.PENDING, State.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Project:
    """One migrations folder and the configuration that names it.

    `root` is where `drizzle.config.*` or `raincheck.toml` lies (else the migrations folder's parent), as an
    absolute path; `out` is the migrations folder, relative to it.
    """

    root: str
    out: str
    layout: Layout
    migrations: tuple[Migration, ...]
    """In the order in which Drizzle runs them."""
    pending_from: PendingFrom = "unknown"
    deployed: str = ""
    """Where git or a database told: which, in words: "main (1a2b3c4)", 'the database "app" on localhost:5432'."""
    config_path: str | None = None
    migrations_table: str | None = "__drizzle_migrations"
    """Where Drizzle records what has run, by the configuration; None where it cannot be told without running it."""
    migrations_schema: str | None = "drizzle"
    breakpoints: bool = True
    """Whether drizzle-kit writes any, by the configuration; also where that cannot be told without running it."""
    problems: tuple[FileProblem, ...] = ()
    runner: str = "transaction"
    journal_text: str | None = None
    """The text of `meta/_journal.json`, for the fixes that add a migration; None where it is not at hand."""
    seal_text: str | None = None
    """The text of `raincheck.sum`; None where there is none."""
    last_snapshot: tuple[str, str] | None = None
    """Path and text of the newest migration's snapshot, for the same fixes."""
    recorded: Recorded | None = None
    """The snapshots around the pending run, where they tell what its SQL should do."""
    settings_path: str = SETTINGS_FILE
    """Where `raincheck.toml` lies, relative to the root: the nearest one at or above it; where it would lie."""
    settings_text: str | None = None
    """Its text; None where there is none."""

    def absolute(self, path: str) -> str:
        """The absolute path of a file or folder that is given relative to the root."""
        return posixpath.normpath(posixpath.join(self.root, path))

    @property
    def journal_path(self) -> str:
        """Where `meta/_journal.json` lies, whether it is there or not."""
        return posixpath.normpath(posixpath.join(self.out, JOURNAL))

    @property
    def seal_path(self) -> str:
        """Where `raincheck.sum` lies, whether it is there or not."""
        return posixpath.normpath(posixpath.join(self.out, SEAL))

    def migration(self, tag: str) -> Migration | None:
        return next((migration for migration in self.migrations if migration.tag == tag), None)

    def at(self, path: str) -> Migration | None:
        """The migration whose file lies at a path, relative to the root."""
        return next((migration for migration in self.migrations if migration.path == path), None)

    def with_file(self, path: str) -> Migration | None:
        """The migration that a file is, or whose snapshot it is; None for any other file."""
        return next((one for one in self.migrations if path in {one.path, one.snapshot_path}), None)

    def edited(self, path: str, edit: Callable[[Migration], Migration]) -> Project:
        """The project with another migration wherever one lies at a path: a journal can name a file twice."""
        migrations = tuple(edit(one) if one.path == path else one for one in self.migrations)
        same = all(map(is_, migrations, self.migrations))
        return self if same else replace(self, migrations=migrations)

    def holds(self, path: str) -> bool:
        """Whether a file is one of this project's: a migration, its snapshot, the journal or the seal."""
        return path in {self.journal_path, self.seal_path} or self.with_file(path) is not None
