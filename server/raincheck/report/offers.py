"""The fixes that are offered for a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Fix


def offered(analysis: Analysis, finding: Finding) -> tuple[Fix, ...]:
    """The fixes of a finding's rule, the preferred one first; none where building them fails."""
    rule = analysis.rule(finding.rule)
    if rule is None:
        return ()
    try:
        fixes = tuple(rule.fixes(analysis, finding))
    except Exception:  # noqa: BLE001 - a fix that cannot be built must not hide the finding
        return ()
    return tuple(sorted(fixes, key=lambda fix: not fix.preferred))


def cures(analysis: Analysis, finding: Finding) -> tuple[Fix, ...]:
    """The fixes that change what happens, and do not only allow it."""
    return tuple(fix for fix in offered(analysis, finding) if not fix.title.startswith("Allow "))
