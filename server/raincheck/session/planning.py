"""`raincheck plan`: the fixes that the editor offers, applied to a fixpoint, deploy by deploy.

What an exact fix makes belongs to the deploy in hand; the migrations of one that is spread over deploys belong to the
next, which then gets exact fixes and is reviewed by itself, with all before it applied. Nothing is written.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from raincheck.engine.analysis import analyse
from raincheck.fixes.scripts import SCRIPTS
from raincheck.plan.review import review
from raincheck.plan.stages import Plan, Script, Stage
from raincheck.project.project import State
from raincheck.rules import ALL
from raincheck.session.errors import SessionError
from raincheck.session.files import Planned
from raincheck.session.fixing import Wish, fix
from raincheck.session.pending import Selection
from raincheck.session.reviewing import named
from raincheck.session.session import Options, Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.project.project import Migration, Project
    from raincheck.report.fixed import Change, Done

MOST = 20
"""Deploys of one plan; more is taken for a mistake of ours."""


@dataclass(frozen=True, slots=True)
class PlannedChanges:
    """A plan, and the changes of files that it is made of (absolute paths)."""

    plan: Plan
    changes: tuple[Change, ...]


def plan(
    start: str, options: Options, tag: str | None = None, onto: Iterable[Change] = ()
) -> tuple[PlannedChanges, ...]:
    """The plans of the projects at a path that have something pending; of one migration where a tag is given.

    `onto` are changes that are made already and not on disk, as in an editor's unsaved texts.

    Raises SessionError where there is no such migration, or it has run, or nobody can tell what is pending.
    """
    onto = tuple(onto)
    session = Session(start, options)
    for change in onto:
        session.overlay(change.path, Planned(change.after))
    found = session.analyses()
    planned = partial(_planned, start, options, onto)
    if tag is None:
        wanted = [(one, [m for m in one.project.migrations if m.pending]) for one in found]
        return tuple(planned(one.project, migrations) for one, migrations in wanted if migrations)
    known = named(found, tag)
    for _, migration in known:
        if not migration.pending:
            raise SessionError(f"{tag} has run already, and a plan changes what is still to run.")
    return tuple(planned(one.project, [migration]) for one, migration in known)


def _planned(
    start: str, options: Options, onto: tuple[Change, ...], project: Project, wanted: Sequence[Migration]
) -> PlannedChanges:
    name = wanted[0].tag if len(wanted) == 1 else f"{len(wanted)} pending migrations"
    paths = {project.absolute(migration.path) for migration in wanted}
    stages: list[Stage] = []
    changes = onto
    while paths and len(stages) < MOST:
        session = Session(start, options)
        stage, changes, paths = _staged(session, project, changes, paths, len(stages) + 1)
        stages.append(stage)
        options = replace(options, selection=Selection(since=_last(stage)), database=None)
    files = tuple(posixpath.relpath(change.path, project.root) for change in changes if change not in onto)
    return PlannedChanges(Plan(name, tuple(stages), files), changes)


def _staged(
    session: Session, project: Project, changes: tuple[Change, ...], paths: set[str], number: int
) -> tuple[Stage, tuple[Change, ...], set[str]]:
    """One deploy; then all changes so far, and the files of the next."""
    exact = fix(session, Wish(within=frozenset(paths)), changes)
    own = paths | _migrations(exact.done)
    spreads = number == 1  # what a fix made is its answer, and is not spread again
    wish = Wish(staged=spreads, any_stages=spreads, within=frozenset(own))
    spread = fix(session, wish, exact.changes)
    later = _migrations(spread.done)
    made = {path for one in (*exact.done, *spread.done) for path in one.made} - later
    after = _only(session.analyses(), project)
    run = [
        migration for migration in after.project.migrations if project.absolute(migration.path) not in later
    ]
    alone = replace(after.project, migrations=tuple(run), recorded=None, problems=())
    told = [migration for migration in run if project.absolute(migration.path) in own]
    texts = {change.path: change.after for change in spread.changes}
    first = {path for one in (*exact.done, *spread.done) for path in one.first}
    scripts = sorted(path for path in made if path.endswith(".sql") and path not in own)
    stage = Stage(
        number,
        review(analyse(alone, after.settings, ALL), told),
        tuple(_script(project, path, texts) for path in scripts if path in first),
        tuple(_script(project, path, texts) for path in scripts if path not in first),
        tuple(dict.fromkeys(one.title for one in (*exact.done, *spread.done))),
        tuple((left.rule, left.why) for left in spread.left),
    )
    return stage, spread.changes, later


def _last(stage: Stage) -> str:
    """The tag of the last migration that has run behind a deploy."""
    run = stage.review.analysis.project.migrations
    return [migration.tag for migration in run if migration.state is not State.SKIPPED][-1]


def _script(project: Project, path: str, texts: dict[str, str]) -> Script:
    return Script(posixpath.relpath(path, project.root), texts[path])


def _migrations(done: Iterable[Done]) -> set[str]:
    """The migrations that fixes make: scripts lie elsewhere, and snapshots are no SQL."""
    return {
        path
        for one in done
        for path in one.made
        if path.endswith(".sql") and f"/{SCRIPTS}/" not in path and path not in one.first
    }


def _only(analyses: Iterable[Analysis], project: Project) -> Analysis:
    return next(one for one in analyses if (one.project.root, one.project.out) == (project.root, project.out))
