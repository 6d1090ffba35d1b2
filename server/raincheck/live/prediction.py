"""What a step says of its statement, put beside what the server did."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from raincheck.catalog.schema import Index
from raincheck.locks.modes import Mode, strongest
from raincheck.locks.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from raincheck.engine.step import Step
    from raincheck.live.observing import Observed
    from raincheck.locks.effects import Failure

Names = frozenset[str]
"""Relations as `schema.name`; of messages, which leave the schema out, as `name`."""

What = Literal["lock", "rewrite", "rebuild", "index build", "scan", "failure"]

_BUILDS = re.compile(r'building index "(?P<index>.*)" on table "(?P<table>.*)" (serially|with request for)')
_VERIFIES = re.compile(r'verifying table "(.*)"')
_IN_SILENCE = re.compile(r"\bALTER\s+DOMAIN\b", re.IGNORECASE)
"""What reads rows without a word at DEBUG1."""


@dataclass(frozen=True, slots=True)
class Predicted:
    """`built` are tables on which an index is built, `rebuilt` indexes; `emptied` gets a new file if it is not new."""

    locks: Mapping[str, Mode]
    rewritten: Names = frozenset()
    rebuilt: Names = frozenset()
    scanned: Names = frozenset()
    built: Names = frozenset()
    emptied: Names = frozenset()
    fails: Failure | None = None
    unknown: tuple[str, ...] = ()
    """What Raincheck says that it cannot tell here, in words."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`relation` is empty for a failure. `predicted` and `taken` are words: a lock's mode, "yes", "no", an SQLSTATE."""

    what: What
    relation: str
    predicted: str
    taken: str


def predicted(step: Step) -> Predicted:
    """What a step says of the relations that stood before its statement."""
    work: dict[str, set[Work]] = {}
    built, rebuilt = set(), set()
    for effect in (effect for effects in step.effects for effect in effects.locks):
        name, relation = str(effect.relation), step.before.relations.get(effect.relation)
        if not isinstance(relation, Index):
            work.setdefault(name, set()).update(effect.work)
        elif {Work.REWRITE, Work.NEW_FILE, Work.INDEX_BUILD} & {*effect.work}:
            rebuilt.add(name)
            built.add(str(relation.table))
    having = {kind: frozenset(name for name, done in work.items() if kind in done) for kind in Work}
    unknown = dict.fromkeys(words for effects in step.effects for words in effects.unknown)
    return Predicted(
        locks={str(name): mode for name, mode in step.kept.items()},
        rewritten=having[Work.REWRITE],
        rebuilt=frozenset(rebuilt),
        scanned=having[Work.SCAN] - having[Work.REWRITE],
        built=having[Work.INDEX_BUILD] | built,
        emptied=having[Work.NEW_FILE] - having[Work.REWRITE],
        fails=step.fails,
        unknown=tuple(unknown),
    )


def differences(said: Predicted, seen: Observed, step: Step) -> tuple[Difference, ...]:
    """Where they differ. Of a statement that failed nothing but that can be compared."""
    if said.fails is not None or seen.message is not None:
        return tuple(_failures(said, seen))
    return (*_locks(said, seen), *_files(said, seen, step), *_reading(said, seen, step))


def _failures(said: Predicted, seen: Observed) -> Iterator[Difference]:
    """A failure that nobody foretold is no mistake: Raincheck tells only of those that are certain."""
    if said.fails is not None and said.fails.sqlstate != seen.sqlstate:
        yield Difference("failure", "", said.fails.sqlstate, seen.sqlstate or "none")


def _locks(said: Predicted, seen: Observed) -> Iterator[Difference]:
    """The modes that came in must not exceed the prediction, and the prediction must be held now.

    A lock that the transaction held before, in the same mode, is taken again without a trace.
    """
    unseen = unseen_locks(said, seen)
    for name in sorted(said.locks.keys() | seen.locks.keys()):
        foretold = said.locks.get(name)
        came = strongest(tuple(map(Mode, seen.locks[name]))) if name in seen.locks else None
        held = {Mode(mode) for mode in seen.held.get(name, ())}
        if foretold is None or (came is not None and came.rank > foretold.rank):
            wrong = True
        else:
            wrong = foretold not in held and name not in unseen
        if wrong:
            yield Difference("lock", name, _mode(foretold), _mode(came))


def unseen_locks(said: Predicted, seen: Observed) -> dict[str, Mode]:
    """The locks that nobody beside a statement can be sure to see, and that were not seen.

    Of one that waited these are the ACCESS EXCLUSIVE ones, which CONCURRENTLY takes for an instant at its end.
    """
    return {
        name: mode
        for name, mode in said.locks.items()
        if seen.beside
        and mode.value not in seen.locks.get(name, ())
        and (mode is Mode.ACCESS_EXCLUSIVE or not seen.waited)
    }


def _mode(mode: Mode | None) -> str:
    return mode.value if mode else "none"


def _files(said: Predicted, seen: Observed, step: Step) -> Iterator[Difference]:
    """TRUNCATE keeps the file of a table that its own transaction has made."""
    new = {str(name) for name, one in step.before.relations.items() if one.oid >= step.first_new_oid}
    yield from _sets("rewrite", said.rewritten | (said.emptied - new), seen.rewritten - (said.emptied & new))
    yield from _sets("rebuild", said.rebuilt, frozenset(seen.rebuilt))


def _reading(said: Predicted, seen: Observed, step: Step) -> Iterator[Difference]:
    """By the messages, which leave the schema out; a rewrite checks rows as it copies them.

    Of a foreign key's check they name the constraint only.
    """
    verified = frozenset(found[1] for text in seen.scans if (found := _VERIFIES.match(text)))
    built = frozenset(found["table"] for text in seen.scans if (found := _BUILDS.match(text)))
    yield from _sets("index build", _bare(said.built), built & {name.name for name in step.before.relations})
    scanned = _bare(said.scanned)
    if any("foreign key" in text for text in seen.scans):
        yield from _sets("scan", scanned & verified, verified)
        if not said.scanned | said.rewritten:
            yield Difference("scan", "", "no", "yes, for a foreign key")
    elif not _IN_SILENCE.search(step.statement.text):
        yield from _sets("scan", scanned, verified)


def _sets(what: What, said: frozenset[str], seen: frozenset[str] | set[str]) -> Iterator[Difference]:
    for name in sorted(said ^ seen):
        yield Difference(what, name, *(("yes", "no") if name in said else ("no", "yes")))


def _bare(names: Names) -> Names:
    return frozenset(name.rpartition(".")[2] for name in names)
