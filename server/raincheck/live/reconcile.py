"""Whether a database already has what migrations would make, though nobody recorded them as applied.

That happens where tables were made by hand or by `drizzle-kit push`. What a later statement changes again is looked
for only as it is in the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from raincheck.catalog.diff import Difference, diff
from raincheck.live.drift import RECORDS, Compared
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raincheck.catalog.schema import Schema
    from raincheck.engine.step import Step
    from raincheck.live.drift import Drift
    from raincheck.sql.names import Name

_UNSEEN = {
    *(
        Kind.INSERT,
        Kind.UPDATE,
        Kind.DELETE,
        Kind.MERGE,
        Kind.COPY,
        Kind.TRUNCATE,
        Kind.DO,
        Kind.CALL,
        Kind.SELECT,
    ),
    *(Kind.COMMENT, Kind.GRANT, Kind.CREATE_STATISTICS, Kind.CHANGE_OWNER, Kind.OTHER),
}
"""What leaves nothing behind that is compared."""

_SHARED = {"schema", "extension", "role"}
"""What may well be there for another reason."""

_Thing = tuple[str, "Name", str]
"""What it is, of what, and which part of it."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A statement that the database does not show the work of, and what of it is not there or is otherwise."""

    step: Step
    drifts: tuple[Drift, ...]


@dataclass(frozen=True, slots=True)
class Presence:
    """How much of some statements' work a database has.

    `all`: everything is as it would be, so they can be recorded as applied, once somebody has looked at `untold`.
    `none`: nothing is there, so they can run. `partly`: `lacks` has the statements that are missing. `untold`: none of
    them does anything that a catalog shows.
    """

    verdict: Literal["all", "none", "partly", "untold"]
    lacks: tuple[Lack, ...] = ()
    untold: tuple[Step, ...] = ()
    """Statements of which the catalog shows nothing: those that write rows, comments, privileges."""
    shown: tuple[Step, ...] = ()
    """Statements whose work is there, were it only in part or otherwise."""


def present(steps: Sequence[Step], found: Schema, *, besides: Iterable[Name] = (RECORDS,)) -> Presence:
    """Whether what these consecutive statements make is in the database, as `introspect` found it."""
    if not steps:
        return Presence("untold")
    first, final = steps[0].before, steps[-1].after
    besides = frozenset(besides)
    compared = Compared.of(found, final, besides, also=[first])
    differing = _by_thing(compared.differences)
    done = _by_thing(Compared.of(found, first, besides, also=[final]).differences)
    shown, lacks, untold = [], [], []
    for step in steps:
        work = [(change, _missing(change, later, differing)) for change, later in _lasting(step, final)]
        missing = dict.fromkeys(each for _, lacking in work for each in lacking)
        if any(_shows(change, lacking, done) for change, lacking in work):
            shown.append(step)
        if missing:
            lacks.append(Lack(step, tuple(map(compared.drift, compared.roots(missing)))))
        elif not work and any(action.kind in _UNSEEN for action in step.actions):
            untold.append(step)
    if not lacks:
        return Presence("all" if shown else "untold", (), tuple(untold), tuple(shown))
    return Presence("partly" if shown else "none", tuple(lacks), tuple(untold), tuple(shown))


def _shows(change: Difference, lacking: Sequence[Difference], done: dict[_Thing, list[Difference]]) -> bool:
    """Whether it was done, or what it makes is there otherwise; `done` is what the database has otherwise than before.

    What is dropped and was never there, or what cannot be compared, differs from nothing before.
    """
    otherwise = not change.aspect and change.right and all(each.aspect for each in lacking)
    if change.what in _SHARED or (lacking and not otherwise):
        return False
    return any(each.aspect in {"", change.aspect} for each in done.get(_thing(change), ()))


def _lasting(step: Step, final: Schema) -> Iterator[tuple[Difference, set[str]]]:
    """What a statement changes that no later one takes back, and the aspects of it that a later one changes again."""
    behind = _by_thing(diff(step.after, final))
    for change in diff(step.before, step.after):
        later = {each.aspect for each in behind.get(_thing(change), ())}
        if not later & {"", change.aspect}:
            yield change, later


def _missing(
    change: Difference, later: set[str], differing: dict[_Thing, list[Difference]]
) -> list[Difference]:
    """What of a change the database has otherwise: `left` is what it has, `right` what it would have."""
    found = [each for each in differing.get(_thing(change), []) if each.aspect not in later]
    return [each for each in found if not change.aspect or each.aspect in {"", change.aspect}]


def _by_thing(differences: Iterable[Difference]) -> dict[_Thing, list[Difference]]:
    found: dict[_Thing, list[Difference]] = {}
    for each in differences:
        found.setdefault(_thing(each), []).append(each)
    return found


def _thing(difference: Difference) -> _Thing:
    return (difference.what, difference.of, difference.part)
