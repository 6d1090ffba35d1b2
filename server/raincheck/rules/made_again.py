"""Indexes and constraints that a migration drops and adds again, as drizzle-kit does where it cannot change them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from raincheck.catalog.schema import Check, Exclusion, ForeignKey, Index, Key, NotNull, Table
from raincheck.engine.finding import Severity
from raincheck.rules.phrases import certain, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raincheck.catalog.schema import Constraint, Schema
    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline
    from raincheck.sql.names import Name

T = TypeVar("T", Index, Check | Key | ForeignKey | Exclusion | NotNull)

_ADDS = {Kind.ADD_FOREIGN_KEY, Kind.ADD_UNIQUE, Kind.ADD_PRIMARY_KEY, Kind.ADD_CHECK}


@dataclass(frozen=True, slots=True)
class Pair(Generic[T]):
    """One thing that the first step drops and the second adds again; what it was, and what it becomes."""

    dropped: Step
    added: Step
    old: T
    new: T

    @property
    def covers(self) -> tuple[int, int]:
        """The ordinals of both, by which a finding says what it is about."""
        return self.dropped.ordinal, self.added.ordinal

    @property
    def same(self) -> bool:
        """Whether nothing but the name may be another."""
        return _definition(self.old) == _definition(self.new)

    @property
    def severity(self) -> Severity:
        """A danger where the lock of the DROP is held while the new one is made."""
        under = self.dropped.transaction.open and not self.added.barred
        held = self.dropped.transaction.index == self.added.transaction.index
        return Severity.DANGER if under and held else Severity.RISK


def indexes(timeline: Timeline) -> Iterator[Pair[Index]]:
    """Indexes of existing tables that are built again under their name, or the same under another."""
    for dropped, added in _statements(timeline, {Kind.DROP_INDEX}, {Kind.CREATE_INDEX}, _table_of_index):
        old, new = dropped.before.index(subject(dropped.actions[0])), _made(added)
        if old is None or new is None or old.constraint or old.parent or old.children:
            continue
        pair = Pair(dropped, added, old, new)
        table = _owner(dropped.before, old)
        stays = table is not None and table == _owner(added.after, new)
        if stays and dropped.exists(old.name) and (pair.same or old.name == new.name):
            yield pair


def constraints(timeline: Timeline) -> Iterator[Pair[Constraint]]:
    """Constraints of existing tables that are added again; of foreign keys also those with other actions."""
    apart = _statements(timeline, {Kind.DROP_CONSTRAINT}, _ADDS, _table_of_constraint)
    for dropped, added in (*apart, *_in_one(timeline)):
        action = dropped.actions[0]
        before, after = dropped.before.table(subject(action)), added.after.table(subject(added.actions[0]))
        if before is None or after is None or before.oid != after.oid or not dropped.exists(before.name):
            continue
        own = added.before.table(subject(added.actions[0]))
        known = {c.name for c in own.constraints} - {action.column} if own is not None else set()
        made = [c for c in after.constraints if own is not None and c.name not in known]
        old = before.constraint(action.column)
        if old is None or len(made) != 1:
            continue
        pair = Pair(dropped, added, old, made[0])
        if (pair.same and dropped is not added) or _acts_otherwise(old, made[0]):
            yield pair


def _statements(
    timeline: Timeline, drops: set[Kind], adds: set[Kind], table: Callable[[Step], Name | int | None]
) -> Iterator[tuple[Step, Step]]:
    """The pairs of statements of one pending migration that do nothing else; each drop with the adds behind it that are
    about the same `table`.
    """
    if not drops & timeline.acting.keys():
        return
    added: dict[tuple[str, Name | int | None], list[Step]] = {}
    dropped: list[Step] = []
    for step in timeline.pending:
        kind = _only(step)
        if kind in drops:
            dropped.append(step)
        elif kind in adds:
            added.setdefault((step.migration.path, table(step)), []).append(step)
    for step in dropped:
        for behind in added.get((step.migration.path, table(step)), ()):
            if behind.ordinal > step.ordinal:
                yield step, behind


def _table_of_index(step: Step) -> Name | None:
    name = subject(step.actions[0])
    if step.actions[0].kind is Kind.CREATE_INDEX:
        return step.after.resolve(name)
    index = step.before.index(name)
    return index.table if index else None


def _table_of_constraint(step: Step) -> int | None:
    table = (step.before if step.actions[0].kind is Kind.DROP_CONSTRAINT else step.after).table(
        subject(step.actions[0])
    )
    return table.oid if table else None


def _in_one(timeline: Timeline) -> Iterator[tuple[Step, Step]]:
    """The pending statements that drop one constraint and add one, as drizzle-kit 1.0 writes them."""
    for step, number in timeline.acting.get(Kind.DROP_CONSTRAINT, ()):
        if number == 0:
            drop, *adds = step.actions
            plain = certain(drop) and not drop.guard and drop.node.get("behavior") != "DROP_CASCADE"
            if plain and drop.relation and len(adds) == 1 and adds[0].kind in _ADDS:
                yield step, step


def _only(step: Step) -> Kind | None:
    """What a statement does that does one thing for sure."""
    single = len(step.actions) == 1 and certain(step.actions[0]) and not step.actions[0].guard
    cascades = single and step.actions[0].node.get("behavior") == "DROP_CASCADE"
    return step.actions[0].kind if single and not cascades and step.actions[0].relation else None


def _made(step: Step) -> Index | None:
    names = [name for name in step.after.relations if name not in step.before.relations]
    found = step.after.relations[names[0]] if len(names) == 1 else None
    return found if isinstance(found, Index) else None


def _owner(schema: Schema, index: Index) -> int | None:
    table = schema.relations.get(index.table)
    return table.oid if isinstance(table, Table) else None


def _definition(thing: Index | Constraint) -> object:
    if isinstance(thing, Index):
        shape = (thing.elements, thing.unique, thing.method, thing.where, thing.include)
        return (*shape, thing.nulls_not_distinct, thing.options)
    return replace(thing, name="")


def _acts_otherwise(old: Constraint, new: Constraint) -> bool:
    """Whether two foreign keys differ in nothing but what happens ON DELETE and ON UPDATE."""
    if not isinstance(old, ForeignKey) or not isinstance(new, ForeignKey):
        return False
    return replace(old, name="", on_delete="", on_update="") == replace(
        new, name="", on_delete="", on_update=""
    )
