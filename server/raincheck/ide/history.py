"""The journal, the seal and the snapshots as documents: which migration a place in them speaks of, and the way there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.ide.blocks import Code, Link, Strong, listed, paragraph
from raincheck.ide.hover import Hover
from raincheck.locks.words import counted
from raincheck.project.journal import read_journal
from raincheck.project.project import State
from raincheck.project.seal import read as read_seal
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.ide.blocks import Block
    from raincheck.project.project import Migration, PendingFrom, Project


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file of the project."""

    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the journal or the seal that names a migration; None where there is no such file."""

    span: Span
    tag: str
    migration: Migration | None


def definitions(project: Project, path: str, offset: int) -> tuple[Place, ...]:
    """Where a place leads: from an entry to its SQL file and snapshot; from either of these back to the entry."""
    mention = _mentioned(project, path, offset)
    if mention is not None:
        return tuple(_files(mention.migration))
    migration = project.with_file(path)
    if migration is None:
        return ()
    named = (place for place in entries(project, project.journal_path) if place.migration is migration)
    back = (Place(project.journal_path, place.span) for place in named)
    return (*(place for place in _files(migration) if place.path != path), *back)


def entry_hover(
    analysis: Analysis,
    path: str,
    offset: int,
    address: Callable[[str], str],
    gate: Callable[[Migration], str],
) -> Hover | None:
    """What is known of the migration that a line of the journal or the seal names; None where it names none.

    `address` turns a path of the project into what a link to the file says; `gate` gives a migration's deploy gate
    in words, empty where it has none.
    """
    mention = _mentioned(analysis.project, path, offset)
    if mention is None or mention.migration is None:
        return None
    blocks = tuple(_blocks(analysis, mention.migration, address, gate(mention.migration)))
    return Hover(mention.span, blocks)


def _mentioned(project: Project, path: str, offset: int) -> Entry | None:
    return next((place for place in entries(project, path) if place.span.touches(offset)), None)


def entries(project: Project, path: str) -> Iterator[Entry]:
    """The entries of the journal, or the lines of the seal; of any other file nothing."""
    if path == project.journal_path and project.journal_text is not None:
        for entry in read_journal(path, project.journal_text).entries:
            yield Entry(entry.span, entry.tag, project.migration(entry.tag))
    if path == project.seal_path and project.seal_text is not None:
        for line in read_seal(path, project.seal_text).lines:
            yield Entry(line.span, line.tag, project.migration(line.tag))


def _files(migration: Migration | None) -> Iterator[Place]:
    if migration is not None:
        yield Place(migration.path, Span(0, 0))
        if migration.snapshot_path is not None:
            yield Place(migration.snapshot_path, Span(0, 0))


_STATES = {
    State.APPLIED: "applied",
    State.PENDING: "pending: Drizzle runs it the next time",
    State.SKIPPED: "skipped: a database that has the newest migration never runs it, in silence",
    State.UNKNOWN: "pending or applied, nobody can tell",
}
_TOLD: dict[PendingFrom, str] = {
    "database": "",
    "seal": "raincheck.sum",
    "git": "git",
    "since": "the tag given",
    "all": "the wish to see all",
    "unknown": "nobody",
}


def _blocks(
    analysis: Analysis, migration: Migration, address: Callable[[str], str], gate: str
) -> Iterator[Block]:
    project = analysis.project
    yield paragraph(Link(migration.path, address(migration.path)))
    told = " (by " + ", ".join(filter(None, (_TOLD[project.pending_from], project.deployed))) + ")"
    yield paragraph(Strong(_STATES[migration.state]), told if migration.state is not State.UNKNOWN else "")
    if gate:
        yield paragraph(f"Deploy gate: {gate}.")
    found = analysis.by_path.get(migration.path, [])
    statements = len(migration.document.statements)
    yield paragraph(f"{counted(statements, 'statement')}, {counted(len(found), 'finding')}.")
    yield paragraph("SHA-256 ", Code(migration.digest), *_compared(migration))
    if migration.snapshot_path is not None:
        yield paragraph("Snapshot: ", Link(migration.snapshot_path, address(migration.snapshot_path)))


def _compared(migration: Migration) -> Iterator[str]:
    """Who has seen the same text, and who another; of an applied migration only, since others may change."""
    for same in (True, False):
        saying = [b.said_by for b in migration.baselines if (b.digest == migration.digest) is same]
        if saying and (same or migration.state is State.APPLIED):
            words = listed(((name,) for name in saying), len(saying))
            yield "".join((", as in " if same else ", not as in ", *map(str, words)))
