"""The client's folders and files, each in a session, and what is to be said of them.

Sessions are not safe to use from two threads, so all of this runs in the one thread of raincheck.lsp.background.
"""

from __future__ import annotations

import logging
import posixpath
import re
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import orjson

from raincheck.engine.finding import Finding, Severity
from raincheck.engine.haste import PATIENT
from raincheck.lsp.convert import uri_of
from raincheck.lsp.decorations import Decorations
from raincheck.lsp.diagnostics import diagnostic
from raincheck.lsp.glances import Glances
from raincheck.lsp.outgoing import encoded
from raincheck.lsp.sources import OpenFile, Sources, Subject
from raincheck.session.session import Options, Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from raincheck.engine.analysis import Analysis
    from raincheck.lsp.client import Client

    Change = Callable[["Workspace"], None]

_logger = logging.getLogger(__name__)

_OWN = re.compile(r"\.sql\Z|/meta/_journal\.json\Z|/raincheck\.(?:toml|sum|stats\.json|baseline\.json)\Z")
"""Files that open a session of their own outside all folders; about any other there is nothing to say alone."""


@dataclass(frozen=True, slots=True)
class Report:
    """What there is to say of one file: a JSON array of diagnostics. Reports with one `number` say the same."""

    number: int
    uri: str
    version: int | None
    diagnostics: bytes

    @property
    def ready(self) -> orjson.Fragment:
        """The diagnostics as a value that can be sent."""
        return orjson.Fragment(self.diagnostics)


