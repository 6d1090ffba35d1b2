"""The values that everything else speaks about: a step, and the transaction it runs in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from rpds import HashTrieMap, Queue

from raincheck.catalog.refusals import refused
from raincheck.catalog.schema import Index, Sequence
from raincheck.engine.enum_values import NONE, EnumValues
from raincheck.locks.effects import Effects, Failure, effects
from raincheck.locks.modes import Mode, strongest
from raincheck.locks.session import UNKNOWN, Session, is_utc

if TYPE_CHECKING:
    from raincheck.catalog.refusals import Refusal
    from raincheck.catalog.schema import Schema
    from raincheck.project.project import Migration
    from raincheck.sql.actions import Action
    from raincheck.sql.document import Statement
    from raincheck.sql.names import Name

Opened = Literal["drizzle", "begin", "chunk", "autocommit", "history"]
"""What opened a transaction: Drizzle's migrator; an embedded BEGIN; PostgreSQL itself, for several statements sent
as one query; PostgreSQL itself, for one statement. "history" stands for whatever ran an applied migration."""


MOST_MISSING = 8
"""Of so many things that no migration makes, a run is told: then the database comes from elsewhere."""

_NO_TIME = re.compile(r"0+(\.0*)?\s*[a-z]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that the transaction took earlier: its mode, and the ordinal of the step that took it."""

    mode: Mode
    step: int


@dataclass(frozen=True, slots=True)
class Transaction:
    """The transaction a step runs in, as it stands before the step. `index` counts those of the pending run."""

    index: int
    opened_by: Opened
    held: HashTrieMap[Name, Held] = field(default_factory=HashTrieMap)
    settings: HashTrieMap[str, str] = field(default_factory=HashTrieMap)
    """Run-time settings that the migrations have set and that are in force, as written: {"lock_timeout": "2s"}."""
    felt: Queue[Name] = field(default_factory=Queue)
    """The existing tables and views that it holds with SHARE or more, in the order in which it locked them."""
    closed: Queue[Name] = field(default_factory=Queue)
    """Those of them that it holds with ACCESS EXCLUSIVE, in the order in which it got that."""
    enum_values: EnumValues = NONE
    told: frozenset[str] = frozenset()
    """What the run is known to lack; and "" where a statement of this file fails for certain, so that no other runs."""
    unlimited: bool = False
    """Whether an earlier step of the run, with no lock_timeout in force, made reads or writes wait for its locks."""

    @property
    def lock_timeout(self) -> str | None:
        """The lock_timeout that the migrations have set; None where none is in force, as with 0."""
        value = self.settings.get("lock_timeout")
        return None if value is None or _NO_TIME.fullmatch(value) else value

    @property
    def open(self) -> bool:
        """Whether this is a transaction block, in which PostgreSQL refuses CONCURRENTLY."""
        return self.opened_by in {"drizzle", "begin", "chunk"}


