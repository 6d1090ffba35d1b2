"""Which migrations a review, a plan or a rollback is about, and the analyses that tell of them.

One that is pending is looked at where it stands in its run; one that is applied as it was: alone, behind those before it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raincheck.engine.analysis import analyse
from raincheck.project.project import State
from raincheck.rules import ALL
from raincheck.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.project.project import Migration, Project


@dataclass(frozen=True, slots=True)
class Asked:
    """An analysis, and the migrations of it that are asked about; None for all pending ones and the files beside them."""

    analysis: Analysis
    migrations: tuple[Migration, ...] | None
    applied: bool = False
    """Whether they have run already, and are only taken for pending."""


def asked(analyses: Sequence[Analysis], tag: str | None) -> tuple[Asked, ...]:
    """What is asked about. Raises SessionError where there is no migration of that tag."""
    if tag is None:
        return tuple(Asked(analysis, None) for analysis in analyses)
    return tuple(_of(analysis, migration) for analysis, migration in named(analyses, tag))


def named(analyses: Iterable[Analysis], tag: str) -> list[tuple[Analysis, Migration]]:
    """The migrations of a tag, each with its analysis. Raises SessionError where there is none."""
    found = [(analysis, one) for analysis in analyses if (one := analysis.project.migration(tag)) is not None]
    if not found:
        raise SessionError(f"No migration here is called {tag}.")
    return found


def _of(analysis: Analysis, migration: Migration) -> Asked:
    if migration.pending:
        return Asked(analysis, (migration,))
    project = _only(analysis.project, migration)
    return Asked(analyse(project, analysis.settings, ALL), (project.migrations[-1],), applied=True)


def _only(project: Project, migration: Migration) -> Project:
    """The project with that migration as its last and the only pending one."""
    place = project.migrations.index(migration)
    before = [
        one if one.state is State.SKIPPED else replace(one, state=State.APPLIED)
        for one in project.migrations[:place]
    ]
    pending = replace(migration, state=State.PENDING)
    return replace(
        project, migrations=(*before, pending), pending_from="since", deployed="", problems=(), recorded=None
    )
