"""Random sequences of statements on a server: what each did there beside what was predicted, and short ways to show it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING

import psycopg

from locks.differences import NO_TRANSACTION, differences
from locks.predictions import Prediction, predict, replay
from raincheck.locks.modes import Mode
from raincheck.sql.document import read
from raincheck.sql.kinds import Kind
from support.catalog_probe import believed, recorded
from support.locks_probe import Observed, watch
from support.random_sql.statements import BASE, statement

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raincheck.catalog.schema import Schema
    from support.pg import Server

LENGTH = 60
"""Statements of a sequence, those that the server refuses among them."""

BY_THE_ROWS = {Kind.INSERT, Kind.UPDATE, Kind.DELETE, Kind.MERGE}
"""What these lock beyond their target hangs on the rows that are there: predicted is all that it may be."""


KINDS = {"table", "partitioned", "index", "view", "matview", "sequence", "constraint", "partition", "child"}
"""How lines about relations and constraints begin."""


@dataclass(slots=True)
class Outcome:
    """What became of one sequence."""

    accepted: list[str] = field(default_factory=list)
    refused: list[tuple[str, str | None]] = field(default_factory=list)
    """Statements that the server would not run, with its SQLSTATE."""
    wrong: list[Difference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Difference:
    setup: tuple[str, ...]
    statement: str
    told: tuple[str, ...]


def run(server: Server, seed: int) -> Outcome:
    """One sequence, drawn as it goes; it ends where other relations are there, since all that follows would differ."""
    random, outcome = Random(seed), Outcome()
    known: set[str] = set()
    with server.connection() as admin:
        for command in BASE:
            admin.execute(command)
        schema = replay(BASE)
        for number in range(LENGTH):
            drawn = statement(random, schema, server.major, number)
            seen = watch(admin.info.dsn, drawn, keep=True)
            told = compare(schema, drawn, seen, server.major)
            if seen.sqlstate is not None and not told:
                outcome.refused.append((drawn, seen.sqlstate))
                continue
            setup = (*BASE, *outcome.accepted)
            if told:
                outcome.wrong.append(Difference(setup, drawn, tuple(told)))
            schema = _after(schema, drawn)
            outcome.accepted.append(drawn)
            if ends := [line for line in catalog_differences(admin, schema) if line not in known]:
                outcome.wrong.append(Difference(setup, drawn, tuple(ends)))
                known.update(ends)
                if any(line.split()[2] in KINDS for line in ends):
                    break
    return outcome


def compare(schema: Schema, drawn: str, seen: Observed, major: int) -> list[str]:
    """Where the prediction for a statement is not what was seen; nothing for one that the server refuses."""
    found = predict(schema, drawn, major)
    refused = seen.sqlstate is not None and (seen.sqlstate != NO_TRANSACTION or found.outside_transaction)
    if refused:
        return []
    after = _after(schema, drawn)
    seen = replace(seen, rebuilt=seen.rebuilt - _made_anew(schema, after))
    found.rebuilt.intersection_update(
        map(str, after.relations)
    )  # what is renamed too, is not seen by its old name
    return differences(_as_by_rows(found, drawn, seen), seen, schema, drawn)


def catalog_differences(admin: psycopg.Connection, schema: Schema) -> list[str]:
    ours, theirs = believed(schema), recorded(admin, schema)
    return [
        *(f"only here: {line}" for line in sorted(ours - theirs)),
        *(f"only there: {line}" for line in sorted(theirs - ours)),
    ]


def shrunk(server: Server, found: Difference) -> Difference:
    """The same difference from as little as shows it still."""

    def shows(setup: Sequence[str]) -> bool:
        return found.told[0] in _differences_after(server, setup, found.statement)

    return Difference(tuple(_smallest(list(found.setup), shows)), found.statement, found.told)


def _differences_after(server: Server, setup: Sequence[str], drawn: str) -> list[str]:
    with server.connection() as admin:
        for command in setup:
            try:
                admin.execute(command)
            except psycopg.Error:
                return []
        schema = replay(setup)
        seen = watch(admin.info.dsn, drawn, keep=True)
        if seen.sqlstate is not None and seen.sqlstate != NO_TRANSACTION:
            return []
        return compare(schema, drawn, seen, server.major) + catalog_differences(admin, _after(schema, drawn))


def _smallest(setup: list[str], shows: Callable[[Sequence[str]], bool]) -> list[str]:
    """Leave out ever smaller pieces, as long as the rest shows it."""
    size = max(1, len(setup) // 2)
    while True:
        start, shorter = 0, False
        while start < len(setup):
            without = setup[:start] + setup[start + size :]
            if shows(without):
                setup, shorter = without, True
            else:
                start += size
        if size == 1 and not shorter:
            return setup
        size = max(1, size // 2)


def _after(schema: Schema, drawn: str) -> Schema:
    return replay([drawn], schema)


def _made_anew(before: Schema, after: Schema) -> set[str]:
    """Indexes dropped, and others made under their names: seen by name, as they are, they look rebuilt."""
    pairs = ((name, old, after.relations.get(name)) for name, old in before.relations.items())
    return {str(name) for name, old, new in pairs if new is not None and new.oid != old.oid}


def _as_by_rows(found: Prediction, drawn: str, seen: Observed) -> Prediction:
    """The prediction without what it says may be locked, and was not or not as strongly for want of rows."""
    actions = [action for each in read(drawn).statements for action in each.actions]
    if all(action.kind in BY_THE_ROWS for action in actions):
        found.locks = {
            name: _lesser(mode, seen.locks.get(name, set()))
            for name, mode in found.locks.items()
            if name in seen.locks
        }
    return found


def _lesser(said: str, seen: set[str]) -> str:
    true = max((Mode(mode) for mode in seen), key=lambda mode: mode.rank)
    return min(Mode(said), true, key=lambda mode: mode.rank).value
