"""Each migration with what everybody knows of it: the journal, the files, the seal, git, a database's rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from raincheck.project.baseline import difference_from, is_sealed
from raincheck.project.project import State
from raincheck.project.runner.run import Fate, Why

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from raincheck.project.baseline import Kind
    from raincheck.project.project import Baseline, Migration, Project
    from raincheck.project.runner.records import Row
    from raincheck.project.runner.run import Run, Verdict
    from raincheck.project.status.presence import Present


class Standing(StrEnum):
    """What has become of a migration, and what will."""

    APPLIED = "applied"
    PENDING = "pending"
    SKIPPED = "skipped"
    """It is not applied, and never will be; Drizzle says nothing."""
    AGAIN = "runs again"
    MISSING = "no file"
    """The journal names it, and its file is gone."""
    UNLISTED = "never runs"
    """A file that Drizzle does not see."""
    STRANGER = "not here"
    """A row that belongs to no migration of this checkout."""
    REMOVED = "gone"
    """The seal or git know it, and it is gone."""
    UNKNOWN = "unknown"


Source = Literal["seal", "git", "database"]
Mark = Literal["same", "other", "absent"]
"""Whether a source has the migration with the text of today, with another, or not at all."""


@dataclass(frozen=True, slots=True)
class Edit:
    """An applied migration is another than `said_by` has it; `kind` is None where only that one's hash is known."""

    source: str
    said_by: str
    kind: Kind | None
    since: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One migration, or one row or seal line that has none. `sources` has those that were asked."""

    tag: str
    standing: Standing
    why: str = ""
    path: str = ""
    listed: bool | None = None
    """Whether the journal names it; None where the layout has none."""
    file: bool = False
    snapshot: bool = False
    sources: Mapping[Source, Mark] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    accepted: bool = False
    """Whether the edits were sealed."""
    rows: tuple[Row, ...] = ()
    present: Present | None = None
    """How much of its work the database has, where it is pending and anything of the pending ones is there."""

    @property
    def edited(self) -> bool:
        return bool(self.edits) and not self.accepted


@dataclass(frozen=True, slots=True)
class Known:
    """Whom else was asked: the tags that the seal and git have, None for one that is not there."""

    seal: Collection[str] | None = None
    git: Collection[str] | None = None
    database: bool = False


def lines(project: Project, run: Run, known: Known) -> tuple[Line, ...]:
    """The migrations in the order in which Drizzle goes through them, then rows without a migration, then what is gone.

    `run` is the next run: on the database where one was asked, else on a new one.
    """
    copies = duplicates(run)
    met: set[str] = set()
    found: list[Line] = []
    for verdict in run.verdicts:
        tag = verdict.migration.tag
        found.append(_line(project, verdict, known, copies.get(verdict, ()), twice=tag in met))
        met.add(tag)
    taken = {row for rows in copies.values() for row in rows}
    found += (_stranger(row, known) for row in run.strangers if row not in taken)
    named = met | {line.tag for line in found}
    found += _removed([*(known.git or ()), *(known.seal or ())], named, known)
    return tuple(found)


def duplicates(run: Run) -> dict[Verdict, tuple[Row, ...]]:
    """The further rows of migrations that are recorded more than once."""
    found: dict[Verdict, tuple[Row, ...]] = {}
    for verdict in run.verdicts:
        if verdict.row is not None and verdict.by != "hash":
            more = tuple(row for row in run.strangers if _same(row, verdict.row))
            found |= {verdict: more} if more else {}
    return found


def strangers(run: Run) -> tuple[Row, ...]:
    """The rows of migrations that are not here, without those that say the same as another row."""
    taken = {row for rows in duplicates(run).values() for row in rows}
    return tuple(row for row in run.strangers if row not in taken)


def _same(row: Row, other: Row) -> bool:
    if row.name is not None or other.name is not None:
        return row.name == other.name
    return (row.created_at, row.hash) == (other.created_at, other.hash)


def _line(project: Project, verdict: Verdict, known: Known, copies: Sequence[Row], *, twice: bool) -> Line:
    migration = project.migration(verdict.migration.tag)
    standing, why = _standing(verdict, migration, known)
    if twice:
        why = "the journal names it twice"
    rows = () if verdict.row is None else (verdict.row, *copies)
    listed = None if project.layout == "folder" else verdict.why is not Why.UNLISTED
    if migration is None:
        sources = dict(_sources(verdict.migration.tag, None, known, bool(rows)))
        return Line(verdict.migration.tag, standing, why, listed=listed, sources=sources, rows=rows)
    applied = standing in {Standing.APPLIED, Standing.AGAIN}
    edits = tuple(_edits(migration)) if applied else ()
    return Line(
        tag=migration.tag,
        standing=standing,
        why=why,
        path=migration.path,
        listed=listed,
        file=True,
        snapshot=migration.snapshot_path is not None,
        sources=dict(_sources(migration.tag, migration, known, bool(rows))),
        edits=edits,
        accepted=is_sealed(migration) and {edit.source for edit in edits} <= {"git", "database"},
        rows=rows,
    )


_FATES = {
    Fate.RUNS: Standing.PENDING,
    Fate.APPLIED: Standing.APPLIED,
    Fate.SKIPPED: Standing.SKIPPED,
    Fate.IGNORED: Standing.UNLISTED,
}
_STATES = {
    State.APPLIED: Standing.APPLIED,
    State.PENDING: Standing.PENDING,
    State.SKIPPED: Standing.SKIPPED,
    State.UNKNOWN: Standing.UNKNOWN,
}


def _standing(verdict: Verdict, migration: Migration | None, known: Known) -> tuple[Standing, str]:
    if verdict.migration.digest is None:
        return Standing.MISSING, "the journal names it, and Drizzle stops there"
    if not known.database and migration is not None and verdict.fate is not Fate.IGNORED:
        why = str(Why.EARLIER) if migration.state is State.SKIPPED else ""
        return _STATES[migration.state], why
    if verdict.again:
        return Standing.AGAIN, str(verdict.why)
    standing = _FATES[verdict.fate]
    return standing, "" if standing in {Standing.APPLIED, Standing.PENDING} else str(verdict.why)


def _sources(
    tag: str,
    migration: Migration | None,
    known: Known,
    recorded: bool,  # noqa: FBT001 - one of four facts
) -> Iterator[tuple[Source, Mark]]:
    for source, tags in (("seal", known.seal), ("git", known.git)):
        if tags is not None:
            yield source, _mark(source, migration, tag in tags)  # type: ignore[misc]  # mypy widens the two words
    if known.database:
        yield "database", _mark("database", migration, recorded)


def _mark(source: str, migration: Migration | None, present: bool) -> Mark:  # noqa: FBT001 - as above
    digests = [b.digest for b in migration.baselines if b.source == source] if migration is not None else []
    if not digests or migration is None:
        return "same" if present else "absent"
    return "same" if migration.digest in digests else "other"


def _edits(migration: Migration) -> Iterator[Edit]:
    for baseline in migration.baselines:
        if baseline.digest != migration.digest:
            said_by = "the database" if baseline.source == "database" else baseline.said_by
            yield Edit(baseline.source, said_by, _kind(migration, baseline), baseline.edited)


def _kind(migration: Migration, baseline: Baseline) -> Kind | None:
    difference = difference_from(migration, baseline)
    return difference.kind if difference is not None else None


def _stranger(row: Row, known: Known) -> Line:
    name = row.name or f"row {row.id}"
    sources: dict[Source, Mark] = {"database": "same"}
    sources |= {"seal": "same" if name in known.seal else "absent"} if known.seal is not None else {}
    sources |= {"git": "same" if name in known.git else "absent"} if known.git is not None else {}
    return Line(name, Standing.STRANGER, "no file here is its", sources=sources, rows=(row,))


def _removed(tags: Sequence[str], named: Collection[str], known: Known) -> Iterator[Line]:
    for tag in dict.fromkeys(tags):
        if tag not in named:
            sources = dict(_sources(tag, None, known, recorded=False))
            yield Line(tag, Standing.REMOVED, "it is known there, and is not here", sources=sources)
