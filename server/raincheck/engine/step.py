"""The values that everything else speaks about: a step, and the transaction it runs in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rpds import HashTrieMap

if TYPE_CHECKING:
    from raincheck.catalog.schema import Schema
    from raincheck.locks.effects import Effects, Failure
    from raincheck.locks.modes import Mode
    from raincheck.project.project import Migration
    from raincheck.sql.actions import Action
    from raincheck.sql.document import Statement
    from raincheck.sql.names import Name


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that the transaction took earlier: its mode, and the ordinal of the step that took it."""

    mode: Mode
    step: int


@dataclass(frozen=True, slots=True)
class Transaction:
    """The transaction a step runs in, as it stands before the step.

    `index` counts the transactions of the whole timeline. `opened_by` is "drizzle" for the migrator's own, "begin"
    for an embedded BEGIN, "autocommit" for a statement that runs by itself, "history" for applied migrations.
    """

    index: int
    opened_by: str
    held: HashTrieMap[Name, Held] = field(default_factory=HashTrieMap)
    settings: HashTrieMap[str, str] = field(default_factory=HashTrieMap)
    """Run-time settings in force, by name in lower case, as written: {"lock_timeout": "2s"}."""
    blocked: bool = False
    """Whether an earlier step of the run locked an existing relation so that reads or writes wait."""

    @property
    def open(self) -> bool:
        """Whether a transaction block is open, so that CONCURRENTLY is refused."""
        return self.opened_by in {"drizzle", "begin"}


@dataclass(frozen=True, slots=True)
class Step:
    """One statement between two schemas. `ordinal` counts the statements of the whole timeline."""

    ordinal: int
    migration: Migration
    statement: Statement
    before: Schema
    after: Schema
    effects: tuple[Effects, ...]
    """One for each of the statement's actions."""
    transaction: Transaction
    first_new_oid: int
    """Relations with this oid or a higher one were created in the pending run."""
    fails: Failure | None
    target: int
    """The major version of PostgreSQL that is assumed."""

    @property
    def pending(self) -> bool:
        return self.migration.pending

    @property
    def actions(self) -> tuple[Action, ...]:
        return self.statement.actions

    def locks(self) -> dict[Name, Mode]:
        """The strongest mode on each relation that existed before the statement."""
        modes: dict[Name, Mode] = {}
        for effects in self.effects:
            for effect in effects.locks:
                known = modes.get(effect.relation)
                if known is None or effect.mode.rank > known.rank:
                    modes[effect.relation] = effect.mode
        return modes

    def exists(self, name: Name) -> bool:
        """Whether a relation was there before the pending run, so that others may be using it.

        True also for a relation that no migration creates: it is on the database, or the statement fails.
        """
        relation = self.before.relation(name)
        return relation is None or relation.oid < self.first_new_oid
