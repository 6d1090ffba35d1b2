"""From a path to the Drizzle projects it is in, above or part of."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raincheck.project.config import DEFAULT_SCHEMA, DEFAULT_TABLE, DrizzleConfig, read_config
from raincheck.project.dialects import is_foreign
from raincheck.project.migrations import read_folder, read_loose
from raincheck.project.project import SETTINGS_FILE, FileProblem, Project
from raincheck.project.source import text_at
from raincheck.project.survey import MOST_FOLDERS, Survey, configs_above, survey, upward

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.project.files import Files
    from raincheck.project.migrations import ReadDocument


@dataclass(frozen=True, slots=True)
class Discovery:
    """The projects found, by root and folder. `problems` belong to none of them; their paths are absolute."""

    projects: tuple[Project, ...] = ()
    problems: tuple[FileProblem, ...] = ()


def discover(files: Files, start: str, read_document: ReadDocument) -> Discovery:
    """Find the projects that `start`, a folder or a file, is in, above or part of.

    A SQL file that is no project's migration is taken by itself.
    """
    start = posixpath.normpath(start)
    folder = start if files.listing(start) is not None else posixpath.dirname(start)
    found = _projects(files, survey(files, folder), read_document)
    found = replace(found, projects=_around(found.projects, folder))
    if start.endswith(".sql") and not any(_has(project, start) for project in found.projects):
        return _loose(files, start, read_document)
    return found


def folder_of(project: Project) -> str:
    """The absolute path of a project's migrations folder."""
    return project.absolute(project.out)


def _around(projects: tuple[Project, ...], folder: str) -> tuple[Project, ...]:
    """The projects below a folder; where there are none, those it lies in."""
    below = tuple(p for p in projects if _contains(folder, p.root) or _contains(folder, folder_of(p)))
    inside = (p for p in projects if _contains(p.root, folder) or _contains(folder_of(p), folder))
    return below or tuple(inside)


def _has(project: Project, path: str) -> bool:
    return project.at(posixpath.relpath(path, project.root)) is not None


def _loose(files: Files, path: str, read_document: ReadDocument) -> Discovery:
    contents = read_loose(files, path, read_document)
    if not contents.migrations:
        return Discovery()
    project = Project(posixpath.dirname(path), ".", "loose", contents.migrations, problems=contents.problems)
    return Discovery((project,))


def _projects(files: Files, found: Survey, read_document: ReadDocument) -> Discovery:
    below = [_config(files, path) for path in found.configs]
    above = [_config(files, path) for path in configs_above(files, found.base)]
    owners, problems = _owners(files, found.folders, below, above)
    if not found.complete:
        problems.append(_cut_short(found.base))
    projects: list[Project] = []
    for folder, config in sorted(owners.items(), key=lambda owner: owner[0]):
        match _project(files, folder, config, read_document):
            case Project() as project:
                projects.append(project)
            case FileProblem() as problem:
                problems.append(problem)
    return Discovery(tuple(projects), tuple(problems))


def _config(files: Files, path: str) -> DrizzleConfig:
    return read_config(path, text_at(files, path) or "")


def _out(config: DrizzleConfig) -> str | None:
    """The absolute path of the migrations folder that a configuration names, where it can be told."""
    if config.out is None:
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(config.path), config.out))


def _owners(
    files: Files, folders: Iterable[str], below: list[DrizzleConfig], above: list[DrizzleConfig]
) -> tuple[dict[str, DrizzleConfig | None], list[FileProblem]]:
    """Which configuration each migrations folder belongs to; the first of several that name one folder.

    Configurations above the starting point only claim what was found below it.
    """
    owners: dict[str, DrizzleConfig | None] = dict.fromkeys(folders)
    problems: list[FileProblem] = []
    for config in below:
        folder = _out(config)
        if config.foreign:
            problems.append(_foreign(config.path, config.dialect or ""))
            owners.pop(folder or "", None)
        elif folder is not None and files.listing(folder) is None:
            problems.append(_missing(config, folder))
        elif folder is not None:
            owners[folder] = owners.get(folder) or config
    for config in above:
        folder = _out(config)
        if folder in owners and config.foreign:
            del owners[folder]
        elif folder is not None and folder in owners:
            owners[folder] = owners[folder] or config
    _give_the_rest(owners, [config for config in (*below, *above) if config.out is None])
    return owners, problems


def _give_the_rest(owners: dict[str, DrizzleConfig | None], unread: list[DrizzleConfig]) -> None:
    """Folders that no configuration names belong to the nearest one above them whose `out` cannot be told."""
    nearest_first = sorted(unread, key=lambda config: -len(posixpath.dirname(config.path)))
    for folder, owner in owners.items():
        if owner is None:
            fitting = (
                config for config in nearest_first if _contains(posixpath.dirname(config.path), folder)
            )
            owners[folder] = next(fitting, None)


def _contains(folder: str, path: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _project(
    files: Files, folder: str, config: DrizzleConfig | None, read_document: ReadDocument
) -> Project | FileProblem:
    root = posixpath.dirname(config.path) if config is not None else _root_of(files, folder)
    contents = read_folder(files, root, folder, read_document)
    if is_foreign(contents.dialect):
        return _foreign(folder, contents.dialect or "")
    if config is not None and not contents.migrations and not contents.problems:
        return _missing(config, folder)
    config_path = posixpath.basename(config.path) if config is not None else None
    said = (
        [replace(problem, path=posixpath.basename(problem.path)) for problem in config.problems]
        if config
        else []
    )
    settings_path = posixpath.join(_settled(files, root) or root, SETTINGS_FILE)
    return Project(
        root=root,
        out=posixpath.relpath(folder, root),
        layout=contents.layout,
        migrations=contents.migrations,
        config_path=config_path,
        migrations_table=config.migrations_table if config is not None else DEFAULT_TABLE,
        breakpoints=config is None or config.breakpoints is not False,
        migrations_schema=config.migrations_schema if config is not None else DEFAULT_SCHEMA,
        problems=(*said, *contents.problems),
        journal_text=contents.journal_text,
        last_snapshot=contents.last_snapshot,
        settings_path=posixpath.relpath(settings_path, root),
        settings_text=text_at(files, settings_path),
    )


def _root_of(files: Files, folder: str) -> str:
    """Where the nearest raincheck.toml lies at or above a migrations folder; else the folder's parent."""
    return _settled(files, folder) or posixpath.dirname(folder)


def _settled(files: Files, folder: str) -> str | None:
    """The nearest folder at or above one in which a raincheck.toml lies."""
    return next((above for above, inside in upward(files, folder) if SETTINGS_FILE in inside.files), None)


def _foreign(path: str, dialect: str) -> FileProblem:
    return FileProblem(
        rule="other-database",
        path=path,
        message=f"These migrations are for {dialect}. Raincheck reads migrations for PostgreSQL, and leaves them out.",
    )


def _missing(config: DrizzleConfig, folder: str) -> FileProblem:
    name = posixpath.relpath(folder, posixpath.dirname(config.path))
    return FileProblem(
        rule="no-migrations",
        path=config.path,
        message=f"There are no migrations in {name}/, the folder that this configuration names.",
        help="`drizzle-kit generate` writes the first one.",
    )


def _cut_short(base: str) -> FileProblem:
    return FileProblem(
        rule="search-cut-short",
        path=base,
        message=f"There are more than {MOST_FOLDERS:,} folders below {base}; the rest was not searched.",
        help="Start in the project's own folder.",
    )
