"""What goes with a code action as its `data`: words that find it again when it is chosen.

The text may be another by then.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from raincheck.engine.finding import Fix
from raincheck.ide.actions import code_actions
from raincheck.ide.fix_all import fix_all
from raincheck.ide.refactorings import refactorings
from raincheck.lsp.convert import path_of
from raincheck.text import NOWHERE, Span

if TYPE_CHECKING:
    from raincheck.engine.finding import Finding
    from raincheck.lsp.sources import Subject
    from raincheck.lsp.workspace import Workspace

QUICK_FIX, REFACTORING, FIX_ALL = "quickfix", "refactor.rewrite", "source.fixAll.raincheck"

STALE = "The files have changed since this was offered, and it does not fit any more. Nothing was changed."

LONGEST = 2000
"""Code points of a statement that are kept to find it again; the fix of a longer one goes with its version."""


@dataclass(frozen=True, slots=True)
class ActionData:
    """`start` and `text` are the place of the finding in the file's `version`, an offset in code points."""

    uri: str
    kind: str
    title: str
    version: int | None = None
    rule: str = ""
    start: int = 0
    text: str = ""

    @classmethod
    def of(cls, subject: Subject, kind: str, title: str, finding: Finding | None = None) -> ActionData:
        sources, path = subject.sources, subject.path
        span = finding.span if finding and finding.span else NOWHERE
        text = span.within(sources.text(path))
        version = sources.version(path)
        rule = finding.rule if finding else ""
        return cls(sources.uri(path), kind, title, version, rule, span.start, text[: LONGEST + 1])

    @classmethod
    def read(cls, data: object) -> ActionData | None:
        """None for what was never offered."""
        try:
            return cls(**data) if isinstance(data, dict) else None
        except TypeError:
            return None

    @property
    def plain(self) -> dict[str, Any]:
        return asdict(self)

    def find(self, subject: Subject) -> Fix | None:
        """The fix for the text as it is now; None where it is not to be had any more, or where it would go is not sure."""
        if self.kind == FIX_ALL:
            edit = fix_all(subject.analysis, subject.path)
            return Fix(self.title, "exact", {subject.path: (edit,)}) if edit else None
        at = self._at(subject)
        if at is None:
            return None
        look = refactorings if self.kind == REFACTORING else code_actions
        found = look(subject.analysis, subject.path, Span(at, at))
        return next((a.fix for a in found if (a.fix.title, a.finding.rule) == (self.title, self.rule)), None)

    def _at(self, subject: Subject) -> int | None:
        """Where the finding stands now."""
        version = subject.sources.version(subject.path)
        if not self.text or (version is not None and version == self.version):
            return self.start
        now = subject.sources.text(subject.path)
        if len(self.text) > LONGEST or now.count(self.text) != 1:
            return None
        return now.index(self.text)


def found(workspace: Workspace, wanted: ActionData) -> tuple[Subject, Fix] | None:
    """What was wanted, in the analysis as it is now."""
    path = path_of(wanted.uri)
    subject = workspace.subject(path) if path else None
    fix = wanted.find(subject) if subject else None
    return (subject, fix) if subject and fix else None
