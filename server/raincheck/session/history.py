"""What git, the seal and the clock say against a project's history, besides what each migration's text was.

Gone migrations, applied entries that got another time, entries from the future, applied migrations not yet sealed.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from raincheck.project.baseline import contradicting
from raincheck.project.discover import folder_of
from raincheck.project.files import relative
from raincheck.project.journal import Entry, read_journal
from raincheck.project.project import JOURNAL, SEAL, FileProblem
from raincheck.project.source import decode
from raincheck.session.git import GitBase, GitSilence, edits_since

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from raincheck.project.project import Migration, Project
    from raincheck.project.seal import Seal

DAY = 86_400_000
"""Milliseconds: clocks of developers' machines differ, but not by more."""
MOST = 5
"""How many gone migrations are named before the rest is only counted."""


def history_problems(
    project: Project, seal: Seal | None, git: GitBase | GitSilence, now: int
) -> Iterator[FileProblem]:
    """All of them. The project's states are settled; `now` is in milliseconds since 1970."""
    base = BaseHistory(git) if isinstance(git, GitBase) else None
    entries = _entries(project)
    yield from _removed(project, entries, seal, base)
    if project.layout == "journal":
        if base is not None:
            yield from _retimed(project, entries, base)
        yield from _in_future(project, entries, now)
    if seal is not None and seal.lines:
        yield from _unsealed(project, seal)


def dated(project: Project, git: GitBase | GitSilence) -> Project:
    """The project with, for each migration that is no longer what git's base has, since when. One call of git."""
    if not isinstance(git, GitBase):
        return project
    edited = {
        relative(migration.path, project.out): migration
        for migration in project.migrations
        if (baseline := contradicting(migration)) is not None and baseline.source == "git"
    }
    since = edits_since(folder_of(project), git.commit, list(edited)) if edited else {}
    return replace(project, migrations=tuple(_dated(m, project, since) for m in project.migrations))


def _dated(migration: Migration, project: Project, since: Mapping[str, str]) -> Migration:
    when = since.get(relative(migration.path, project.out))
    if when is None:
        return migration
    baselines = (replace(b, edited=when) if b.source == "git" else b for b in migration.baselines)
    return replace(migration, baselines=tuple(baselines))


class BaseHistory:
    """The base commit's migrations, by tag: of the journal layout those that its journal names."""

    def __init__(self, git: GitBase) -> None:
        self.said_by = str(git)
        journal = (
            read_journal(JOURNAL, decode(git.journal, JOURNAL).text) if git.journal is not None else None
        )
        self.entries = {entry.tag: entry for entry in journal.entries} if journal is not None else {}
        folders = (posixpath.split(path) for path in git.texts)
        self.tags = set(self.entries) or {tag for tag, name in folders if tag and name == "migration.sql"}
        self.digests = {
            tag: decode(text, path).digest
            for tag, path in ((tag, f"{tag}/migration.sql") for tag in self.tags - set(self.entries))
            if (text := git.texts.get(path)) is not None
        }

    def late(self, entry: Entry) -> bool:
        """Whether an entry was not above all before it, so that databases that had those skipped it."""
        before = takewhile(lambda other: other is not entry, self.entries.values())
        return any(other.when is not None and other.when >= (entry.when or 0) for other in before)


def _removed(
    project: Project, entries: Sequence[Entry], seal: Seal | None, base: BaseHistory | None
) -> Iterator[FileProblem]:
    here = {migration.tag for migration in project.migrations} | {entry.tag for entry in entries}
    gone = sorted((base.tags if base else set()) - here)
    sealed = sorted({line.tag for line in seal.lines} - here - set(gone)) if seal else []
    if base is not None and gone:
        renamed = _renamed(project, gone, base)
        again = (
            f" {renamed[1]} has the text of {renamed[0]}: databases that have run it run it again."
            if renamed and project.layout == "folder"
            else ""
        )
        yield _gone(project, gone, base.said_by, again)
    if sealed:
        yield _gone(project, sealed, SEAL)


def _gone(project: Project, tags: Sequence[str], said_by: str, more: str = "") -> FileProblem:
    named = ", ".join(tags[:MOST]) + (f" and {len(tags) - MOST} more" if len(tags) > MOST else "")
    are = "is a migration" if len(tags) == 1 else "are migrations"
    return FileProblem(
        rule="migration-removed",
        path=project.journal_path if project.layout == "journal" else project.out,
        message=f"{named} {are} of {said_by} and no longer here. Databases that have run what is gone keep it, and "
        f"new ones never get it.{more}",
        help="Restore it from git. What should be undone belongs into a new migration; where all databases have "
        "been moved to another history, allow this in raincheck.toml or seal anew.",
    )


def _renamed(project: Project, gone: Sequence[str], base: BaseHistory) -> tuple[str, str] | None:
    """A gone migration, and the new one that has its text."""
    new = {m.digest: m.tag for m in project.migrations if m.tag not in base.tags}
    return next(((tag, new[base.digests[tag]]) for tag in gone if base.digests.get(tag) in new), None)


def _retimed(project: Project, entries: Sequence[Entry], base: BaseHistory) -> Iterator[FileProblem]:
    """Source: drizzle-orm's migrator compares `when` with the newest created_at of __drizzle_migrations."""
    for entry in entries:
        was = base.entries.get(entry.tag)
        if was is None or was.when is None or entry.when in {None, was.when}:
            continue
        if base.late(was):  # every database skipped it, and a later time is the remedy
            continue
        later = (entry.when or 0) > was.when
        yield FileProblem(
            rule="journal-entry-edited",
            path=project.journal_path,
            message=f"`when` of {entry.tag} is {entry.when}, and was {was.when} in {base.said_by}. "
            + (
                "A database whose newest migration is older than that runs it again, and fails on what is there."
                if later
                else "A database that has not run it yet may skip it for ever, in silence."
            ),
            help=f'Put it back where a database has run it: "when": {was.when}',
            span=entry.span,
        )


def _in_future(project: Project, entries: Sequence[Entry], now: int) -> Iterator[FileProblem]:
    if all(migration.when is None or migration.when <= now + DAY for migration in project.migrations):
        return
    for entry in entries:
        if entry.when is not None and entry.when > now + DAY:
            yield FileProblem(
                rule="journal-time-in-future",
                path=project.journal_path,
                message=f"`when` of {entry.tag} lies in the future ({entry.when}). A database that has run it skips, "
                "in silence, every migration that is generated before then.",
                help=f'Where it is applied nowhere, give it the present time: "when": {now}',
                span=entry.span,
            )


def _unsealed(project: Project, seal: Seal) -> Iterator[FileProblem]:
    """What a database has run, or what stands before a sealed migration, and is not sealed."""
    sealed = {line.tag for line in seal.lines}
    last = max((n for n, m in enumerate(project.migrations) if m.tag in sealed), default=-1)
    open_ = [
        migration.tag
        for number, migration in enumerate(project.migrations)
        if migration.tag not in sealed
        and (number < last or any(baseline.source == "database" for baseline in migration.baselines))
    ]
    if open_:
        are = f"{open_[0]} is" if len(open_) == 1 else f"{len(open_)} migrations, {open_[0]} the first, are"
        yield FileProblem(
            rule="seal-stale",
            path=project.seal_path,
            message=f"{are} applied somewhere, or came in before a sealed one, and not sealed: an edit goes unseen.",
            help="Where it is applied, `raincheck seal --since TAG` adds it, TAG being the last one that is.",
        )


def _entries(project: Project) -> tuple[Entry, ...]:
    return read_journal(JOURNAL, project.journal_text).entries if project.journal_text is not None else ()
