"""Which snapshot each snapshot was made from: drizzle-kit writes the parent's id into it.

Two with one parent come from two branches. drizzle-kit 0.x calls that a collision and generates nothing more; 1.0
lets both stand unless both touch the same object, which the snapshots' footprints tell (format 9, 1.0.0-rc.5).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

import orjson

from raincheck.project.conflicts import conflict
from raincheck.project.project import Elsewhere, FileProblem
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ID = re.compile(rb'"id"\s*:\s*"([^"]*)"')
_PARENTS = re.compile(rb'"prevIds?"\s*:\s*(\[[^\]]*\]|"[^"]*")')
_QUOTED = re.compile(rb'"([^"]*)"')
_NOBODY = "00000000-0000-0000-0000-000000000000"
"""The parent of the first snapshot."""


@dataclass(frozen=True, slots=True)
class Ancestry:
    """One snapshot's id and those of its parents; `span` is where the parents are named. `tag` is its migration's."""

    tag: str
    path: str
    id: str
    parents: tuple[str, ...]
    span: Span
    content: bytes = field(repr=False)


def read_ancestry(tag: str, path: str, content: bytes) -> Ancestry | FileProblem | None:
    """The ids in a snapshot, found without decoding it: a snapshot can be a megabyte, and there can be hundreds.

    None where it has none.
    """
    if b"<<<<<<<" in content and (marked := conflict(content.decode("utf-8", "replace"))):
        return _unmerged(path, marked)
    own, parents = _ID.search(content), _PARENTS.search(content)
    if own is None or parents is None:
        return None
    start = len(content[: parents.start()].decode("utf-8", "replace"))
    span = Span(start, start + len(parents[0].decode("utf-8", "replace")))
    named = tuple(name.decode("utf-8", "replace") for name in _QUOTED.findall(parents[1]))
    return Ancestry(tag, path, own[1].decode("utf-8", "replace"), named, span, content)


def collisions(ancestries: Sequence[Ancestry]) -> Iterator[FileProblem]:
    """Two snapshots of drizzle-kit 0.x with one parent; they stand in the order of their file names."""
    by_parent: dict[str, list[Ancestry]] = defaultdict(list)
    for one in ancestries:
        by_parent[one.parents[0] if one.parents else ""].append(one)
    for first, *others in by_parent.values():
        for other in others:
            yield FileProblem(
                rule="snapshot-collision",
                path=other.path,
                message=f"{_name(other)} was made from the same snapshot as {_name(first)}, on another branch, and "
                'knows nothing of what that one changed. drizzle-kit generates nothing more ("... which is a '
                'collision").',
                help="Make the later migration anew: delete its SQL file, its snapshot and its journal entry, then "
                "run `drizzle-kit generate`. Where it is applied already, `drizzle-kit generate` must first find "
                "one snapshot that holds both changes.",
                span=other.span,
                related=(Elsewhere("the other one", first.path, first.span),),
            )


def misplaced(ancestries: Sequence[Ancestry]) -> Iterator[FileProblem]:
    """Snapshots of drizzle-kit 1.0 whose parent is gone, or whose folder stands before its parent's."""
    places = {one.id: place for place, one in enumerate(ancestries)}
    for place, one in enumerate(ancestries):
        for parent in one.parents:
            if parent not in places and parent != _NOBODY:
                yield _orphan(one)
            elif places.get(parent, -1) > place:
                yield _too_early(one, ancestries[places[parent]])


def branch_conflicts(ancestries: Sequence[Ancestry]) -> Iterator[FileProblem]:
    """Two branches of migrations of drizzle-kit 1.0 that write the same object, one problem for each two branches."""
    by_id = {one.id: one for one in ancestries}
    parents = {parent for one in ancestries for parent in one.parents}
    leaves = [one for one in ancestries if one.id not in parents]
    for one, other in combinations(leaves, 2):
        found = _clash(_branch(one, other, by_id), _branch(other, one, by_id))
        if found:
            yield _clashing(*found)


def _branch(leaf: Ancestry, other: Ancestry, by_id: dict[str, Ancestry]) -> list[Ancestry]:
    """What leads to a leaf and not to the other one, in the order of the migrations."""
    mine, theirs = _history(leaf, by_id), _history(other, by_id)
    return [one for id_, one in by_id.items() if id_ in mine and id_ not in theirs]


def _history(leaf: Ancestry, by_id: dict[str, Ancestry]) -> set[str]:
    seen: set[str] = set()
    stack = [leaf.id]
    while stack:
        one = stack.pop()
        if one in by_id and one not in seen:
            seen.add(one)
            stack += by_id[one].parents
    return seen


