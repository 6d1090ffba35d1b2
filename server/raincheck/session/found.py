"""The projects at a path, with what is known of each before its SQL is looked at: settings, git, what is pending."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from raincheck.engine.settings import Settings
from raincheck.project.discover import Discovery, discover, folder_of
from raincheck.rules import ALL
from raincheck.session.beside import with_files
from raincheck.session.database import DatabaseBase, read_databases
from raincheck.session.git import GitBase, GitSilence, read_bases
from raincheck.session.history import dated, history_problems
from raincheck.session.pending import Selection, read_seal, selections, settle
from raincheck.session.pulled import with_pulled_baseline
from raincheck.session.recorded import with_recorded
from raincheck.sql.document import Document
from raincheck.text import LineIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from raincheck.project.migrations import ReadDocument
    from raincheck.project.project import FileProblem, Project
    from raincheck.session.files import DiskFiles

RULES = frozenset(rule.name for rule in ALL)

_NO_LINES = LineIndex("")


@dataclass(frozen=True, slots=True)
class Options:
    """What a command line or an editor says.

    `fallback` has settings for what `raincheck.toml` leaves open, `override` such as win over it.
    """

    selection: Selection = field(default_factory=Selection)
    database: str | None = field(default=None, repr=False)
    """The URL of the database that tells what is applied; it may hold a password."""
    fallback: Mapping[str, Any] = field(default_factory=dict)
    override: Mapping[str, Any] = field(default_factory=dict)
    regenerate: bool = False
    """Whether the project's own drizzle-kit may be run, to see what it writes for the snapshots."""
    baseline: bool = True
    """Whether the findings of `raincheck.baseline.json` are left out."""


@dataclass(frozen=True, slots=True)
class Found:
    """A project as it is on disk, its settings, and what git and the user said of what is pending in it."""

    project: Project
    settings: Settings
    git: GitBase | GitSilence
    selection: Selection
    database: DatabaseBase | None = None


def find(
    files: DiskFiles, start: str, options: Options, document: ReadDocument, shown: str = ""
) -> tuple[list[Found], tuple[FileProblem, ...]]:
    """The projects at an absolute path, and what is wrong outside of all of them, at absolute paths.

    Only a database's answer asks what is in the documents besides their texts. `shown` is what words call git's commit
    (see `GitBase`). Raises what `Session.analyses` does.
    """
    is_gone = not files.exists(start)  # and what lies beside it is another's
    discovery = Discovery() if is_gone else discover(files, start, document)
    projects = discovery.projects
    read = [_settings(project, options) for project in projects]
    bases = _bases(projects, [settings for settings, _ in read], options, shown)
    said = selections(projects, options.selection)
    databases = _databases(projects, [settings for settings, _ in read], options)
    found = [
        _settled(
            Found(replace(one, problems=(*one.problems, *problems)), settings, git, selection, database),
            files,
            options,
        )
        for one, (settings, problems), git, selection, database in zip(
            projects, read, bases, said, databases, strict=True
        )
    ]
    return found, discovery.problems


def unread(text: str) -> Document:
    """The document of a text that nobody has asked about: only the text."""
    return Document(text, _NO_LINES, (), (), (), ())


def with_snapshots(found: Found, files: DiskFiles) -> Found:
    """The project with the snapshots that its documents cannot do without, and those around its pending run."""
    return replace(found, project=with_recorded(with_pulled_baseline(found.project, files), files))


def _settled(found: Found, files: DiskFiles, options: Options) -> Found:
    settings, git, database = found.settings, found.git, found.database
    if database is not None:
        settings = replace(settings, server=database.postgres)
    project = replace(found.project, runner=settings.runner)
    seal = read_seal(files, project)
    project = settle(project, found.selection, seal, git, database)
    project = dated(project, git)
    if options.regenerate:
        from raincheck.session.regenerating import regenerated  # loads what only this needs

        project = regenerated(project, files)
    problems = history_problems(project, seal, git, time.time_ns() // 1_000_000)
    settings, wrong = with_files(settings, project, files, database, baseline=options.baseline)
    return replace(
        found, project=replace(project, problems=(*project.problems, *problems, *wrong)), settings=settings
    )


def _settings(project: Project, options: Options) -> tuple[Settings, tuple[FileProblem, ...]]:
    """The project's settings with the options around them, and what is wrong in its file."""
    fallback = {key: value for key, value in options.fallback.items() if value is not None}
    settings = Settings()
    problems: tuple[FileProblem, ...] = ()
    if project.settings_text is not None or fallback:
        from raincheck.engine.settings_file import read_settings

        file = read_settings(project.settings_text or "", project.settings_path, RULES, fallback)
        settings, problems = file.settings, file.problems
    return replace(settings, **options.override), problems


def _databases(
    projects: Sequence[Project], settings: Sequence[Settings], options: Options
) -> Sequence[DatabaseBase | None]:
    if options.database is None or not projects:
        return [None] * len(projects)
    return read_databases(options.database, list(zip(projects, settings, strict=True)))


def _bases(
    projects: Iterable[Project], settings: Iterable[Settings], options: Options, shown: str
) -> Iterator[GitBase | GitSilence]:
    """What git says of each project; projects that are measured against one commit are asked for together."""
    wanted = [
        (folder_of(project), options.selection.base or of.base)
        for project, of in zip(projects, settings, strict=True)
    ]
    answers = {
        ref: read_bases([folder for folder, other in wanted if other == ref], ref)
        for ref in dict.fromkeys(ref for _, ref in wanted)
    }
    for folder, ref in wanted:
        answer = answers[ref][folder]
        yield replace(answer, shown=shown) if isinstance(answer, GitBase) else answer
