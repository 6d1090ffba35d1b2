"""What one statement does, locks and risks, for a hover: safe ones and applied ones too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.ide.aftermath import aftermath
from raincheck.ide.blocks import Block, Code, Link, Strong, listed, paragraph
from raincheck.ide.felt import felt_lock
from raincheck.ide.places import link_to, step_at
from raincheck.ide.statement import MOST, does, held, locks, runs, sources, undo, work_on
from raincheck.locks.words import blocked
from raincheck.project.project import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.text import Span


@dataclass(frozen=True, slots=True)
class Hover:
    """What is shown, and of what: a statement with its semicolon, or an entry of a file."""

    span: Span
    blocks: tuple[Block, ...]


def hover(
    analysis: Analysis,
    path: str,
    offset: int,
    address: Callable[[str], str],
    page: Callable[[str], str | None] = lambda _: None,
) -> Hover | None:
    """What there is to say of the statement at an offset; None between statements.

    `address` turns a path of the project into what a link to the file says, `page` a rule into one to its page.
    """
    step = step_at(analysis, path, offset)
    if step is None or not step.statement.whole.touches(offset):
        return None
    blocks = (*_blocks(analysis, step, address), *_findings(analysis, step, page), *sources(step))
    return Hover(step.statement.whole, blocks)


def _blocks(analysis: Analysis, step: Step, address: Callable[[str], str]) -> Iterator[Block]:
    yield from does(step)
    yield from _in_short(step)
    yield from locks(step)
    yield from _sizes(analysis, step)
    yield from _transaction(analysis, step, address)
    yield from aftermath(analysis, step)
    yield undo(step)
    yield _conditions(analysis, step)


def _in_short(step: Step) -> Iterator[Block]:
    """What others notice of it, before all details."""
    lock = felt_lock(step)
    if lock is None:
        return
    stopped = blocked(lock.mode).partition(";")[0].capitalize()
    names = listed([(Code(str(name)),) for name in lock.relations], MOST)
    yield paragraph(Strong(stopped), " of ", *names, f": {work_on(step, lock.relations)}.")


def _findings(analysis: Analysis, step: Step, page: Callable[[str], str | None]) -> Iterator[Block]:
    """The rules that speak about it, with their pages."""
    place, span = analysis.place(step.ordinal)
    here = (f for f in analysis.by_path.get(place, ()) if f.span and span.start <= f.span.start < span.end)
    rules = {one.rule: one.severity for finding in here for one in finding.all}
    named = [
        (f"{severity} ", Link(rule, href) if (href := page(rule)) else Code(rule))
        for rule, severity in rules.items()
    ]
    if named:
        yield paragraph("Rules: ", *listed(named, MOST), ".")


def _sizes(analysis: Analysis, step: Step) -> Iterator[Block]:
    """How large the tables are that it locks, and how long its work takes."""
    words = analysis.sizing.words(step)
    if words:
        yield paragraph("Size: ", *listed([(one,) for one in words], MOST), ".")


def _transaction(analysis: Analysis, step: Step, address: Callable[[str], str]) -> Iterator[Block]:
    if step.migration.state is State.SKIPPED:
        yield paragraph("Drizzle skips this migration: one with a later date has been applied.")
        return
    yield paragraph(runs(step))
    already = [
        (Code(str(relation)), f" {one.mode.sql} since ", link_to(analysis, one.step, address))
        for relation, one in held(step)
    ]
    if already:
        yield paragraph("Already held: ", *listed(already, MOST), ".")


def _conditions(analysis: Analysis, step: Step) -> Block:
    assumed = (" (assumed; ", Code("postgres"), " in raincheck.toml says which)")
    settings = ", ".join(f"{name} = {value}" for name, value in step.transaction.settings.items())
    state = (
        "pending or applied, nobody can tell"
        if step.migration.state is State.UNKNOWN
        else step.migration.state
    )
    pieces = (Code(step.migration.tag), f", {state}; PostgreSQL {step.target}")
    guess = assumed if analysis.settings.target_from == "default" else ()
    return paragraph(*pieces, *guess, f"; {settings}" if settings else "")