class Workspace:
    """Paths are absolute, with forward slashes."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._decorations = Decorations()
        self._options = Options()
        self._folders: dict[str, Session] = {}
        self._alone: dict[str, Session] = {}
        """Of open files outside all folders."""
        self._open: dict[str, OpenFile] = {}
        self._edited: str | None = None
        """The open file whose text is the last that has changed; None where something else is."""
        self._reports: dict[str, Report] = {}
        self._reported = False
        """Whether the reports are up to date, if perhaps made in haste."""
        self._complete = False
        """Whether there have been any: what nobody has seen yet is not begun again for the next key."""
        self._analysed: list[Analysis] = []
        self.haste = PATIENT
        self._glances = Glances()
        self._glanced = False
        """Whether the reports are those from before, but for a glance at the file that was edited since."""
        self._numbers = count(1)
        self._noted: set[str] = set()

    # what changes

    def apply(self, changes: Iterable[Change]) -> None:
        """Make changes, in their order: calls of the methods below."""
        for change in changes:
            self._reported, self._edited = False, None
            change(self)

    def enter(self, folder: str) -> None:
        self._glances.forget()
        self._folders[folder] = self._session(folder)
        self._alone = {path: session for path, session in self._alone.items() if not self._around(path)}

    def leave(self, folder: str) -> None:
        self._glances.forget()
        self._folders.pop(folder, None)
        for path in self._open:
            self._house(path)

    def edit(self, path: str, file: OpenFile) -> None:
        """A file is open, and this is its text."""
        if path in self._open:
            self._glances.edit(path)
        else:
            self._glances.forget()
        self._open[path] = file
        self._edited = path
        self._house(path)
        for session in self._sessions():
            session.overlay(path, file.text)

    def close(self, path: str) -> None:
        self._glances.forget()
        self._open.pop(path, None)
        if self._alone.pop(path, None):
            for other in self._open:  # which it may have been home to
                self._house(other)
        for session in self._sessions():
            session.overlay(path, None)

    def forget(self, paths: Iterable[str] | None = None) -> None:
        """These files, or whatever there is, may have changed on disk."""
        self._glances.forget()
        known = None if paths is None else tuple(paths)
        for session in self._sessions():
            session.forget(known)

    def configure(self, options: Options) -> None:
        self._glances.forget()
        self._options = options
        for session in self._sessions():
            session.configure(options)

    # what can be asked

    def subject(self, path: str) -> Subject | None:
        """A file in its analysis, up to date; None for a file that no analysis knows."""
        for session in (*self._around(path), *self._alone.values()):
            found = session.of(path, self.haste)
            if found:
                analysis, relative = found
                return Subject(analysis, relative, self._sources(analysis))
        return None

    def looked_through(self) -> tuple[Mapping[str, Report], bool, bool]:
        """The reports, whether lenses or hints of an open file are others than they were the last time (which is not asked
        in haste, nor of the file that was edited last), and whether that is all.
        """
        reports = self.reports()
        if not self.exact:
            return reports, False, False
        return reports, self._decorations.changed(self, tuple(self._open), self._edited), True

    def projects(self) -> tuple[Subject, ...]:
        """All projects; what belongs to none of their files."""
        found = (analysis for session in self._sessions() for analysis in session.analyses(self.haste))
        return tuple(Subject(one, "", self._sources(one)) for one in found if one.project.layout != "loose")

    @property
    def options(self) -> Options:
        """What the editor says, under which all sessions are."""
        return self._options

    def look_at(self, number: int) -> int:
        """Analyse the projects of one folder, or of a file that stands alone; how many of both there are."""
        sessions = tuple(self._sessions())
        if number < len(sessions):
            sessions[number].analyses(self.haste)
        return len(sessions)

    def session(self, analysis: Analysis) -> Session | None:
        """The session that an analysis, which must be up to date, comes from."""
        return next(
            (one for one in self._sessions() if any(a is analysis for a in one.analyses(self.haste))), None
        )

    def reports(self) -> Mapping[str, Report]:
        """The reports on all files with findings, up to date, by path. Raises HaltedError, not before there were some."""
        if self._reported and (self.exact or self.haste.steps is not None):
            return self._reports
        if self.haste.steps is not None and self._glance():
            return self._reports
        self._analysed.clear()
        self._reported = self._glanced = False
        found: dict[str, list[bytes]] = {}
        for session in self._sessions():
            for sources, by_path in self._findings(session):
                for path, findings in by_path.items():
                    self._say(path, findings, sources, found)
        self._reports = {path: self._report(path, diagnostics) for path, diagnostics in found.items()}
        self._reported = self._complete = True
        if self.exact:
            self._glances.keep(self._analysed, found, self._open)
        return self._reports

    def _glance(self) -> bool:
        """Look at no more than the query that was edited, where that is enough for now."""
        found = self._glances.diagnostics(self._open, self.client)
        if found is None:
            return False
        path, diagnostics = found
        report = self._report(path, diagnostics)
        self._reports = {**self._reports, path: report}
        if not diagnostics:
            del self._reports[path]
        self._reported = self._glanced = True
        return True

    @property
    def exact(self) -> bool:
        """Whether the reports are those that there would be without any haste."""
        return not self._glanced and all(analysis.exact for analysis in self._analysed)

    def analysed(self) -> tuple[tuple[Analysis, ...], dict[str, OpenFile]] | None:
        """All analyses, and the open files as they are in them; None while they are not up to date, or not exact."""
        return (tuple(self._analysed), dict(self._open)) if self._reported and self.exact else None

    def _findings(self, session: Session) -> Iterator[tuple[Sources, Mapping[str, list[Finding]]]]:
        """The findings of all projects, of open files that belong to none, and of files outside all projects."""
        analyses = session.analyses(self.haste)
        inside = (path for path in self._open if session in self._around(path))
        strangers = (path for path in inside if not any(_is_migration(path, one) for one in analyses))
        alone = (session.of(path, self.haste) for path in strangers if path.endswith(".sql"))
        for analysis in (*analyses, *(found[0] for found in alone if found)):
            self._analysed.append(analysis)
            yield self._sources(analysis), analysis.by_path
            if analysis.hidden:
                count = "1 finding is" if analysis.hidden == 1 else f"{analysis.hidden} findings are"
                self._log_once(f"{analysis.project.root}: {count} in raincheck.baseline.json and not shown.")
        for p in session.problems:
            finding = Finding(p.rule, Severity.RISK, p.message, p.help, p.span, p.path)
            yield self._sources(None), {p.path: [finding]}

    def _say(
        self, path: str, findings: list[Finding], sources: Sources, said: dict[str, list[bytes]]
    ) -> None:
        """Add the diagnostics of one file; what is said of a folder is logged, once."""
        if sources.is_folder(path):
            for finding in findings:
                self._log_once(f"{sources.absolute(path)}: {finding.message} {finding.help}")
        else:
            found = []
            for finding in findings:
                if self._complete:
                    self.haste.check()
                found.append(encoded(diagnostic(finding, sources, self.client)))
            said.setdefault(sources.absolute(path), found)

    def _report(self, path: str, diagnostics: list[bytes]) -> Report:
        ready = b"[%b]" % b",".join(diagnostics)
        before = self._reports.get(path)
        number = before.number if before and before.diagnostics == ready else next(self._numbers)
        file = self._open.get(path)
        return Report(number, file.uri if file else uri_of(path), file.version if file else None, ready)

    # which session

    def _sessions(self) -> Iterator[Session]:
        yield from self._folders.values()
        yield from self._alone.values()

    def _around(self, path: str) -> list[Session]:
        """The sessions of the folders that a file is in, the innermost first."""
        inside = [folder for folder in self._folders if path.startswith(folder.rstrip("/") + "/")]
        return [self._folders[folder] for folder in sorted(inside, key=len, reverse=True)]

    def _house(self, path: str) -> None:
        """Make sure that an open file has a session: one of its own, where no other knows it."""
        if path in self._alone or self._around(path) or not _OWN.search(path):
            return
        if not any(session.of(path, self.haste) for session in self._alone.values()):
            self._alone[path] = self._session(path)

    def _session(self, start: str) -> Session:
        session = Session(start, self._options, typed=True)
        for path, file in self._open.items():
            session.overlay(path, file.text)
        return session

    def _sources(self, analysis: Analysis | None) -> Sources:
        return Sources(analysis, dict(self._open), self.client.encoding)

    def _log_once(self, message: str) -> None:
        if message not in self._noted:
            self._noted.add(message)
            _logger.info(message)


def _is_migration(path: str, analysis: Analysis) -> bool:
    return analysis.project.at(posixpath.relpath(path, analysis.project.root)) is not None
