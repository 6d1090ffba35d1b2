"""What in a file leads to another: the journal and the seal to migrations, snapshots to theirs, comments to rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.ide.history import entries
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raincheck.project.project import Migration, Project
    from raincheck.sql.allowances import Allowance
    from raincheck.sql.document import Document

_TAG = re.compile(r'"tag"\s*:\s*"((?:[^"\\]|\\.)*)"')
_NUMBER = re.compile(r'"idx"\s*:\s*(\d+)')
_ID = re.compile(r'"id"\s*:\s*"([^"\\]*)"')
_BEFORE = re.compile(r'"prevIds?"\s*:\s*(?:"([^"\\]*)"|\[([^\]]*)\])')
_TEXT = re.compile(r'"([^"\\]+)"')
_WORD = re.compile(r"[\w-]+")
_ALLOW = re.compile(r"raincheck:[ \t]*allow\b")


@dataclass(frozen=True, slots=True)
class FileLink:
    """Leads to a file of the project."""

    span: Span
    path: str
    says: str


@dataclass(frozen=True, slots=True)
class RuleLink:
    """Leads to the page of a rule, if there is one of that name."""

    span: Span
    rule: str


@dataclass(frozen=True, slots=True)
class SnapshotLink:
    """Leads to the snapshot with an id, which has to be looked for: see `snapshot_of`."""

    span: Span
    id: str


Link = FileLink | RuleLink | SnapshotLink


def links(project: Project, path: str, text: str) -> tuple[Link, ...]:
    """The links of a file of the project, in the order of its text."""
    migration = project.with_file(path)
    if migration is None:
        found = list(_of_entries(project, path, text))
    elif path == migration.path:
        found = list(_of_allowances(migration.document))
    else:
        found = list(_of_snapshot(migration, text))
    return tuple(sorted(found, key=lambda link: link.span))


def snapshot_of(project: Project, wanted: str, before: str, read: Callable[[str], str]) -> str | None:
    """The path of the snapshot with an id: most often that of the migration before the snapshot `before`."""
    paths = [one.snapshot_path for one in project.migrations if one.snapshot_path]
    at = paths.index(before) if before in paths else len(paths)
    nearest = sorted(range(len(paths)), key=lambda n: (n >= at, abs(at - n)))
    return next((paths[n] for n in nearest if _id_of(read(paths[n])) == wanted), None)


def _of_entries(project: Project, path: str, text: str) -> Iterator[Link]:
    for entry in entries(project, path):
        if entry.migration is None:
            continue
        where, target = entry.span, entry.migration
        within = where.within(text)
        tag, number = _TAG.search(within), _NUMBER.search(within)
        if tag is not None:
            yield FileLink(Span(*tag.span(1)).shifted(where.start), target.path, "Open the migration")
        elif within.endswith(entry.tag):
            yield FileLink(Span(where.end - len(entry.tag), where.end), target.path, "Open the migration")
        if number is not None and target.snapshot_path is not None:
            yield FileLink(
                Span(*number.span(1)).shifted(where.start), target.snapshot_path, "Open its snapshot"
            )


def _of_allowances(document: Document) -> Iterator[Link]:
    for allowance in document.allowances:
        yield from _of_allowance(document.text, allowance)


def _of_allowance(text: str, allowance: Allowance) -> Iterator[Link]:
    """The names of rules stand one after the other, and nothing else stands between them."""
    opening = _ALLOW.search(text, allowance.span.start, allowance.span.end)
    words = _WORD.finditer(text, opening.end() if opening else allowance.span.end, allowance.span.end)
    for word, rule in zip(words, allowance.rules, strict=False):
        if word.group() == rule:
            yield RuleLink(Span(*word.span()), rule)


def _of_snapshot(migration: Migration, text: str) -> Iterator[Link]:
    head = _head(text)
    own, before = _ID.search(head), _BEFORE.search(head)
    if own is not None:
        yield FileLink(Span(*own.span(1)), migration.path, "Open the migration")
    if before is not None and before[1] is not None:
        yield from _unless_none(Span(*before.span(1)), before[1])
    elif before is not None:
        for one in _TEXT.finditer(head, *before.span(2)):
            yield from _unless_none(Span(*one.span(1)), one[1])


def _unless_none(span: Span, snapshot: str) -> Iterator[Link]:
    """The first snapshot says that the one before it is the one of zeros."""
    if snapshot.strip("0-"):
        yield SnapshotLink(span, snapshot)


def _id_of(text: str) -> str | None:
    found = _ID.search(_head(text))
    return found[1] if found else None


def _head(text: str) -> str:
    """What stands before the first object in a snapshot: only there is `id` its own."""
    return text[: text.find("{", text.find("{") + 1)]
