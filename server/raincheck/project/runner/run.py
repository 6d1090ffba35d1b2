"""What the next run of Drizzle's migrator will do: `plan(disk, records, migrator)`.

A value-level model: which migrations run, in which order, in which transactions, which are skipped for ever, and
what makes the run fail before anything of it has happened. What their SQL does is the engine's to tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from raincheck.project.folders import name_order, time_of
from raincheck.project.runner.migrator import Atomicity, Migrator, Release
from raincheck.project.runner.records import Local, Records, owners, upgraded
from raincheck.project.runner.refusals import Refusal, refusal, unmatched

if TYPE_CHECKING:
    from raincheck.project.runner.disk import Disk, Entry, File
    from raincheck.project.runner.records import By, Row

_BIGINT = re.compile(r"\s*[+-]?\d+\s*", re.ASCII)


class Fate(StrEnum):
    """What becomes of a migration."""

    RUNS = "runs"
    APPLIED = "applied"
    """Its row is there, and it is not looked at again."""
    SKIPPED = "skipped"
    """It has no row and never runs on this database; Drizzle says that all went well."""
    IGNORED = "ignored"
    """The migrator does not see it: it runs on no database."""


class Why(StrEnum):
    """Why it is so, as a clause."""

    EMPTY = "the table has no row"
    LATER = "its time is above the newest row's"
    NULL_ROW = "a row without a time makes everything run again"
    UNNAMED = "no row has its name"
    RECORDED = "its row is there"
    EARLIER = "its time is not above the newest row's"
    TIMELESS = "its `when` is no number, and is above nothing"
    UNLISTED = "the journal does not name it"
    FLAT = "only folders with a migration.sql are read"
    PUSH = "push compares the schema with the database, and reads no migration"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one migration, or of one entry of the journal where a tag stands there twice."""

    migration: Local
    fate: Fate
    why: Why
    row: Row | None = None
    by: By | None = None
    """How the row was found to be its own."""

    @property
    def again(self) -> bool:
        """Whether it runs although the database has it: its time or its name is no longer what the row says."""
        return self.fate is Fate.RUNS and self.row is not None

    @property
    def edited(self) -> bool:
        """Whether the file is no longer what was applied; Drizzle never looks."""
        digest = self.migration.digest
        return self.row is not None and digest is not None and self.row.hash != digest


@dataclass(frozen=True, slots=True)
class Failure:
    """An error of PostgreSQL that is certain from the values alone. `message` may be only its beginning."""

    tag: str
    sqlstate: str
    message: str


@dataclass(frozen=True, slots=True)
class Run:
    """The next run. `verdicts` come in the order in which the migrator goes through the migrations, and tell what
    would become of them without `refusal`, which stops it before any of them.
    """

    migrator: Migrator
    verdicts: tuple[Verdict, ...] = ()
    refusal: Refusal | None = None
    failure: Failure | None = None
    """Where the run fails in the middle."""
    strangers: tuple[Row, ...] = ()
    """The rows of migrations that are not here."""
    after: int | None = None
    """What a migration's time must be above, where the time decides: the newest row's; None where there is no row."""

    @property
    def running(self) -> tuple[Local, ...]:
        """What runs, in this order; nothing where the run is refused."""
        if self.refusal is not None:
            return ()
        return tuple(verdict.migration for verdict in self.verdicts if verdict.fate is Fate.RUNS)

    @property
    def transactions(self) -> tuple[tuple[Local, ...], ...]:
        """What shares a transaction, unless the SQL ends it; empty where every chunk is one by itself."""
        shared = self.migrator.atomicity in {Atomicity.RUN, Atomicity.BATCH}
        return (self.running,) if shared and self.running else ()

    def of(self, tag: str) -> Verdict | None:
        """What becomes of a migration; of the first entry where the journal has it twice."""
        return next((verdict for verdict in self.verdicts if verdict.migration.tag == tag), None)


