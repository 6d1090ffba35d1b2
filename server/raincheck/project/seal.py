"""`raincheck.sum`: what each migration was when it was sealed, one line a migration in run order.

Each line is `CHAIN SHA256 TAG`. The chain hashes the line with the one before it, so that an edit, an insertion and a
removal each change every later line, and two branches that both add a migration are in conflict in git.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from raincheck.project.conflicts import conflict, without_markers
from raincheck.project.project import FileProblem
from raincheck.project.source import digest_of
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raincheck.project.project import Migration

HEADER = (
    "# raincheck.sum 1: the SHA-256 of each migration that is applied somewhere, chained in run order. "
    "Written by `raincheck seal`."
)

_LINE = re.compile(r"^([0-9a-f]{16}) ([0-9a-f]{64}) (\S[^\r\n]*?)[ \t]*\r?$")
_VERSION = re.compile(r"# raincheck\.sum (\d+)\b")


@dataclass(frozen=True, slots=True)
class Sealed:
    """One line of a seal and its place."""

    tag: str
    digest: str
    chain: str
    span: Span


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal as read. `whole`: every line was understood and every chain value is right."""

    lines: tuple[Sealed, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    text: str = ""

    @property
    def whole(self) -> bool:
        return not self.problems

    def digest_of(self, tag: str) -> str | None:
        return next((line.digest for line in self.lines if line.tag == tag), None)


@dataclass(frozen=True, slots=True)
class Change:
    """How the migrations differ from a seal.

    "inserted" stands in run order before a sealed one, "new" after all of them; "moved" changed places.
    """

    kind: Literal["edited", "removed", "inserted", "moved", "new"]
    tag: str
    sealed: Sealed | None = None


def render(migrations: Iterable[Migration]) -> str:
    """The text of `raincheck.sum` for these migrations, given in run order."""
    lines, chain = [HEADER], ""
    for migration in migrations:
        chain = _chain(chain, migration.digest, migration.tag)
        lines.append(f"{chain} {migration.digest} {migration.tag}")
    return "\n".join(lines) + "\n"


def read(path: str, text: str) -> Seal:
    """Read a seal. What is broken becomes a problem; the lines that can be made out are taken all the same."""
    marked = conflict(text)
    lines: list[Sealed] = []
    problems: list[FileProblem] = []
    for line, span in _lines(without_markers(text) if marked else text):
        if found := _LINE.match(line):
            lines.append(Sealed(found[3], found[2], found[1], span))
        elif line.startswith("#"):
            problems += _version(path, line, span)
        elif line.strip():
            problems.append(_unreadable(path, "this line is not CHAIN SHA256 TAG", span))
    if marked:
        return Seal(
            _distinct(lines),
            (_unreadable(path, "a merge left git's conflict markers in it", marked),),
            text,
        )
    problems += _broken_chain(path, lines)
    return Seal(_distinct(lines), tuple(problems), text)


def compare(seal: Seal, migrations: Sequence[Migration]) -> tuple[Change, ...]:
    """What differs, in run order; removed migrations come last."""
    sealed = {line.tag: line for line in seal.lines}
    last = max((n for n, migration in enumerate(migrations) if migration.tag in sealed), default=-1)
    moved = _moved([line.tag for line in seal.lines], [m.tag for m in migrations if m.tag in sealed])
    changes: list[Change] = []
    for number, migration in enumerate(migrations):
        line = sealed.get(migration.tag)
        if line is None:
            changes.append(Change("inserted" if number < last else "new", migration.tag))
        elif line.digest != migration.digest:
            changes.append(Change("edited", migration.tag, line))
        elif migration.tag in moved:
            changes.append(Change("moved", migration.tag, line))
    present = {migration.tag for migration in migrations}
    changes += (Change("removed", line.tag, line) for line in seal.lines if line.tag not in present)
    return tuple(changes)


def _chain(previous: str, digest: str, tag: str) -> str:
    return digest_of(previous + digest + tag)[:16]


def _lines(text: str) -> Iterator[tuple[str, Span]]:
    start = 0
    for line in text.split("\n"):
        yield line, Span(start, start + len(line.rstrip("\r")))
        start += len(line) + 1


def _distinct(lines: list[Sealed]) -> tuple[Sealed, ...]:
    """The first line of each tag."""
    return tuple({line.tag: line for line in reversed(lines)}.values())[::-1]


def _broken_chain(path: str, lines: list[Sealed]) -> Iterator[FileProblem]:
    previous = ""
    for line in lines:
        if line.chain != _chain(previous, line.digest, line.tag):
            why = f"{line.tag} does not follow from the line before it, so a line was changed, added or deleted by hand"
            yield _unreadable(path, why, line.span)
        previous = line.chain


def _version(path: str, line: str, span: Span) -> Iterator[FileProblem]:
    found = _VERSION.match(line)
    if found and found[1] != "1":
        yield _unreadable(path, f"its format is {found[1]}, and this Raincheck knows 1", span)


def _unreadable(path: str, why: str, span: Span) -> FileProblem:
    return FileProblem(
        rule="seal-unreadable",
        path=path,
        message=f"This seal cannot be relied on: {why}.",
        help="Check with git that no applied migration was edited, then write it anew with `raincheck seal`.",
        span=span,
    )


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The tags that stand after one they stood before."""
    place = {tag: number for number, tag in enumerate(before)}
    furthest = -1
    moved: set[str] = set()
    for tag in after:
        if place[tag] < furthest:
            moved.add(tag)
        furthest = max(furthest, place[tag])
    return moved
