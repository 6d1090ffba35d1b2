"""What one action does to other sessions: (action, schema before it, version) → locks and work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raincheck.locks import new_columns, retyping
from raincheck.locks.calling import (
    BUILT_IN,
    SAFE_PATH_SINCE,
    called,
    confined,
    fired,
    names_without_schema,
    strange,
)
from raincheck.locks.explaining import EXPLAIN_RUNS
from raincheck.locks.modes import by_rank
from raincheck.locks.passes import after_drops, level, strongest
from raincheck.locks.session import UNKNOWN, Session
from raincheck.locks.situation import Situation, stored
from raincheck.locks.table import find
from raincheck.locks.work import Work
from raincheck.sql.actions import actions
from raincheck.sql.functions import body_of
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.locks.modes import Mode
    from raincheck.locks.row import Row, Selector
    from raincheck.sql.actions import Action

__all__ = ["NOTHING", "Effect", "Effects", "Failure", "Work", "effects", "situated"]


@dataclass(frozen=True, slots=True)
class Effect:
    """A lock on one relation that existed before the statement, and the work done on it while it is held."""

    relation: Name
    mode: Mode
    work: tuple[Work, ...]
    row: Row
    working: Mode | None = None
    """The weaker mode that it is held in while the work goes on, where `mode` comes behind it: once no other session
    uses the relation any more, and for an instant.
    """


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure that is certain."""

    sqlstate: str
    message: str


@dataclass(frozen=True, slots=True)
class Effects:
    """All that one action, or one statement, does to others."""

    locks: tuple[Effect, ...] = ()
    outside_transaction: str = ""
    """The command as PostgreSQL names it when it refuses to run in a transaction block; else empty."""
    unknown: tuple[str, ...] = ()
    """What could not be told, in words ("the old type of users.age is not known")."""
    given_back: bool = False
    """Whether it fails, a block swallows that, and so all that it locked is given back at once."""
    fails: Failure | None = None
    """Set where it fails for certain, in a transaction block or not."""


NOTHING = Effects()


def effects(
    action: Action,
    schema: Schema,
    target: int,
    session: Session = UNKNOWN,
    within: frozenset[Name] = frozenset(),
) -> Effects:
    """What an action does to other sessions on a major version, the strongest mode for each relation.

    `schema` is the one before the action's statement: what the statement itself makes is locked too, but nobody
    else can wait for it. `within` are the functions in whose bodies the action stands.
    """
    situation = after_drops(situated(action, schema, target, session))
    row = find(situation)
    if row is None:
        return Effects(unknown=(f"PostgreSQL {target} has no such command",))
    locks = tuple(_locks(row, situation))
    if _missing(locks, situation):
        why = f"whether {situation.name} exists: no migration creates it"
        return Effects((), row.outside_transaction, (why,))
    unknown = tuple(_unknown(row, situation, locks))
    given_back = bool(row.fails) and action.guard in {row.fails, "others"}
    own = Effects(locks, row.outside_transaction, unknown, given_back, _failure(situation))
    return with_functions(own, situation, within)


def with_functions(own: Effects, s: Situation, within: frozenset[Name]) -> Effects:
    """The effects with those of the functions that are run on the way, and of the functions that they call."""
    built = [effect.relation for effect in own.locks if {Work.INDEX_BUILD, Work.REWRITE} & {*effect.work}]
    functions = dict.fromkeys(called(s, built)) if s.schema.functions else {}
    triggers = tuple(fired(s))
    functions |= dict.fromkeys(trigger.function for trigger in triggers)
    done = [own, *(_of_function(name, s, within) for name in functions if name not in within)]
    if s.action.kind is Kind.EXPLAIN and EXPLAIN_RUNS.test(s):
        done += (effects(a, s.schema, s.version, s.session, within) for a in actions(s.statement["query"]))
    unknown = (f"what {name}() does: no migration creates it" for name in strange(s))
    if len(done) == 1:
        return replace(own, unknown=(*own.unknown, *unknown))
    locks = _merged(effect for each in done for effect in each.locks)
    told = (*(words for each in done for words in each.unknown), *unknown)
    return replace(own, locks=locks, unknown=tuple(dict.fromkeys(told)))


