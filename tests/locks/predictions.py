"""Replays SQL through the catalog, and says what the lock table predicts for a statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from raincheck.catalog.evolve import evolve, in_passes
from raincheck.catalog.schema import EMPTY, Index, Schema
from raincheck.locks.effects import Work, effects
from raincheck.locks.session import Session
from raincheck.sql.document import read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.locks.modes import Mode
    from raincheck.sql.names import Name

SESSION = Session(utc=True, role="postgres")
"""What the servers were, and are, asked with."""


@dataclass(slots=True)
class Prediction:
    """Relations are `schema.name`. `built` are tables on which an index is built; `rebuilt` are indexes."""

    locks: dict[str, str] = field(default_factory=dict)
    rewritten: set[str] = field(default_factory=set)
    rebuilt: set[str] = field(default_factory=set)
    scanned: set[str] = field(default_factory=set)
    built: set[str] = field(default_factory=set)
    outside_transaction: str = ""
    unknown: tuple[str, ...] = ()


def replay(statements: Iterable[str], schema: Schema = EMPTY) -> Schema:
    for statement in read(";\n".join(statements)).statements:
        for action in in_passes(statement.actions):
            schema = evolve(schema, action, statement.text)
    return schema


def predict(schema: Schema, sql: str, version: int, session: Session = SESSION) -> Prediction:
    """What the statements of `sql` do together, in one transaction, to relations of `schema`."""
    found = Prediction()
    modes: dict[Name, Mode] = {}
    names: dict[Name, Name] = {}
    first_new = schema.next_oid
    for statement in read(sql).statements:
        work: dict[Name, set[Work]] = {}
        for action in statement.actions:
            done = effects(action, schema, version, session)
            found.outside_transaction = found.outside_transaction or done.outside_transaction
            found.unknown += done.unknown
            for effect in () if done.given_back else done.locks:
                relation = schema.relations.get(effect.relation)
                if relation is None or relation.oid < first_new:
                    known = modes.get(effect.relation)
                    modes[effect.relation] = max(
                        known or effect.mode, effect.mode, key=lambda mode: mode.rank
                    )
                    work.setdefault(effect.relation, set()).update(effect.work)
        _note(found, schema, work)
        for action in in_passes(statement.actions):
            schema = evolve(schema, action, statement.text)
    found.locks = {str(names.get(name, name)): mode.value for name, mode in modes.items()}
    return found


def _note(found: Prediction, schema: Schema, work: dict[Name, set[Work]]) -> None:
    for name, kinds in work.items():
        relation = schema.relations.get(name)
        new_file = kinds & {Work.REWRITE, Work.NEW_FILE}
        if isinstance(relation, Index):
            if new_file or Work.INDEX_BUILD in kinds:
                found.rebuilt.add(str(name))
                found.built.add(str(relation.table))
            continue
        if new_file:
            found.rewritten.add(str(name))
        if Work.SCAN in kinds and Work.REWRITE not in kinds:
            found.scanned.add(str(name))
        if Work.INDEX_BUILD in kinds:
            found.built.add(str(name))
