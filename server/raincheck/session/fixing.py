"""`raincheck fix`: apply fixes in memory until none is left to apply, and write all files then, or none.

One fix is applied at a time and everything is analysed anew before the next: two fixes never meet in one text. A fix
that does not cure its finding, brings something as severe, or leads back to where it was before, is taken back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING

from raincheck.engine.curing import counted, objection
from raincheck.report.fixed import Change, Done, Fixed, Left
from raincheck.report.offers import cures
from raincheck.report.places import Sources
from raincheck.rules import ALL
from raincheck.session.errors import SessionError, UnknownAppliedError
from raincheck.session.files import Planned
from raincheck.session.writing import obstacle, read_utf8, write_all
from raincheck.text import apply_edits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Fix
    from raincheck.project.project import Project
    from raincheck.session.session import Session

MOST = 1000
"""Fixes of one run; more is taken for a mistake of ours."""

_Key = tuple[str, str, str]
"""A rule, the finding's path and the fix's title: what was tried."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to have fixed: these rules (none: all), and also what is spread over deployments.

    `any_stages`: of what is spread, also fixes that are not the preferred ones. `within`: only what is found in these
    files (absolute paths), and in those that exact fixes make of them.
    """

    rules: frozenset[str] = frozenset()
    staged: bool = False
    any_stages: bool = False
    within: frozenset[str] | None = None


def wish(rules: Iterable[str], *, staged: bool) -> Wish:
    """A wish, where all these rules are there. Raises SessionError for one that is not."""
    known = [rule.name for rule in ALL]
    for name in rules:
        if name not in known:
            near = get_close_matches(name, known, 1)
            meant = f"did you mean {near[0]}?" if near else "`raincheck explain` lists them."
            raise SessionError(f"There is no rule {name}; {meant}")
    return Wish(frozenset(rules), staged)


def fix(session: Session, wish: Wish, onto: Iterable[Change] = ()) -> Fixed:
    """Apply what can be applied, as unsaved texts of the session. Nothing is written.

    `onto` are changes that were made before; they are among the changes of the answer.

    Raises SessionError where nobody can tell which migrations are pending.
    """
    run = _Run(session, wish)
    for change in onto:
        run.before[change.path], run.texts[change.path] = change.before, change.after
        session.overlay(change.path, Planned(change.after))
    for analysis in session.analyses():
        if analysis.project.pending_from == "unknown":
            raise UnknownAppliedError(
                "Which migrations are pending is not known, and an applied one must not change. Say it with --since "
                "TAG (that one and all before it are applied), --base REF, --database-url URL, or --all."
            )
    while run.next():
        if len(run.done) >= MOST:
            raise SessionError(f"After {MOST} fixes there are still more; nothing was written.")
    changes = (Change(path, run.before[path], text) for path, text in run.texts.items())
    return Fixed(tuple(run.done), tuple(run.left()), tuple(sorted(changes, key=_order)))


def write(changes: Sequence[Change]) -> None:
    """Write all files, or none: OSError where one cannot be written, SessionError where one has changed meanwhile."""
    for change in changes:
        if read_utf8(change.path) != change.before:
            raise SessionError(f"{change.path} has changed meanwhile; nothing was written.")
    write_all({change.path: change.after for change in changes})


def _order(change: Change) -> tuple[int, str]:
    """In which order files are written: new ones, journals, and what is taken out of migrations last."""
    return (0 if change.before is None else 2 if change.path.endswith(".sql") else 1, change.path)


@dataclass(slots=True)
class _Run:
    session: Session
    wish: Wish
    before: dict[str, str | None] = field(default_factory=dict)
    """Each file that was touched, as it is on disk; None where it is not there."""
    texts: dict[str, str] = field(default_factory=dict)
    done: list[Done] = field(default_factory=list)
    refused: dict[_Key, str] = field(default_factory=dict)
    seen: set[frozenset[tuple[str, str]]] = field(default_factory=lambda: {frozenset()})
    scope: set[str] = field(default_factory=set)
    """The files that exact fixes made, which belong to those that were asked for."""

    def next(self) -> bool:
        """Try one more fix; False where there is none."""
        for analysis in self.session.analyses():
            for finding, fix in self._wanted(analysis):
                key = (finding.rule, finding.path or "", fix.title)
                if key not in self.refused:
                    if why := self._tried(analysis, finding, fix):
                        self.refused[key] = why
                    return True  # these analyses are of texts that are no more
        return False

    def left(self) -> Iterator[Left]:
        for analysis in self.session.analyses():
            sources = Sources(analysis)
            for finding in analysis.findings:
                if self._asked(finding):
                    place = _place(analysis, sources, finding)
                    yield Left(finding.rule, finding.severity, *place, self._why(analysis, finding))

    def _asked(self, finding: Finding) -> bool:
        return not self.wish.rules or any(one.rule in self.wish.rules for one in finding.all)

    def _wanted(self, analysis: Analysis) -> Iterator[tuple[Finding, Fix]]:
        """What may be applied without a person: the preferred fixes, those for the findings before those for their notes."""
        safe = {"exact", "needs-deploy"} if self.wish.staged else {"exact"}
        for finding in filter(partial(self._within, analysis), analysis.findings):
            for one, fix in analysis.fixes(finding):
                if fix.preferred and fix.safety in safe and (one.rule in (self.wish.rules or {one.rule})):
                    yield one, fix
        if self.wish.any_stages:
            for finding in filter(partial(self._within, analysis), analysis.findings):
                yield from (
                    (one, fix) for one, fix in analysis.fixes(finding) if fix.safety == "needs-deploy"
                )

    def _within(self, analysis: Analysis, finding: Finding) -> bool:
        path = analysis.project.absolute(finding.path or "")
        return self.wish.within is None or path in self.wish.within or path in self.scope

    def _tried(self, analysis: Analysis, finding: Finding, fix: Fix) -> str:
        """Apply a fix; where it must not be, all is as before, and the answer says why."""
        project = analysis.project
        paths = [project.absolute(path) for path in (*fix.edits, *fix.creates)]
        if {project.absolute(one.path) for one in project.migrations if not one.pending} & {*paths}:
            return "it would change a migration that is applied"
        made = {
            *(project.absolute(path) for path in fix.creates),
            *(path for path in self.texts if self.before[path] is None),
        }
        if blocked := next(
            filter(None, (obstacle(path, project.root, new=path in made) for path in paths)), ""
        ):
            return blocked
        told, old = _told(analysis, finding, fix), dict(self.texts)
        counts = counted(self.session.analyses())
        self._take({path: self._result(project, path, fix) for path in paths})
        state = frozenset(self.texts.items())
        why = "it leads back to where it was" if state in self.seen else ""
        why = why or objection(counts, counted(self.session.analyses()), finding)
        if why:
            self._take({path: old.get(path) for path in paths})
        else:
            self.seen.add(state)
            self.done.append(told)
            self.scope |= {*told.made} if fix.safety == "exact" else set()
        return why

    def _result(self, project: Project, path: str, fix: Fix) -> str:
        for key, edits in fix.edits.items():
            if project.absolute(key) == path:
                return apply_edits(self.texts.get(path) or read_utf8(path) or "", edits)
        return next(text for key, text in fix.creates.items() if project.absolute(key) == path)

    def _take(self, texts: Mapping[str, str | None]) -> None:
        for path, text in texts.items():
            self.before.setdefault(path, read_utf8(path))
            if text is None or text == self.before[path]:
                self.texts.pop(path, None)
                text = None  # noqa: PLW2901 - as on disk
            else:
                self.texts[path] = text
            self.session.overlay(path, None if text is None else Planned(text))

    def _why(self, analysis: Analysis, finding: Finding) -> str:
        """Why a finding is left: the strongest reason there is."""
        offered = [(one, fix) for one in finding.all for fix in cures(analysis, one)]
        for one, fix in offered:
            if why := self.refused.get((one.rule, one.path or "", fix.title)):
                return f"{fix.title}: not applied, for {why}."
        for _, fix in offered:
            if fix.safety == "needs-deploy" and fix.preferred:
                return f"{fix.title}: spread over deployments, so only --needs-deploy applies it."
        if offered:
            return f"{'; or: '.join(dict.fromkeys(fix.title for _, fix in offered))}: for a person to decide, in the editor."
        return f"There is no fix; `raincheck explain {finding.rule}` tells what to do."


def _told(analysis: Analysis, finding: Finding, fix: Fix) -> Done:
    made, first = (map(analysis.project.absolute, paths) for paths in (fix.creates, fix.first))
    place = _place(analysis, Sources(analysis), finding)
    return Done(finding.rule, fix.title, *place, fix.safety, tuple(made), tuple(first))


def _place(analysis: Analysis, sources: Sources, finding: Finding) -> tuple[str, int]:
    """The absolute path, and the line from 1; 0 where the finding is about a file as a whole."""
    lines, span = sources[finding.path], finding.span
    line = lines.position(span.start)[0] + 1 if lines is not None and span and span.end else 0
    return analysis.project.absolute(finding.path or ""), line
