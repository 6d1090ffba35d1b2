from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.engine.rule import MigrationRule
from raincheck.fixes.allow import allow
from raincheck.fixes.restore import restore
from raincheck.fixes.seal import seal_anew
from raincheck.project.baseline import contradicting, difference_from
from raincheck.rules.history.comparison import changes
from raincheck.rules.phrases import MOST_RELATED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.project.baseline import Kind
    from raincheck.project.project import Migration, Project

_WHAT: dict[Kind | None, tuple[Severity, str]] = {
    "line-endings": (Severity.NOTE, "only its line ends differ"),
    "comments": (Severity.NOTE, "only comments and spacing differ"),
    "same": (Severity.NOTE, "only bytes that are not UTF-8 differ"),
    "breakpoints": (Severity.RISK, "its statements are the same, cut at other breakpoints"),
    "concurrently": (Severity.RISK, "only CONCURRENTLY, IF EXISTS or IF NOT EXISTS were added"),
    "statements": (Severity.DANGER, "its statements differ"),
    None: (Severity.DANGER, "its SHA-256 differs"),
}
_DRIFT = (
    "Databases that have run it keep what it did then, and new ones get this; Drizzle never compares the two."
)
_HELP = (
    "Restore it, and put what it should do now into a new migration (`drizzle-kit generate --custom`). Where every "
    "database has run this text, accept it with `raincheck seal`."
)
_ADDED = (
    "For databases that have run it that changes nothing. A new one runs this text, and CONCURRENTLY fails in Drizzle's "
    "transaction (25001)."
)
_HARMLESS = "It does the same everywhere, but nobody can tell so from the hash that Drizzle stored."


class MigrationEdited(MigrationRule):
    """An applied migration is no longer what it was when it was applied."""

    name = "migration-edited"
    severity = Severity.DANGER

    def check(self, project: Project, migration: Migration) -> Iterator[Finding]:  # noqa: ARG002
        baseline = contradicting(migration)
        if baseline is None:
            return
        difference = difference_from(migration, baseline)
        kind = difference.kind if difference else None
        severity, what = _WHAT[kind]
        why = _HARMLESS if severity is Severity.NOTE else _ADDED if kind == "concurrently" else _DRIFT
        since = f", edited {baseline.edited}" if baseline.edited else ""
        message = (
            f"This migration is applied, and is not what it was in {baseline.said_by}{since}: {what}. {why}"
        )
        related = tuple(changes(migration, difference))
        span = next((one.span for one in related if one.span), None)
        yield Finding(self.name, severity, message, _HELP, span, related=related[:MOST_RELATED])

    def fixes(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        migration = analysis.project.at(finding.path or "")
        assert migration is not None
        baseline = contradicting(migration)
        fix = restore(migration, baseline) if baseline else None
        if fix:
            yield fix
        yield from seal_anew(analysis.project, "Accept this text: seal it anew")
        yield from allow(analysis, finding)
