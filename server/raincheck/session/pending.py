"""Which migrations are pending, by the best source that can tell, and what they were when others saw them.

What the user says comes first (a database to ask, all, since a tag, against a commit), then the seal, then git. Where
none of them can tell, every migration stays unknown, is taken as pending, and a problem says why.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from raincheck.project.discover import folder_of
from raincheck.project.files import relative
from raincheck.project.project import SEAL, Baseline, FileProblem, State
from raincheck.project.runner.states import states
from raincheck.project.seal import read
from raincheck.project.source import decode, text_at
from raincheck.session.database import by_database
from raincheck.session.errors import UnknownBaseError
from raincheck.session.git import GitBase, GitSilence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from raincheck.project.files import Files
    from raincheck.project.project import Migration, PendingFrom, Project
    from raincheck.project.seal import Seal
    from raincheck.session.database import DatabaseBase


class UnknownTagError(Exception):
    """`--since` names a tag that the project does not have."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What the user said is pending: everything; what comes after the tag `since`; what the commit `base` lacks."""

    everything: bool = False
    since: str | None = None
    base: str | None = None


def read_seal(files: Files, project: Project) -> Seal | None:
    """The project's `raincheck.sum`; None where it has none."""
    text = text_at(files, project.absolute(project.seal_path))
    return None if text is None else read(project.seal_path, text)


def settle(
    project: Project,
    selection: Selection,
    seal: Seal | None,
    git: GitBase | GitSilence,
    database: DatabaseBase | None = None,
) -> Project:
    """The project with the state and baselines of each migration. Raises UnknownTagError and UnknownBaseError."""
    project = _with_baselines(project, seal, git)
    if database is not None and project.layout != "loose":
        return by_database(project, database)
    if selection.everything:
        return _all_pending(project)
    if selection.since is not None:
        return _settled(project, "since", _up_to(project, selection.since))
    if seal is not None and seal.lines and selection.base is None:
        return _settled(project, "seal", {line.tag for line in seal.lines})
    if isinstance(git, GitBase):
        project = replace(project, deployed=f"{git.ref} ({git.name})")
        return _settled(project, "git", {m.tag for m in project.migrations if _place_in(git, project, m)})
    if selection.base is not None and project.layout != "loose":
        raise UnknownBaseError(f"--base {selection.base} cannot tell what is pending: {git.reason}.")
    return _unsettled(project, git)


def _with_baselines(project: Project, seal: Seal | None, git: GitBase | GitSilence) -> Project:
    sealed = {line.tag: line.digest for line in seal.lines} if seal is not None else {}
    migrations = tuple(
        replace(migration, baselines=_baselines(project, migration, sealed, git))
        for migration in project.migrations
    )
    if seal is None:
        return replace(project, migrations=migrations)
    problems = (*project.problems, *seal.problems)
    return replace(project, migrations=migrations, problems=problems, seal_text=seal.text)


def _baselines(
    project: Project, migration: Migration, sealed: Mapping[str, str], git: GitBase | GitSilence
) -> tuple[Baseline, ...]:
    found: list[Baseline] = []
    if migration.tag in sealed:
        found.append(Baseline("seal", sealed[migration.tag], SEAL))
    place = _place_in(git, project, migration) if isinstance(git, GitBase) else None
    if place is not None and place[1] is not None:
        source = decode(place[1], migration.path)
        found.append(Baseline("git", source.digest, str(git), source.text))
    return tuple(found)


def _place_in(git: GitBase, project: Project, migration: Migration) -> tuple[str, bytes | None] | None:
    """The migration's file in the base commit, where it is now or, if the folder has moved, by its tag.

    Name and text; None where the commit has no such file.
    """
    path = relative(project.absolute(migration.path), folder_of(project))
    if path in git.texts:
        return path, git.texts[path]
    return (migration.tag, git.moved[migration.tag]) if migration.tag in git.moved else None


def _settled(project: Project, source: PendingFrom, applied: AbstractSet[str]) -> Project:
    return replace(
        project, migrations=states(project.layout, project.migrations, applied), pending_from=source
    )


def _all_pending(project: Project) -> Project:
    migrations = tuple(replace(migration, state=State.PENDING) for migration in project.migrations)
    return replace(project, migrations=migrations, pending_from="all")


def selections(projects: Sequence[Project], selection: Selection) -> list[Selection]:
    """What the user said, for each project: a tag is said of the projects that have it, if any has."""
    if selection.since is None or not any(_tag(selection.since) in _tags(project) for project in projects):
        return [selection] * len(projects)
    tag = _tag(selection.since)
    return [selection if tag in _tags(project) else replace(selection, since=None) for project in projects]


def _tag(since: str) -> str:
    """The tag that is meant, which may also be given as the file's name."""
    return since.removesuffix("/migration.sql").removesuffix(".sql").rsplit("/", 1)[-1]


def _tags(project: Project) -> list[str]:
    return [migration.tag for migration in project.migrations]


def _up_to(project: Project, since: str) -> set[str]:
    """The tags up to and with `since`."""
    tags, tag = _tags(project), _tag(since)
    if tag not in tags:
        near = get_close_matches(tag, tags, n=1)
        known = f"; did you mean {near[0]}?" if near else f"; the last one is {tags[-1]}" if tags else ""
        raise UnknownTagError(f"{posixpath.normpath(project.out)} has no migration {tag}{known}")
    return set(tags[: tags.index(tag) + 1])


def _unsettled(project: Project, git: GitSilence) -> Project:
    if project.layout == "loose":
        return project
    problem = FileProblem(
        rule="pending-unknown",
        path=project.out,
        message=f"Which migrations are pending is not known ({git.reason}); all of them are taken as pending.",
        help="Say it with --since TAG, --base REF or --all, or write raincheck.sum with `raincheck seal`. "
        "In CI, check out with the whole history (fetch-depth: 0).",
    )
    return replace(project, problems=(*project.problems, problem))
