"""One sitting over a workspace folder or a path: files and their unsaved texts, projects, analyses.

This is the composition root: the shells (the language server, the command line) talk to this and to nothing below
that reads a file. It is not safe to use from two threads at once.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from raincheck.engine.analysis import Analysis, analyse
from raincheck.engine.haste import PATIENT, Haste
from raincheck.project.conflicts import conflict
from raincheck.project.seal import render
from raincheck.rules import ALL
from raincheck.session.errors import SessionError, UnknownAppliedError
from raincheck.session.files import DiskFiles, absolute
from raincheck.session.found import Found, Options, find, with_snapshots
from raincheck.session.half_typed import reread
from raincheck.session.pending import Selection, read_seal, settle
from raincheck.sql.document import Document, read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.project.project import FileProblem, Project
    from raincheck.project.seal import Seal

__all__ = ["Options", "Session"]


class Session:
    """See the module. `start` is an absolute path of a folder or a file."""

    def __init__(self, start: str, options: Options | None = None, *, typed: bool = False) -> None:
        """`typed`: the unsaved texts are what somebody is typing (session/half_typed.py)."""
        self.start = absolute(start)
        self._typed = typed
        self._options = options or Options()
        self._overlays: dict[str, str] = {}
        self._files = DiskFiles(self._overlays)
        self._documents: dict[str, Document] = {}
        self._found: list[Found] | None = None
        self._problems: tuple[FileProblem, ...] = ()
        self._edited: set[str] = set()
        self._strangers: set[str] = set()
        self._analyses: dict[tuple[str, str], Analysis] = {}
        self._loose: dict[str, Session] = {}

    def overlay(self, path: str, text: str | None) -> None:
        """Take an editor's unsaved text of a file (an absolute path); None: what is on disk counts again."""
        path = absolute(path)
        if text is None:
            self._overlays.pop(path, None)
        else:
            self._overlays[path] = text
        if path in self._loose:
            self._loose[path].overlay(path, text)
        self._touch(path)

    def forget(self, paths: Iterable[str] | None = None) -> None:
        """These files have changed on disk. None: anything may have, and git's answers too."""
        if paths is None:
            self._found = None
            self._loose.clear()
        else:
            for path in map(absolute, paths):
                if path in self._loose:
                    self._loose[path].forget([path])
                self._touch(path)

    def configure(self, options: Options) -> None:
        """Go on under other options."""
        if options != self._options:
            self._options = options
            self.forget()

    def analyses(self, haste: Haste = PATIENT) -> tuple[Analysis, ...]:
        """The analysis of each project, up to date. Raises UnknownTagError, for a `since`, and HaltedError, by `haste`."""
        found = {(one.project.root, one.project.out): one for one in self._projects()}
        self._analyses = {key: self._analyses[key] for key in found if key in self._analyses}
        for key, one in found.items():
            self._analyses[key] = analyse(one.project, one.settings, ALL, self._analyses.get(key), haste)
        return tuple(self._analyses[key] for key in found)

    def of(self, path: str, haste: Haste = PATIENT) -> tuple[Analysis, str] | None:
        """The analysis that a file belongs to, and its path there; a SQL file of no project is taken by itself."""
        path = absolute(path)
        for analysis in self.analyses(haste):
            relative = posixpath.relpath(path, analysis.project.root)
            if relative in analysis.by_path or analysis.project.holds(relative):
                return analysis, relative
        return self._alone(path, haste) if path.endswith(".sql") and path != self.start else None

    @property
    def problems(self) -> tuple[FileProblem, ...]:
        """What is wrong outside of all projects, at absolute paths."""
        self._projects()
        return self._problems

    def sealed(self, project: Project, *, everything: bool = False) -> str:
        """The text of `raincheck.sum` for what is applied by git or by `since`, and what was sealed before.

        `everything`: for all migrations. Raises SessionError where nobody can tell what is applied, or in which order.
        """
        if conflict(project.journal_text or ""):
            raise SessionError(
                f"{project.journal_path} is not merged yet, so the order of the migrations is not known. Merge it first."
            )
        if everything:
            return render(project.migrations)
        found = self.found(project)
        told = settle(replace(project, problems=()), found.selection, None, found.git, found.database)
        if told.pending_from == "unknown":
            raise UnknownAppliedError(
                "Which migrations are applied is not known. Say it with --since TAG (that one and all before it), "
                "--base REF, or --all."
            )
        before = read_seal(self._files, project)
        tags = {migration.tag for migration in told.migrations if not migration.pending}
        tags |= {line.tag for line in before.lines} if before else set()
        return render(migration for migration in project.migrations if migration.tag in tags)

    def found(self, project: Project) -> Found:
        """What is known of a project besides what an analysis shows."""
        return next(
            one
            for one in self._projects()
            if (one.project.root, one.project.out) == (project.root, project.out)
        )

    def seal(self, project: Project) -> Seal | None:
        """The project's `raincheck.sum`, read."""
        return read_seal(self._files, project)

    def _touch(self, path: str) -> None:
        if path.endswith(".sql"):
            self._edited.add(path)
        else:
            self._found = None

    def _projects(self) -> list[Found]:
        if self._found is None or any(self._is_news(path) for path in self._edited):
            self._found = self._discover()
            self._strangers = {path for path in self._edited if not self._is_migration(path)}
        elif self._edited:
            self._found = [self._reread(one) for one in self._found]
        self._edited.clear()
        return self._found

    def _is_news(self, path: str) -> bool:
        """Whether a touched SQL file is new or gone, so that the projects must be looked for again."""
        known = path in self._strangers or self._is_migration(path)
        return not known or self._files.read(path) is None

    def _is_migration(self, path: str) -> bool:
        projects = (one.project for one in self._found or ())
        return any(project.at(posixpath.relpath(path, project.root)) for project in projects)

    def _reread(self, one: Found) -> Found:
        """The project with the migrations whose texts were touched read anew; all else is as it was."""
        project = one.project
        for path in self._edited:
            content = self._files.read(path)
            if content is not None:
                typed = self._typed and self._files.unsaved(path)
                edit = partial(reread, content=content, typed=typed)
                project = project.edited(posixpath.relpath(path, project.root), edit)
        return one if project is one.project else replace(one, project=project)

    def _discover(self) -> list[Found]:
        known, self._documents = self._documents, {}

        def document(text: str) -> Document:
            found = self._documents[text] = known.get(text) or read(text)
            return found

        found, self._problems = find(self._files, self.start, self._options, document)
        return [with_snapshots(one, self._files) for one in found]

    def _alone(self, path: str, haste: Haste) -> tuple[Analysis, str] | None:
        session = self._loose.get(path)
        if session is None:
            options = replace(self._options, selection=Selection())
            session = self._loose[path] = Session(path, options, typed=self._typed)
            if path in self._overlays:
                session.overlay(path, self._overlays[path])
        return session.of(path, haste)
