"""Each migration's state, where it is known which of them a database has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.project.project import State
from raincheck.project.runner.disk import Disk, Entry, File, Journal
from raincheck.project.runner.migrator import Migrator, Release
from raincheck.project.runner.records import Records, Row
from raincheck.project.runner.run import Fate, plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from raincheck.project.project import Layout, Migration

STATES = {
    Fate.RUNS: State.PENDING,
    Fate.APPLIED: State.APPLIED,
    Fate.SKIPPED: State.SKIPPED,
    Fate.IGNORED: State.SKIPPED,
}
"""The state of a migration by what the next run will make of it."""


def states(
    layout: Layout, migrations: Sequence[Migration], applied: AbstractSet[str]
) -> tuple[Migration, ...]:
    """Each migration with its state, where the database has those whose tags are in `applied`, and no other."""
    release = Release.V0 if layout == "journal" else Release.V1
    records = Records(tuple(_row(m) for m in migrations if m.tag in applied), named=release.by_name)
    files = tuple(File(migration.tag, migration.digest) for migration in migrations)
    if release.by_name:
        disk = Disk("", folders=files)
    else:
        disk = Disk("", Journal(tuple(Entry(m.tag, m.when, str(m.when)) for m in migrations)), files)
    run = plan(disk, records, Migrator(release))
    found = {verdict.migration.tag: STATES[verdict.fate] for verdict in run.verdicts}
    found |= dict.fromkeys(applied, State.APPLIED)
    return tuple(replace(migration, state=found[migration.tag]) for migration in migrations)


def _row(migration: Migration) -> Row:
    """What the run that applied it wrote, as far as it is known; a `when` that is no number is above nothing."""
    return Row(0, migration.digest, migration.when or 0, migration.tag)
