"""The projects that drizzle-kit wrote (tests/projects), each of their migrations taken as the only pending one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from raincheck.engine.analysis import analyse
from raincheck.engine.settings import Settings
from raincheck.project.discover import discover
from raincheck.project.project import State
from raincheck.rules import ALL
from raincheck.session.files import DiskFiles
from raincheck.session.pulled import with_pulled_baseline
from raincheck.session.recorded import with_recorded
from raincheck.sql.document import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.project.project import Project

PROJECTS = Path(__file__).resolve().parents[1] / "projects"


def folders() -> list[str]:
    """Every migrations folder below the projects, by its path from there."""
    journals = {path.parent.parent for path in PROJECTS.rglob("meta/_journal.json")}
    named = {path.parent.parent for path in PROJECTS.rglob("migration.sql")}
    return sorted(path.relative_to(PROJECTS).as_posix() for path in journals | named)


def project_in(folder: str) -> Project:
    files = DiskFiles({})
    found = discover(files, (PROJECTS / folder).as_posix(), read).projects
    (one,) = (one for one in found if (PROJECTS / folder).samefile(Path(one.root, one.out)))
    return with_pulled_baseline(one, files)


def only(project: Project, number: int) -> Project:
    """The project with everything before one migration applied, that one pending, and nothing behind it."""
    applied = [replace(migration, state=State.APPLIED) for migration in project.migrations[:number]]
    pending = replace(project.migrations[number], state=State.PENDING)
    return replace(project, migrations=(*applied, pending), pending_from="since", problems=())


def analyses(folder: str) -> Iterator[Analysis]:
    """What the rules say of each migration of a folder."""
    project = project_in(folder)
    for number in range(len(project.migrations)):
        yield analyse(with_recorded(only(project, number), DiskFiles({})), Settings(), ALL)


def path_of(analysis: Analysis) -> str:
    """The path of the pending migration, from the projects' folder."""
    project = analysis.project
    return Path(project.root, project.migrations[-1].path).resolve().relative_to(PROJECTS).as_posix()
