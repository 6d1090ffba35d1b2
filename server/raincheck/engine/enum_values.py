"""Values added to enums by a transaction that has not committed: PostgreSQL lets nobody use them yet (55P04).

Source: check_safe_enum_use in its source code; https://www.postgresql.org/docs/current/sql-altertype.html (Notes).
Observed on 12 to 18: from 17 on values of a type that the same transaction creates are safe.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rpds import HashTrieMap, HashTrieSet

from raincheck.catalog.enum_uses import uses
from raincheck.catalog.refusals import Refusal
from raincheck.catalog.schema import Enum
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name, quoted_name

if TYPE_CHECKING:
    from raincheck.catalog.refusals import When
    from raincheck.catalog.schema import Schema
    from raincheck.engine.step import Step, Transaction
    from raincheck.sql.actions import Action

SAFE_IN_NEW_TYPE = 17
"""The first major version that lets a transaction use what it adds to a type of its own."""

CHANGING = frozenset(
    {Kind.CREATE_ENUM, Kind.ADD_ENUM_VALUE, Kind.RENAME_ENUM_VALUE, Kind.RENAME_TYPE, Kind.SET_SCHEMA}
)


@dataclass(frozen=True, slots=True)
class EnumValues:
    """The values that a transaction added, each with the ordinal of the step that did, and the types it created."""

    added: HashTrieMap[tuple[Name, str], int] = field(default_factory=HashTrieMap)
    created: HashTrieSet[Name] = field(default_factory=HashTrieSet)
    open: bool = True
    """Whether there is a transaction: behind a COMMIT each statement commits by itself."""

    def after(self, step: Step) -> EnumValues:
        """Those behind a step."""
        found = self
        for action in step.actions if self.open else ():
            if action.kind in CHANGING and action.relation is not None:
                found = found._changed(action, step)
        return found

    def used(self, step: Step, when: When) -> tuple[Action, Refusal, int] | None:
        """The first use of one of them in a step, how PostgreSQL refuses it, and the step that added the value."""
        text = step.statement.text
        wanted = {one for one in self.added if _written(one[1], text) and not self._safe(one[0], step.target)}
        if not wanted:
            return None
        for action in step.actions:
            for name, value in uses(action, step.after) if not action.guard else ():
                if (name, value) in wanted:
                    message = f'unsafe use of new value "{value}" of enum type {_shown(name, step.before)}'
                    refusal = Refusal("enum-value-used-in-run", "55P04", message, when)
                    return action, refusal, self.added[name, value]
        return None

    def without(self, step: int) -> EnumValues:
        """Those that were not added by a step."""
        kept = [one for one, ordinal in self.added.items() if ordinal != step]
        return EnumValues(HashTrieMap((one, self.added[one]) for one in kept), self.created)

    def _safe(self, name: Name, target: int) -> bool:
        return target >= SAFE_IN_NEW_TYPE and name in self.created

    def _changed(self, action: Action, step: Step) -> EnumValues:
        assert action.relation is not None
        before, after = step.before.type(action.relation), step.after.type(action.relation)
        if action.kind is Kind.CREATE_ENUM:
            is_new = before is None and isinstance(after, Enum)
            return self._replaced(after.name) if is_new and after is not None else self
        if not isinstance(before, Enum):
            return self
        node, name = action.node, before.name
        match action.kind:
            case Kind.ADD_ENUM_VALUE if node["newVal"] not in before.values:
                return EnumValues(self.added.insert((name, node["newVal"]), step.ordinal), self.created)
            case Kind.RENAME_ENUM_VALUE if (name, node["oldVal"]) in self.added:
                ordinal = self.added[name, node["oldVal"]]
                added = self.added.remove((name, node["oldVal"])).insert((name, node["newVal"]), ordinal)
                return EnumValues(added, self.created)
            case Kind.RENAME_TYPE:
                return self._renamed(name, Name(name.schema, node["newname"]))
            case Kind.SET_SCHEMA:
                return self._renamed(name, Name(node["newschema"], name.name))
        return self

    def _replaced(self, name: Name) -> EnumValues:
        """Those behind the creation of a type: what was added to one of that name before is gone with it."""
        kept = HashTrieMap((one, ordinal) for one, ordinal in self.added.items() if one[0] != name)
        return EnumValues(kept, self.created.insert(name))

    def _renamed(self, old: Name, new: Name) -> EnumValues:
        added = HashTrieMap(
            ((new if name == old else name, value), ordinal) for (name, value), ordinal in self.added.items()
        )
        return EnumValues(
            added, self.created.remove(old).insert(new) if old in self.created else self.created
        )


NONE = EnumValues()


def _written(value: str, text: str) -> bool:
    """Whether the text may hold the value: for certain not, as a rule; quotes and escapes are told by its parse."""
    return value in text or "'" in value or "\\" in text


_BOUNDS = frozenset({Kind.BEGIN, Kind.COMMIT, Kind.ROLLBACK})


def carried(step: Step, transaction: Transaction) -> tuple[EnumValues, Transaction]:
    """What is added to enums and not committed behind a step: in a run of the whole history, and in the transaction."""
    whole = step.on_new_database
    kinds = [action.kind for action in step.actions]
    if not _WATCHED.isdisjoint(kinds):
        ends = [kind for kind in kinds if kind in _BOUNDS]
        if ends:
            return EnumValues(open=ends[-1] is Kind.BEGIN), transaction
        if transaction.open:
            transaction = replace(transaction, enum_values=transaction.enum_values.after(step))
        return whole.after(step), transaction
    used = step.enum_value if step.pending and whole.added else None
    return whole if used is None else whole.without(used[2]), transaction


_WATCHED = CHANGING | _BOUNDS


def _shown(name: Name, schema: Schema) -> str:
    """A type as PostgreSQL's messages write it: quoted where it must be, without a schema of the search path."""
    plain = [
        part if part.isidentifier() and part == part.lower() else quoted_name(Name("", part)) for part in name
    ]
    return plain[1] if name.schema in schema.search_path else ".".join(plain)
