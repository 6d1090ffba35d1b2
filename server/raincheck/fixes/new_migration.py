"""A further migration, made as drizzle-kit would make it: the SQL file, its journal entry or folder, its snapshot."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, uuid5

from raincheck.project.folders import SNAPSHOT_FILE, SQL_FILE, time_of
from raincheck.project.journal import read_journal
from raincheck.project.project import JOURNAL
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raincheck.project.journal import Entry, Journal
    from raincheck.project.project import Project

KEPT = 8
"""Journals and snapshots that are kept as read: those of one project are the same for every fix of an analysis."""

LONGEST_NAME = 60
"""Characters of a tag behind its prefix."""


@dataclass(frozen=True, slots=True)
class NewMigration:
    """What has to be written, by path."""

    path: str
    creates: Mapping[str, str]
    edits: Mapping[str, tuple[Edit, ...]]


def new_migration(project: Project, name: str, text: str) -> NewMigration | None:
    """A migration behind all others that holds `text`; None where the project's journal or snapshots cannot tell how.

    `name` becomes part of its tag. Nothing here reads a clock: its time is the newest migration's and a little more.
    """
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:LONGEST_NAME].rstrip("_")
    snapshot = _snapshot(project.last_snapshot)
    if snapshot is None:
        return None
    if project.layout == "journal":
        return _in_journal(project, slug, text, snapshot)
    return _in_folder(project, slug, text, snapshot) if project.layout == "folder" else None


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """The newest snapshot: the next one follows from it, and says that the schema is still the same."""

    path: str
    text: str
    id: str
    following: str
    """The text of the next one, but for its id, where this one's successor `_PLACE` stands."""

    def next(self, migration: str) -> str:
        """The snapshot of a migration, given as text, that changes nothing drizzle-kit knows of."""
        return self.following.replace(_PLACE, str(uuid5(NAMESPACE_OID, self.id + migration)), 1)


_PLACE = str(uuid5(NAMESPACE_OID, "the next snapshot"))


@lru_cache(KEPT)
def _snapshot(file: tuple[str, str] | None) -> _Snapshot | None:
    """A snapshot, by its path and text; None where it cannot be read."""
    if file is None:
        return None
    try:
        value = json.loads(file[1])
    except (ValueError, RecursionError):
        return None
    known = isinstance(value, dict) and isinstance(value.get("id"), str)
    return _Snapshot(*file, value["id"], _following(value)) if known else None


def _following(value: dict[str, Any]) -> str:
    before = value["id"]
    if value.get("version") == "9":
        kept = {key: of for key, of in value.items() if key != "ddl"}
        value = {**kept, "type": "diff", "id": _PLACE, "prevIds": [before], "footprints": [], "deltas": []}
    elif "prevIds" in value:
        value = {**value, "id": _PLACE, "prevIds": [before], "renames": []}
    else:
        value = {**value, "id": _PLACE, "prevId": before}
    return json.dumps(value, indent=2, ensure_ascii=False)


@lru_cache(KEPT)
def _journal(source: str) -> Journal:
    return read_journal(JOURNAL, source)


def _in_folder(project: Project, slug: str, text: str, snapshot: _Snapshot) -> NewMigration | None:
    times = [time for migration in project.migrations if (time := time_of(migration.tag)) is not None]
    if not times:
        return None
    prefix = datetime.fromtimestamp(max(times) // 1000 + 1, UTC).strftime("%Y%m%d%H%M%S")
    folder = _inside(project, f"{prefix}_{slug}")
    path = f"{folder}/{SQL_FILE}"
    return NewMigration(path, {path: text, f"{folder}/{SNAPSHOT_FILE}": snapshot.next(text)}, {})


def _in_journal(project: Project, slug: str, text: str, snapshot: _Snapshot) -> NewMigration | None:
    source = project.journal_text
    journal = _journal(source) if source is not None else None
    if source is None or journal is None or not journal.readable or not journal.entries:
        return None
    last = journal.entries[-1]
    idx = last.idx + 1 if last.idx is not None else len(journal.entries)
    when = max((entry.when for entry in journal.entries if entry.when is not None), default=0) + 1
    prefix = _next_prefix(last, idx)
    tag = _unused(f"{prefix}_{slug}", {entry.tag for entry in journal.entries})
    path = _inside(project, f"{tag}.sql")
    creates, edits = {path: text}, {_inside(project, JOURNAL): (_entry(source, last, idx, when, tag),)}
    beside = _inside(project, f"meta/{prefix}_snapshot.json")
    if beside == snapshot.path:
        edits[beside] = (Edit(Span(0, len(snapshot.text)), snapshot.next(text)),)
    else:
        creates[beside] = snapshot.next(text)
    return NewMigration(path, creates, edits)


def _inside(project: Project, path: str) -> str:
    return posixpath.normpath(posixpath.join(project.out, path))


def _next_prefix(last: Entry, idx: int) -> str:
    """The prefix after the last migration's, in its style: a time, seconds since 1970, none, or the number."""
    prefix = last.tag.split("_", 1)[0]
    if re.fullmatch(r"\d{14}", prefix):
        try:
            time = datetime.strptime(prefix, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return f"{int(prefix) + 1:014d}"
        return (time + timedelta(seconds=1)).strftime("%Y%m%d%H%M%S")
    if re.fullmatch(r"\d{10}", prefix):
        return str(int(prefix) + 1)
    return f"{idx:04d}" if prefix else ""


def _unused(tag: str, taken: set[str]) -> str:
    number = 2
    free = tag
    while free in taken:
        free, number = f"{tag}_{number}", number + 1
    return free


def _entry(source: str, last: Entry, idx: int, when: int, tag: str) -> Edit:
    """The journal's next entry: the last one's fields and layout, with its own number, time and tag."""
    written = last.span.within(source)
    value = {**json.loads(written), "idx": idx, "when": when, "tag": tag}
    start = source.rfind("\n", 0, last.span.start) + 1
    indent = source[start : last.span.start]
    if "\n" not in written or indent.strip():
        return Edit(Span(last.span.end, last.span.end), ", " + json.dumps(value, ensure_ascii=False))
    end_of_line = "\r\n" if "\r\n" in written else "\n"
    step = re.search(r"\n([ \t]*)\"", written)
    inner = step[1].removeprefix(indent) if step else "  "
    lines = json.dumps(value, ensure_ascii=False, indent=inner or "  ").split("\n")
    text = "," + "".join(end_of_line + indent + line for line in lines)
    return Edit(Span(last.span.end, last.span.end), text)
