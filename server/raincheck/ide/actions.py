"""The fixes at a place: those of the rules whose findings it touches; and what can be shown there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.ide.difference import Difference, difference
from raincheck.text import NOWHERE, Span

if TYPE_CHECKING:
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Fix


@dataclass(frozen=True, slots=True)
class CodeAction:
    """A fix, and the finding that it cures or allows."""

    finding: Finding
    fix: Fix


def is_cure(fix: Fix) -> bool:
    """Whether a fix changes what happens, and does not only allow it."""
    return not fix.title.startswith("Allow ")


def label(fix: Fix) -> str:
    """What a fix is called where it is chosen: it says so where more than choosing it is needed."""
    if fix.safety == "needs-deploy":
        return f"{fix.title} (spread over deploys)"
    if fix.safety == "manual" and is_cure(fix):
        return f"{fix.title} (to be finished by hand)"
    return fix.title


def code_actions(analysis: Analysis, path: str, span: Span) -> tuple[CodeAction, ...]:
    """The fixes of the findings that a span touches: the preferred ones first, allowances last."""
    found = [
        action
        for finding in analysis.by_path.get(path, ())
        if (finding.span or NOWHERE).meets(span)
        for action in (CodeAction(*found) for found in analysis.fixes(finding))
    ]
    return tuple(sorted(found, key=lambda action: (not action.fix.preferred, not is_cure(action.fix))))


def differences(analysis: Analysis, path: str, span: Span) -> tuple[tuple[Finding, Difference], ...]:
    """What an edited migration was, for the findings there that say so."""
    migration = analysis.project.at(path)
    found = difference(migration) if migration is not None else None
    return tuple(
        (finding, found)
        for finding in analysis.by_path.get(path, ())
        if found and finding.rule == "migration-edited" and (finding.span or NOWHERE).meets(span)
    )