@dataclass(frozen=True)
class Step:
    """One statement between two schemas. `ordinal` counts the statements of the whole timeline."""

    ordinal: int
    migration: Migration
    statement: Statement
    before: Schema
    after: Schema
    transaction: Transaction
    first_new_oid: int
    """Relations with this oid or a higher one are new: created in the pending run."""
    target: int
    """The major version of PostgreSQL that is assumed."""
    started: Session = UNKNOWN
    """What is known of the session as the run starts."""
    on_new_database: EnumValues = NONE
    """What a transaction that runs all of the history would have added to enums so far."""

    @cached_property
    def effects(self) -> tuple[Effects, ...]:
        """The effects of each of the statement's actions, in their order."""
        return tuple(effects(action, self.before, self.target, self.session) for action in self.actions)

    @property
    def session(self) -> Session:
        """What is known of the session here: a SET TIME ZONE before it decides over what it started with."""
        zone = self.transaction.settings.get("timezone")
        return self.started if zone is None else replace(self.started, utc=is_utc(zone) if zone else None)

    @cached_property
    def locks(self) -> dict[Name, Mode]:
        """The strongest mode on each relation that existed before the statement."""
        modes: dict[Name, Mode] = {}
        for effect in (effect for of_action in self.effects for effect in of_action.locks):
            known = modes.get(effect.relation)
            if known is None or effect.mode.rank > known.rank:
                modes[effect.relation] = effect.mode
        return modes

    @cached_property
    def refused(self) -> tuple[Action, Refusal] | None:
        """The action that PostgreSQL refuses, by the schema before it, and how; the first of the statement's.

        What only a database without any migration refuses comes last.
        """
        before = self.before
        if len(self.transaction.told) > MOST_MISSING and before.whole:
            before = replace(before, whole=False)
        found = refused(self.actions, before, self.statement.text, self.target)
        if found is None and self.enum_value is not None:
            return self.enum_value[:2]
        return found

    @property
    def news(self) -> tuple[Action, Refusal] | None:
        """The same, where it is not the consequence, or the repetition, of an earlier one in the file."""
        told = self.transaction.told
        if self.refused is None or "" in told or (told and self.refused[1].of in told):
            return None
        return self.refused

    @cached_property
    def enum_value(self) -> tuple[Action, Refusal, int] | None:
        """The use of a value that the transaction itself added to an enum, and the step that did."""
        own, whole = self.transaction.enum_values, self.on_new_database
        found = own.used(self, "always") if own.added else None
        return whole.used(self, "on-a-new-database") if found is None and whole.added else found

    @property
    def barred(self) -> str:
        """The command that PostgreSQL refuses here because it stands in a transaction block; else empty."""
        if not self.transaction.open:
            return ""
        commands = (of_action.outside_transaction for of_action in self.effects)
        return next(filter(None, commands), "")

    @cached_property
    def kept(self) -> dict[Name, Mode]:
        """Of `locks` those that stay to the end of the transaction, not given back with a swallowed failure."""
        if not any(of_action.given_back for of_action in self.effects):
            return self.locks
        found = [
            effect for of_action in self.effects if not of_action.given_back for effect in of_action.locks
        ]
        modes = {name: [effect.mode for effect in found if effect.relation == name] for name in self.locks}
        return {name: strongest(tuple(kept)) for name, kept in modes.items() if kept}

    @cached_property
    def working(self) -> dict[Name, Mode]:
        """The weaker mode on relations that nobody else uses any more when the strongest comes (REINDEX CONCURRENTLY)."""
        found = (effect for of_action in self.effects for effect in of_action.locks)
        return {effect.relation: effect.working for effect in found if effect.working is not None}

    @cached_property
    def fails(self) -> Failure | None:
        """The failure that is certain, if one is: what a transaction block bars, then what the schema does.

        Source of the words: PreventInTransactionBlock, and what `catalog.refusals` has; as observed on 12 to 18.
        """
        if self.barred:
            return Failure("25001", f"{self.barred} cannot run inside a transaction block")
        if self.refused is not None and self.refused[1].when == "always":
            return Failure(self.refused[1].sqlstate, self.refused[1].message)
        return next((of_action.fails for of_action in self.effects if of_action.fails), None)

    @property
    def pending(self) -> bool:
        return self.migration.pending

    @property
    def line(self) -> int:
        """The line of its file on which the statement begins, the first being 1."""
        return self.migration.document.lines.position(self.statement.span.start)[0] + 1

    @property
    def label(self) -> str:
        """Where it stands, in short: `0001_index:12`."""
        return f"{self.migration.tag}:{self.line}"

    @property
    def actions(self) -> tuple[Action, ...]:
        return self.statement.actions

    def exists(self, name: Name) -> bool:
        """Whether a relation was there before the pending run, so that others may be using it.

        True also for a relation that no migration creates: it is on the database, or the statement fails.
        """
        relation = self.before.relation(name)
        return relation is None or relation.oid < self.first_new_oid

    def blocks(self, relation: Name) -> bool:
        """Whether it makes reads or writes of something wait that was there before the run."""
        mode = self.working.get(relation, self.locks[relation])
        return mode.rank >= Mode.SHARE.rank and self.exists(relation)

    def moved(self, migration: Migration, statement: Statement) -> Step:
        """The same step at another place: `statement` has the same text, and `migration` is its file read anew."""
        if statement is self.statement and migration is self.migration:
            return self
        step = object.__new__(Step)
        step.__dict__.update(self.__dict__, migration=migration, statement=statement)
        return step


def held_behind(step: Step) -> Transaction:
    """The step's transaction with the step's locks, and with what it is refused for."""
    before = step.transaction
    if step.news is not None and step.news[1].when != "on-a-new-database":
        before = replace(before, told=before.told | {step.news[1].of})
    if not step.kept:
        return before
    held, felt, closed, unlimited = before.held, before.felt, before.closed, before.unlimited
    for relation, mode in step.kept.items():
        known = held.get(relation)
        if known is None or mode.rank > known.mode.rank:
            held = held.insert(relation, Held(mode, step.ordinal))
        if known is not None and known.mode is Mode.ACCESS_EXCLUSIVE:
            continue
        named = not isinstance(step.before.relations.get(relation), Index | Sequence)
        if (known is None or known.mode.rank < Mode.SHARE.rank) and step.blocks(relation):
            unlimited = unlimited or before.lock_timeout is None
            felt = felt.enqueue(relation) if named else felt
        if named and mode is Mode.ACCESS_EXCLUSIVE and step.blocks(relation):
            closed = closed.enqueue(relation)
    return Transaction(
        before.index,
        before.opened_by,
        held,
        before.settings,
        felt,
        closed,
        before.enum_values,
        before.told,
        unlimited,
    )
