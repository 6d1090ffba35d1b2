"""Fixes that cannot be had here, and what is missing for them.

What is missing is found out by supposing that it is there, and asking the same rules for the same fixes: so no reason
is given that would not help.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raincheck.catalog.parts import Key
from raincheck.engine.analysis import analyse
from raincheck.ide.actions import code_actions, is_cure
from raincheck.project.project import State
from raincheck.sql.names import quoted_name
from raincheck.text import NOWHERE, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from raincheck.catalog.schema import Table
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding
    from raincheck.ide.actions import CodeAction

_SNAPSHOT = ("meta/_snapshot.json", '{"id": "00000000-0000-4000-8000-000000000000"}')


@dataclass(frozen=True, slots=True)
class Hindered:
    """A fix's title, the finding that it would cure, and in a sentence why it cannot be had."""

    title: str
    reason: str
    finding: Finding


def hindered(
    analysis: Analysis, path: str, span: Span, known: Collection[CodeAction]
) -> tuple[Hindered, ...]:
    """For the findings that a span touches and that nothing cures here. `known` is what there is at that span."""
    cured = {one.finding for one in known if is_cure(one.fix)}
    found = analysis.by_path.get(path, ())
    here = (one for one in found if one.step is not None and (one.span or NOWHERE).meets(span))
    return tuple(each for one in here if cured.isdisjoint(one.all) for each in _supposed(analysis, one))


def hindered_by_state(analysis: Analysis, path: str, span: Span) -> tuple[Hindered, ...]:
    """What could be done at an applied migration's statements if it were still pending. Analyses the project anew."""
    migration = analysis.project.at(path)
    if migration is None or migration.state is not State.APPLIED:
        return ()
    reason = (
        f"{migration.tag} is applied, and databases that have run it do not run it again. What should change now "
        "belongs into a new migration."
    )
    actions = code_actions(_if_pending(analysis, path), path, span)
    return tuple(
        Hindered(action.fix.title, reason, action.finding)
        for action in actions
        if action.finding.action is not None and action.fix.safety != "manual"
    )


def _cures(analysis: Analysis, finding: Finding) -> Iterator[str]:
    return (fix.title for _, fix in analysis.fixes(finding) if is_cure(fix))


def _supposed(analysis: Analysis, finding: Finding) -> Iterator[Hindered]:
    """By the first supposition that brings fixes: one thing that is missing, or both."""
    with_snapshot, no_snapshot = _if_snapshot(analysis)
    with_key, no_key = _if_key(analysis, finding)
    suppositions: tuple[tuple[Callable[[Analysis], Analysis], str], ...] = (
        (with_snapshot, no_snapshot),
        (with_key, no_key),
        (lambda before: with_key(with_snapshot(before)), f"{no_key} {no_snapshot}"),
    )
    for suppose, reason in suppositions:
        titles = tuple(_cures(suppose(analysis), finding))
        if titles:
            yield from (Hindered(title, reason, finding) for title in titles)
            return


def _if_snapshot(analysis: Analysis) -> tuple[Callable[[Analysis], Analysis], str]:
    last = analysis.project.migrations[-1]
    path = last.snapshot_path
    where = f"the snapshot {path} cannot be read" if path else f"{last.tag} has no snapshot"
    reason = (
        f"It takes a new migration, which needs a snapshot to follow from, and {where}. `drizzle-kit generate --custom` "
        "writes one."
    )

    def suppose(before: Analysis) -> Analysis:
        return replace(before, project=replace(before.project, last_snapshot=_SNAPSHOT))

    return suppose, reason


def _if_key(analysis: Analysis, finding: Finding) -> tuple[Callable[[Analysis], Analysis], str]:
    assert finding.step is not None
    step = analysis.timeline.steps[finding.step]
    action = step.actions[finding.action or 0] if step.actions else None
    table = step.before.table(action.relation) if action is not None and action.relation else None
    columns = [one.name for one in table.columns if action and one.name != action.column] if table else []
    if table is None or not columns or table.primary_key is not None:
        return _as_it_is, ""
    keyed = _keyed(table, columns[0])
    relations = step.before.relations.insert(table.name, keyed)

    def suppose(before: Analysis) -> Analysis:
        steps = list(before.timeline.steps)
        steps[step.ordinal] = replace(step, before=replace(step.before, relations=relations))
        return replace(before, timeline=replace(before.timeline, steps=tuple(steps)))

    reason = f"It takes a script that goes through the rows in batches, and {quoted_name(table.name)} has no primary key."
    return suppose, reason


def _as_it_is(before: Analysis) -> Analysis:
    return before


def _keyed(table: Table, column: str) -> Table:
    return replace(table, constraints=(*table.constraints, Key("", (column,), primary=True)))


def _if_pending(analysis: Analysis, path: str) -> Analysis:
    """The analysis as it was when a migration was the next to run, and nothing behind it was there."""
    project = analysis.project
    number = next(n for n, one in enumerate(project.migrations) if one.path == path)
    known = (*project.migrations[:number], replace(project.migrations[number], state=State.PENDING))
    return analyse(replace(project, migrations=known), analysis.settings, analysis.rules)