def plan(disk: Disk, records: Records | None = None, migrator: Migrator | None = None) -> Run:
    """What the migrator will do with this folder and these rows. Without rows: on a new database."""
    migrator, records = migrator or Migrator(), records or Records()
    if migrator.via == "drizzle-kit push":
        unread = (Verdict(found, Fate.IGNORED, Why.PUSH) for found in _folders(disk))
        return Run(migrator, tuple(unread))
    migrations, others = _read(disk, migrator)
    refused = refusal(disk, migrations, migrator)
    if migrator.release.by_name and not records.named and records.rows:
        named, lost = upgraded(records, migrations)
        refused = refused or (unmatched(lost) if lost else None)
        records = replace(named, rows=(*named.rows, *lost))
        migrations = sorted(migrations, key=lambda m: (m.when or 0, name_order(m.tag)))
    verdicts, strangers = _judged(migrations, records, migrator)
    running = (verdict.migration for verdict in verdicts if verdict.fate is Fate.RUNS)
    failure = next(filter(None, (_fails(migration, migrator) for migration in running)), None)
    after = None if migrator.release.by_name else _after(records)
    return Run(migrator, (*verdicts, *others), refused, None if refused else failure, strangers, after)


def _read(disk: Disk, migrator: Migrator) -> tuple[list[Local], list[Verdict]]:
    """What the migrator reads, in its order, and what it does not see."""
    journal = disk.journal if migrator.release is not Release.V1 else None
    if journal is None and migrator.release is not Release.V0:
        return _folders(disk), [Verdict(_local(file, None), Fate.IGNORED, Why.FLAT) for file in disk.files]
    files = {file.tag: file for file in disk.files}
    entries = journal.entries if journal is not None else ()
    listed = [_listed(entry, files.get(entry.tag)) for entry in entries]
    tags = {entry.tag for entry in entries}
    unlisted = [_local(file, None) for file in disk.files if file.tag not in tags]
    return listed, [Verdict(m, Fate.IGNORED, Why.UNLISTED) for m in (*unlisted, *_folders(disk))]


def _folders(disk: Disk) -> list[Local]:
    ordered = sorted(disk.folders, key=lambda file: name_order(file.tag))
    return [_local(file, time_of(file.tag)) for file in ordered]


def _local(file: File, when: int | None) -> Local:
    stored = "NaN" if when is None else str(when)
    return Local(file.tag, when, stored, file.digest, file.byte_order_mark, file.crowded)


def _listed(entry: Entry, file: File | None) -> Local:
    if file is None:
        return Local(entry.tag, entry.when, entry.stored)
    return Local(entry.tag, entry.when, entry.stored, file.digest, file.byte_order_mark, file.crowded)


def _judged(
    migrations: list[Local], records: Records, migrator: Migrator
) -> tuple[list[Verdict], tuple[Row, ...]]:
    by_name = migrator.release.by_name
    owned, strangers = owners(migrations, records, by_name=by_name)
    names = {row.name for row in records.rows}
    after = _after(records)
    null = any(row.created_at is None for row in records.rows)
    verdicts: list[Verdict] = []
    for place, migration in enumerate(migrations):
        row, by = owned.get(place, (None, None))
        runs = _by_name(migration, names) if by_name else _by_time(migration, after, null=null)
        if runs is not None:
            verdicts.append(Verdict(migration, Fate.RUNS, runs, row, by))
        elif row is not None:
            verdicts.append(Verdict(migration, Fate.APPLIED, Why.RECORDED, row, by))
        else:
            why = Why.TIMELESS if migration.when is None else Why.EARLIER
            verdicts.append(Verdict(migration, Fate.SKIPPED, why))
    return verdicts, strangers


def _by_name(migration: Local, names: set[str | None]) -> Why | None:
    return Why.UNNAMED if migration.tag not in names else None


def _by_time(migration: Local, after: int | None, *, null: bool) -> Why | None:
    """`ORDER BY created_at DESC LIMIT 1`, and whatever has a later time. A NULL comes first and counts as 0."""
    if after is None:
        return Why.EMPTY
    if migration.when is None or migration.when <= after:
        return None
    return Why.NULL_ROW if null else Why.LATER


def _after(records: Records) -> int | None:
    times = [row.created_at for row in records.rows]
    return 0 if None in times else max(filter(None, times), default=0 if times else None)


def _fails(migration: Local, migrator: Migrator) -> Failure | None:
    """The SQL with a byte order mark; the row whose time the column does not take. A NULL it does take."""
    if migration.byte_order_mark:
        return Failure(migration.tag, "42601", 'syntax error at or near "\ufeff')
    if migration.crowded and migrator.prepares:
        return Failure(migration.tag, "42601", "cannot insert multiple commands into a prepared statement")
    if migration.stored == "undefined":
        return Failure(migration.tag, "42601", 'syntax error at or near ")"')
    if migration.stored != "null" and not _BIGINT.fullmatch(migration.stored):
        words = f'invalid input syntax for type bigint: "{migration.stored}"'
        return Failure(migration.tag, "22P02", words)
    return None
