"""What a rule says, and the fixes that go with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from raincheck.text import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raincheck.text import Edit, Span


class Severity(StrEnum):
    """danger: fails, loses data, or blocks for as long as a table is large; risk: needs care; note: good to know."""

    DANGER = "danger"
    RISK = "risk"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for danger, then 1 and 2."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to a finding: the statement of a step (by ordinal), or a span of a file."""

    message: str
    step: int | None = None
    path: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One message at one place.

    While it belongs to a step (`step` is its ordinal), `span` counts from the statement's start and None means the
    whole statement; else it counts from the start of the file `path`. `Analysis.findings` has absolute places.
    """

    rule: str
    severity: Severity
    message: str
    """What happens and why it matters, in one to three sentences."""
    help: str = ""
    """What to do, with SQL to paste."""
    span: Span | None = None
    path: str | None = None
    step: int | None = None
    action: int | None = None
    """Which of the statement's actions."""
    related: tuple[Related, ...] = ()
    tag: Literal["", "unnecessary", "deprecated"] = ""
    covers: tuple[int, ...] = ()
    """Of an idiom over several statements: the ordinals of their steps, whose own findings belong to this one."""
    joined: tuple[Finding, ...] = ()
    """The weaker findings of the same cause, for which this one speaks; their words are among its `related`."""

    def at(self, path: str, span: Span) -> Finding:
        """The same, at a place of a file. There are thousands after every key, and `replace` takes twice as long."""
        return Finding(
            self.rule,
            self.severity,
            self.message,
            self.help,
            span,
            path,
            self.step,
            self.action,
            self.related,
            self.tag,
            self.covers,
            self.joined,
        )

    @property
    def place(self) -> tuple[Span, int]:
        """By which the findings of a file are sorted: where they stand, and the most severe first."""
        return self.span or NOWHERE, self.severity.rank

    @property
    def all(self) -> tuple[Finding, ...]:
        """The finding itself, and those it speaks for."""
        return (self, *self.joined)


Safety = Literal["exact", "needs-deploy", "manual"]


@dataclass(frozen=True, slots=True)
class Fix:
    """A change of files that cures a finding.

    `edits` are by path, of the texts as analysed; `creates` are whole new files by path. Paths are the project's.
    """

    title: str
    safety: Safety
    edits: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)
    creates: Mapping[str, str] = field(default_factory=dict)
    preferred: bool = False
    first: tuple[str, ...] = ()
    """Of `creates` the scripts that are run before the migration; the others are run behind it."""
