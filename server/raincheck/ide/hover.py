"""What one statement does, locks and risks, for a hover: safe ones and applied ones too."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.engine.reversible import Grade, reversible
from raincheck.ide.blocks import Block, Code, Link, Piece, Strong, Table, listed, markdown, paragraph, plain
from raincheck.ide.describe import described, queued
from raincheck.locks.words import blocked, done
from raincheck.project.project import State
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Opened, Step
    from raincheck.locks.effects import Work
    from raincheck.sql.names import Name

MOST = 8
"""How many actions, held locks and relations are listed before the rest is only counted."""


@dataclass(frozen=True, slots=True)
class Hover:
    """The same in two forms. `span` is that of the statement, with its semicolon."""

    span: Span
    markdown: str
    text: str


def hover(analysis: Analysis, path: str, offset: int, address: Callable[[str], str]) -> Hover | None:
    """What there is to say of the statement at an offset; None between statements.

    `address` turns a path of the project into what a link to the file says.
    """
    step = _at(analysis, path, offset)
    if step is None:
        return None
    blocks = tuple(_blocks(analysis, step, address))
    return Hover(_whole(step), markdown(blocks), plain(blocks))


def _at(analysis: Analysis, path: str, offset: int) -> Step | None:
    steps = analysis.steps_by_path.get(path, [])
    number = bisect_right(steps, offset, key=lambda step: step.statement.span.start) - 1
    return steps[number] if number >= 0 and _whole(steps[number]).touches(offset) else None


def _whole(step: Step) -> Span:
    statement = step.statement
    end = statement.span.end if statement.semicolon is None else statement.semicolon + 1
    return Span(statement.span.start, end)


def _blocks(analysis: Analysis, step: Step, address: Callable[[str], str]) -> Iterator[Block]:
    yield from _does(step)
    if step.fails:
        yield paragraph(Strong("It fails:"), f" {step.fails.message} (SQLSTATE {step.fails.sqlstate}).")
    yield from _locks(step)
    yield from _transaction(analysis, step, address)
    yield _undo(step)
    yield _conditions(analysis, step)
    yield from _sources(step)


def _does(step: Step) -> Iterator[Block]:
    problem = step.statement.problem
    if problem is not None:
        yield paragraph(Strong("This statement cannot be read:"), f" {problem.message}")
    actions = [described(step, action) for action in step.actions]
    if actions:
        yield paragraph(*listed(actions, MOST))


def _locks(step: Step) -> Iterator[Block]:
    work: dict[Name, dict[Work, None]] = {}
    for effect in (effect for of_action in step.effects for effect in of_action.locks):
        work.setdefault(effect.relation, {}).update(dict.fromkeys(effect.work))
    if work:
        rows = [_row(step, relation, tuple(works)) for relation, works in work.items()]
        yield Table(("Relation", "Lock", "While it is held", "Work"), tuple(rows[:MOST]))
    if len(work) > MOST:
        yield paragraph(f"And {len(work) - MOST} relations more.")
    if not work and step.actions and not any(effects.unknown for effects in step.effects):
        yield paragraph("It locks nothing that existed before it.")
    for unknown in dict.fromkeys(words for effects in step.effects for words in effects.unknown):
        yield paragraph(f"Not known: {unknown}.")
    if waiting := queued(step):
        yield paragraph(waiting)


def _row(step: Step, relation: Name, work: tuple[Work, ...]) -> tuple[Piece, ...]:
    mode = step.locks[relation]
    new = f"nobody: it is new in this {'run' if step.pending else 'migration'}"
    felt = blocked(mode) if step.exists(relation) else new
    return (Code(str(relation)), mode.sql, felt, done(work))


_RUNS: dict[Opened, str] = {
    "drizzle": "Drizzle runs it in one transaction with all pending migrations, so what it locks stays locked until "
    "the last of them is done.",
    "begin": "It runs in the transaction that a BEGIN in the migrations opened.",
    "chunk": "It runs in one transaction with the other statements of its chunk.",
    "autocommit": "It runs outside of any transaction block; its locks end with it.",
    "history": "It has been applied and does not run again; this is what it does where it runs.",
}


def _transaction(analysis: Analysis, step: Step, address: Callable[[str], str]) -> Iterator[Block]:
    if step.migration.state is State.SKIPPED:
        yield paragraph("Drizzle skips this migration: one with a later date has been applied.")
        return
    yield paragraph(_RUNS[step.transaction.opened_by])
    strongest = sorted(step.transaction.held.items(), key=lambda item: (-item[1].mode.rank, item[0]))
    held = [
        (Code(str(relation)), f" {one.mode.sql} since ", _place(analysis, one.step, address))
        for relation, one in strongest
        if step.exists(relation)
    ]
    if held:
        yield paragraph("Already held: ", *listed(held, MOST), ".")


def _place(analysis: Analysis, ordinal: int, address: Callable[[str], str]) -> Link:
    """Where a step stands. Editors open `#L12` of a file's address at line 12."""
    step = analysis.timeline.steps[ordinal]
    line = step.migration.document.lines.position(step.statement.span.start)[0] + 1
    return Link(f"{step.migration.tag}:{line}", f"{address(step.migration.path)}#L{line}")


_UNDO: dict[Grade, str] = {
    "exact": "To undo it: ",
    "unknown": "Whether it can be undone is not known: ",
    "loses-data": "It cannot be undone without loss: ",
    "impossible": "It cannot be undone: ",
}


def _undo(step: Step) -> Block:
    found = reversible(step)
    return paragraph(f"{_UNDO[found.grade]}{found.how}.")


def _conditions(analysis: Analysis, step: Step) -> Block:
    assumed = (" (assumed; ", Code("postgres"), " in raincheck.toml says which)")
    settings = ", ".join(f"{name} = {value}" for name, value in step.transaction.settings.items())
    state = (
        "pending or applied, nobody can tell"
        if step.migration.state is State.UNKNOWN
        else step.migration.state
    )
    pieces = (Code(step.migration.tag), f", {state}; PostgreSQL {step.target}")
    guess = assumed if analysis.settings.postgres is None else ()
    return paragraph(*pieces, *guess, f"; {settings}" if settings else "")


def _sources(step: Step) -> Iterator[Block]:
    addresses = dict.fromkeys(effect.row.source for effects in step.effects for effect in effects.locks)
    links = [(Link(_page(address), address),) for address in addresses]
    if links:
        yield paragraph("Source: ", *listed(links, MOST))


def _page(address: str) -> str:
    """The name of a page of PostgreSQL's manual: `sql-altertable`."""
    return address.rpartition("/")[2].removesuffix(".html")