@dataclass(frozen=True, slots=True)
class _Change:
    """One schema change: what it writes and what it relies on. Equal `sql` of an idempotent kind is no conflict."""

    of: Ancestry
    what: str
    writes: frozenset[str]
    shared: frozenset[str]
    reads: frozenset[str]
    sql: str | None


def _clash(mine: list[Ancestry], theirs: list[Ancestry]) -> tuple[_Change, _Change] | None:
    """The first two changes of which one writes what the other writes or relies on."""
    left, right = ([change for one in branch for change in _changes(one)] for branch in (mine, theirs))
    for one in left:
        for other in right:
            same = one.sql is not None and (one.sql, one.what) == (other.sql, other.what)
            if not same and (_writes_into(one, other) or _writes_into(other, one)):
                return one, other
    return None


def _writes_into(one: _Change, other: _Change) -> bool:
    return bool((one.writes | one.shared) & (other.writes | other.reads))


def _changes(of: Ancestry) -> Iterator[_Change]:
    """The footprints that drizzle-kit wrote; none where it wrote none or the snapshot cannot be read."""
    try:
        value = orjson.loads(of.content)
    except orjson.JSONDecodeError:
        return
    footprints = value.get("footprints") if isinstance(value, dict) else None
    for print_ in footprints if isinstance(footprints, list) else ():
        if isinstance(print_, dict):
            writes, shared, reads = (_nodes(print_.get(key)) for key in ("writes", "sharedWrites", "reads"))
            yield _Change(of, _what(print_), writes, shared, reads, print_.get("sqlHash"))


def _nodes(value: object) -> frozenset[str]:
    return (
        frozenset(node for node in value if isinstance(node, str)) if isinstance(value, list) else frozenset()
    )


def _what(print_: dict[str, Any]) -> str:
    """A change in words: `add column public.a.z`."""
    target = [part for part in print_.get("statementTarget") or () if isinstance(part, str)]
    return f"{str(print_.get('statementType', 'change')).replace('_', ' ')} {'.'.join(target[1:])}"


def _clashing(one: _Change, other: _Change) -> FileProblem:
    first, later = sorted((one, other), key=lambda change: change.of.tag)
    return FileProblem(
        rule="branches-conflict",
        path=later.of.path,
        message=f"{later.of.tag} ({later.what}) and {first.of.tag} ({first.what}) come from two branches, and each "
        "touches what the other does. drizzle-kit stops at it, and the order in which databases got them decides "
        "what they have.",
        help="`drizzle-kit generate --fix-conflicts`, or by hand: delete the folder of the one that is applied "
        "nowhere and generate it again.",
        span=later.of.span,
        related=(Elsewhere(f"the other branch: {first.what}", first.of.path, first.of.span),),
    )


def _orphan(one: Ancestry) -> FileProblem:
    return FileProblem(
        rule="snapshot-missing",
        path=one.path,
        message=f"The snapshot that {one.tag} was made from is in no folder here: drizzle-kit 1.0 stops at it "
        '("Cannot reconstruct snapshot"), in `generate`, `check` and `migrate`.',
        help="Restore the missing migration folder from git.",
        span=one.span,
    )


def _too_early(one: Ancestry, parent: Ancestry) -> FileProblem:
    return FileProblem(
        rule="folder-before-parent",
        path=one.path,
        message=f"{one.tag} was made after {parent.tag}, and its folder's time is earlier: a new database runs it "
        "first, and drizzle-kit stops at it.",
        help=f"Rename the folder of the one that is applied nowhere, so that {parent.tag} comes first.",
        span=one.span,
        related=(Elsewhere("what it was made after", parent.path, parent.span),),
    )


def _unmerged(path: str, span: Span) -> FileProblem:
    return FileProblem(
        rule="snapshot-unreadable",
        path=path,
        message="A merge left git's conflict markers in this snapshot. Migrations run without it; drizzle-kit cannot "
        "read it, and generates no further migration.",
        help="Take one side's file whole (git checkout --ours or --theirs), then make the other side's migration "
        "anew with `drizzle-kit generate`.",
        span=span,
    )


def _name(one: Ancestry) -> str:
    return one.tag or one.path.rpartition("/")[2]


def problems_of(read: Iterable[Ancestry | FileProblem | None], *, branches: bool) -> Iterator[FileProblem]:
    """All that is wrong with the snapshots of one folder. `branches`: drizzle-kit 1.0, where two may share a parent."""
    known: list[Ancestry] = []
    for one in read:
        if isinstance(one, FileProblem):
            yield one
        elif one is not None:
            known.append(one)
    yield from (*misplaced(known), *branch_conflicts(known)) if branches else collisions(known)
