"""`meta/_journal.json` of drizzle-kit 0.x: which migrations there are, in which order, and what is wrong with it.

Shapes are checked by hand: importing pydantic and building its models takes a quarter of a second, which every
run of the command line would pay for five fields.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from raincheck.project.conflicts import conflict, without_markers
from raincheck.project.project import FileProblem
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENTRIES = re.compile(r'"entries"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_FLAT_OBJECT = re.compile(r"\{[^{}]*\}")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Entry:
    """One migration in the journal, and where its object stands."""

    tag: str
    idx: int | None
    when: int | None
    """Milliseconds since 1970; None where the journal has no number there."""
    breakpoints: bool
    version: str
    span: Span


@dataclass(frozen=True, slots=True)
class Journal:
    """The entries in journal order, which is run order. `readable`: whether Drizzle can read it at all."""

    entries: tuple[Entry, ...] = ()
    dialect: str | None = None
    readable: bool = True
    problems: tuple[FileProblem, ...] = ()


def read_journal(path: str, text: str) -> Journal:
    """Read a journal. From one that is not JSON, the entries that can be made out are taken all the same."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        return _salvaged(path, text, error)
    entries = value.get("entries") if isinstance(value, dict) else None
    if not isinstance(entries, list):
        problem = _unreadable(path, 'it has no list "entries"', Span(0, len(text)))
        return Journal(readable=False, problems=(problem,))
    dialect = value.get("dialect")
    journal = _journal(path, zip(entries, _spans(text), strict=False))
    return replace(journal, dialect=dialect if isinstance(dialect, str) else None)


def _spans(text: str) -> Iterator[Span]:
    """Where the elements of "entries" stand in a valid journal."""
    opening = _ENTRIES.search(text)
    place = _BETWEEN.match(text, opening.end()) if opening else None
    while place and text[place.end()] != "]":
        _, end = _DECODER.raw_decode(text, place.end())
        yield Span(place.end(), end)
        place = _BETWEEN.match(text, end)


def _salvaged(path: str, text: str, error: Exception) -> Journal:
    marked = conflict(text)
    if marked is not None:
        problem = _unreadable(
            path,
            "a merge left git's conflict markers in it",
            marked,
            "Keep the entries of both sides, the newer side's last, each `when` above the one before it.",
        )
    else:
        at = min(error.pos, len(text)) if isinstance(error, json.JSONDecodeError) else 0
        why = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        problem = _unreadable(path, f"it is not JSON ({why})", Span(at, min(at + 1, len(text))))
    journal = _journal(path, _loose_objects(without_markers(text)))
    return Journal(_distinct(journal.entries), readable=False, problems=(problem,))


def _loose_objects(text: str) -> Iterator[tuple[object, Span]]:
    """Every innermost object that is JSON by itself and has a tag."""
    for found in _FLAT_OBJECT.finditer(text):
        try:
            value = json.loads(found[0])
        except (ValueError, RecursionError):
            continue
        if "tag" in value:
            yield value, Span(*found.span())


def _distinct(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple({entry.tag: entry for entry in reversed(entries)}.values())[::-1]


def _unreadable(path: str, why: str, span: Span, help_text: str = "") -> FileProblem:
    return FileProblem(
        rule="journal-unreadable",
        path=path,
        message=f"Drizzle cannot read this journal, and runs no migration: {why}.",
        help=help_text or "Restore it from git, or repair it by hand; migrations are the files it names.",
        span=span,
    )


def _journal(path: str, values: Iterator[tuple[object, Span]]) -> Journal:
    entries: list[Entry] = []
    problems: list[FileProblem] = []
    for value, span in values:
        entry = _entry(value, span)
        if entry is None:
            problems.append(_shapeless(path, "it names no migration: `tag` is not a text", span))
            continue
        if entry.when is None:
            problems.append(
                _shapeless(path, "`when` is not a number, so databases with any later one skip it", span)
            )
        entries.append(entry)
    problems += _duplicates(path, entries)
    problems += _out_of_order(path, entries)
    return Journal(tuple(entries), problems=tuple(problems))


def _entry(value: Any, span: Span) -> Entry | None:
    if not isinstance(value, dict) or not isinstance(value.get("tag"), str) or not value["tag"]:
        return None
    return Entry(
        tag=value["tag"],
        idx=_whole(value.get("idx")),
        when=_whole(value.get("when")),
        breakpoints=value.get("breakpoints") is not False,
        version=str(value.get("version", "")),
        span=span,
    )


def _whole(value: object) -> int | None:
    """A number as JavaScript compares it, whole; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124 - NaN
        return None
    return int(value) if abs(value) < 2**63 else None


def _shapeless(path: str, why: str, span: Span) -> FileProblem:
    return FileProblem(
        rule="journal-unreadable",
        path=path,
        message=f"This entry of the journal is broken: {why}.",
        help="Restore the entry from git; drizzle-kit writes idx, version, when, tag and breakpoints.",
        span=span,
    )


def _duplicates(path: str, entries: list[Entry]) -> Iterator[FileProblem]:
    tags: set[str] = set()
    numbers: dict[int, str] = {}
    for entry in entries:
        if entry.tag in tags:
            yield FileProblem(
                rule="journal-duplicate",
                path=path,
                message=f"The journal has {entry.tag} twice: a new database runs the file twice and fails "
                "on the second time.",
                help="Delete one of the two entries; where they stood for two migrations, rename one file.",
                span=entry.span,
            )
        elif entry.idx is not None and entry.idx in numbers:
            yield FileProblem(
                rule="journal-duplicate",
                path=path,
                message=f"{entry.tag} has the idx {entry.idx}, and so has {numbers[entry.idx]}: two branches "
                "made a migration. Both run, but their snapshots overwrite each other.",
                help="Make the later one anew: delete its file, snapshot and entry, then run "
                "`drizzle-kit generate`.",
                span=entry.span,
            )
        tags.add(entry.tag)
        if entry.idx is not None:
            numbers.setdefault(entry.idx, entry.tag)


def _out_of_order(path: str, entries: list[Entry]) -> Iterator[FileProblem]:
    """Drizzle 0.x compares each `when` with the newest applied row's, and with nothing else."""
    newest: Entry | None = None
    for entry in entries:
        if entry.when is None:
            continue
        if newest is not None and newest.when is not None and entry.when <= newest.when:
            yield FileProblem(
                rule="journal-out-of-order",
                path=path,
                message=f"A database that has {newest.tag} skips {entry.tag} for ever, in silence: its `when` "
                f"({entry.when}) is not above {newest.when}.",
                help=f'Unless it was applied everywhere, give it a later time: "when": {newest.when + 1}',
                span=entry.span,
            )
        else:
            newest = entry