def _of_function(name: Name, s: Situation, within: frozenset[Name]) -> Effects:
    function = s.schema.functions.get(name)
    if function is None:
        return (
            NOTHING
            if name.name in BUILT_IN
            else Effects(unknown=(f"what {name}() does: no migration creates it",))
        )
    done: list[Effects] = []
    for body in map(body_of, function.definitions.values()):
        schema = s.schema
        if body.search_path is not None or confined(s):
            schema = replace(schema, search_path=body.search_path or ("pg_catalog",))
        done += (effects(a, schema, s.version, s.session, within | {name}) for a in body.actions)
        if body.opaque:
            done.append(Effects(unknown=(f"all that {name}() does: {body.opaque}",)))
        if body.search_path is None and confined(s) and names_without_schema(body.actions):
            done.append(Effects(unknown=(f"whether {name}() {_CONFINED}",)))
    locks = tuple(effect for each in done for effect in each.locks)
    return Effects(locks, unknown=tuple(words for each in done for words in each.unknown))


_CONFINED = (
    f"fails here: PostgreSQL {SAFE_PATH_SINCE} and newer run it with pg_catalog alone in its search_path, and it names"
    " relations without their schema"
)


def _merged(found: Iterable[Effect]) -> tuple[Effect, ...]:
    """One effect for each relation: with the strongest mode, and all of the work."""
    merged: dict[Name, Effect] = {}
    for effect in found:
        known = merged.setdefault(effect.relation, effect)
        if known is not effect:
            stronger = effect if effect.mode.rank > known.mode.rank else known
            work = tuple(dict.fromkeys((*known.work, *effect.work)))
            merged[effect.relation] = replace(stronger, work=work)
    return tuple(merged.values())


def situated(action: Action, schema: Schema, version: int, session: Session = UNKNOWN) -> Situation:
    """An action before a schema, as conditions and selectors see it."""
    written = action.relation or Name("", "")
    name = schema.resolve(written) if written.name else written
    own_type = schema.type(written) if action.kind in _OF_TYPES and written.name else None
    return Situation(
        action, schema, version, own_type.name if own_type else name, schema.relations.get(name), session
    )


_OF_TYPES = {Kind.ALTER_TYPE, Kind.ALTER_DOMAIN, Kind.DROP_TYPE, Kind.RENAME_TYPE, Kind.ADD_ENUM_VALUE}


def _locks(row: Row, situation: Situation) -> Iterator[Effect]:
    modes: dict[Name, Mode] = {}
    late: dict[Name, Mode] = {}
    most = strongest(situation)
    for lock in row.locks:
        if lock.since <= situation.version <= lock.until:
            mode, known = level(lock, most), late if lock.late else modes
            for name in _selected(lock.on, situation):
                known[name] = max(known.get(name, mode), mode, key=by_rank)
    work = _work(row, situation)
    for name, mode in modes.items():
        yield Effect(
            name, late.get(name, mode), tuple(work.get(name, ())), row, mode if name in late else None
        )


def _selected(selector: Selector, s: Situation) -> list[Name]:
    """The relations of the user's that are selected, in the order of their creation."""
    names = {name for name in selector.select(s) if name.name and name.schema not in _SYSTEM}
    return sorted(
        names, key=lambda name: (s.schema.relations[name].oid if name in s.schema.relations else 0, name)
    )


_SYSTEM = {"pg_catalog", "information_schema"}
"""The schemas of PostgreSQL's own catalogs: nobody waits for what they are locked with."""


def _work(row: Row, situation: Situation) -> dict[Name, list[Work]]:
    work: dict[Name, list[Work]] = {}
    for did in row.work:
        for name in _selected(did.on, situation):
            listed = work.setdefault(name, [])
            if did.work not in listed and stored(situation.schema, name):
                listed.append(did.work)
    return work


def _missing(locks: Iterable[Effect], s: Situation) -> bool:
    """Whether IF EXISTS is about something that no migration creates: it may be there all the same."""
    return s.relation is None and bool(s.statement.get("missing_ok")) and _about_target(locks, s)


def _unknown(row: Row, s: Situation, locks: Iterable[Effect]) -> Iterator[str]:
    if row.unknown:
        yield row.unknown.format(name=s.name, column=s.action.column, why=s.node.get("opaque", ""))
    elif s.relation is None and s.name.name and s.action.kind not in _OF_TYPES and _about_target(locks, s):
        yield f"the indexes, partitions and foreign keys of {s.name}: no migration creates it"
    elif s.table is not None and not s.table.complete:
        yield f"all columns and constraints of {s.name}"


def _failure(s: Situation) -> Failure | None:
    look = _REFUSALS.get(s.action.kind)
    found = look(s) if look is not None else None
    return None if found is None else Failure(found.sqlstate, found.message)


_REFUSALS = {Kind.ALTER_COLUMN_TYPE: retyping.refusal, Kind.ADD_COLUMN: new_columns.refusal}


def _about_target(locks: Iterable[Effect], s: Situation) -> bool:
    return any(effect.relation == s.name for effect in locks)
