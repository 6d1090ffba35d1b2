"""What there is to say of a step by itself: what it does, locks and works at, whether it fails, how it is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index
from raincheck.engine.reversible import Grade, reversible
from raincheck.ide.blocks import Block, Code, Link, Piece, Strong, Table, listed, paragraph
from raincheck.ide.describe import described, queued
from raincheck.locks.modes import Mode
from raincheck.locks.words import blocked, done
from raincheck.locks.words import name as lock_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.engine.step import Held, Opened, Step
    from raincheck.locks.effects import Effect, Work
    from raincheck.sql.names import Name

MOST = 8
"""How many actions, held locks and relations are listed before the rest is only counted."""


_RUNS: dict[Opened, str] = {
    "drizzle": "Drizzle runs it in one transaction with all pending migrations",
    "begin": "It runs in the transaction that a BEGIN in the migrations opened.",
    "chunk": "It runs in one transaction with the other statements of its chunk.",
    "autocommit": "It runs outside of any transaction block; its locks end with it.",
    "history": "It has been applied and does not run again; this is what it does where it runs.",
}
"""How it runs, by what opened its transaction; Drizzle's is said in whole by `runs`."""


def runs(step: Step) -> str:
    """How it runs, and how long its locks are held where it takes some."""
    how = _RUNS[step.transaction.opened_by]
    if step.transaction.opened_by != "drizzle":
        return how
    takes = not step.fails and any(step.exists(relation) for relation in step.locks)
    return f"{how}, so what it locks stays locked until the last of them is done." if takes else f"{how}."


def held(step: Step) -> list[tuple[Name, Held]]:
    """What the transaction holds already of what was there before it, the strongest first; no index beside its table."""
    found = step.transaction.held
    tables = ((name, one, _table(step, name)) for name, one in found.items() if step.exists(name))
    shown = [(name, one) for name, one, table in tables if table == name or table not in found]
    return sorted(shown, key=lambda item: (-item[1].mode.rank, item[0]))


def does(step: Step) -> Iterator[Block]:
    """Its actions, or why it cannot be read; and the failure that is certain."""
    problem = step.statement.problem
    if problem is not None:
        yield paragraph(Strong("This statement cannot be read:"), f" {problem.message}")
    actions = [described(step, action) for action in step.actions]
    if actions:
        yield paragraph(*listed(actions, MOST))
    if step.fails:
        yield paragraph(Strong("It fails:"), f" {step.fails.message} (SQLSTATE {step.fails.sqlstate}).")


def locks(step: Step) -> Iterator[Block]:
    """Each relation with its lock, what that blocks, and the work; what is not known; and who queues up behind."""
    work: dict[Name, dict[Work, None]] = {}
    for effect in (effect for of_action in step.effects for effect in of_action.locks):
        if effect.work or not _is_passing(step, effect):
            work.setdefault(effect.relation, {}).update(dict.fromkeys(effect.work))
    if work:
        told = ((relation, _row(step, relation, tuple(works))) for relation, works in work.items())
        untold = {e.relation for of in step.effects for e in of.locks if e.row.unknown and not e.work}
        rows = [(*row[:-1], "not known") if relation in untold else row for relation, row in told]
        yield Table(("Relation", "Lock", "While it is held", "Work"), tuple(rows[:MOST]))
    if len(work) > MOST:
        yield paragraph(f"And {len(work) - MOST} relations more.")
    if not work and step.actions and not any(effects.unknown for effects in step.effects):
        yield paragraph("It locks nothing that existed before it.")
    for unknown in dict.fromkeys(words for effects in step.effects for words in effects.unknown):
        yield paragraph(f"Not known: {unknown}.")
    if waiting := queued(step):
        yield paragraph(waiting)


def _is_passing(step: Step, effect: Effect) -> bool:
    """Whether it is an index that is only gone through or kept up with its table, under a lock that nobody feels."""
    is_index = _table(step, effect.relation) != effect.relation
    return is_index and step.locks[effect.relation].rank <= Mode.ROW_EXCLUSIVE.rank


def _row(step: Step, relation: Name, work: tuple[Work, ...]) -> tuple[Piece, ...]:
    mode = step.locks[relation]
    new = f"nobody: it is new in this {'run' if step.pending else 'migration'}"
    working = step.working.get(relation)
    felt = blocked(working or mode) if step.exists(relation) else new
    return (Code(str(relation)), lock_name(mode, working), felt, done(work))


def work_on(step: Step, relations: Iterable[Name]) -> str:
    """The work on some relations and on their indexes, as a clause."""
    names = set(relations)
    work = (
        one
        for of in step.effects
        for effect in of.locks
        if _table(step, effect.relation) in names
        for one in effect.work
    )
    return done(dict.fromkeys(work))


def _table(step: Step, relation: Name) -> Name:
    """The table that an index belongs to; of all else, itself."""
    found = step.before.relations.get(relation)
    return found.table if isinstance(found, Index) else relation


_UNDO: dict[Grade, str] = {
    "exact": "To undo it: ",
    "unknown": "Whether it can be undone is not known: ",
    "loses-data": "It cannot be undone without loss: ",
    "impossible": "It cannot be undone: ",
}


def undo(step: Step) -> Block:
    """Whether and how it can be undone."""
    found = reversible(step)
    return paragraph(f"{_UNDO[found.grade]}{found.how}.")


def sources(step: Step) -> Iterator[Block]:
    """The pages of PostgreSQL's manual behind it."""
    addresses = dict.fromkeys(effect.row.source for effects in step.effects for effect in effects.locks)
    links = [(Link(_page(address), address),) for address in addresses]
    if links:
        yield paragraph("Source: ", *listed(links, MOST))


def _page(address: str) -> str:
    """The name of a page of PostgreSQL's manual: `sql-altertable`."""
    return address.rpartition("/")[2].removesuffix(".html")
