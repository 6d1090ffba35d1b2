"""The fixes that are offered for a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.ide.actions import is_cure

if TYPE_CHECKING:
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Fix


def offered(analysis: Analysis, finding: Finding) -> tuple[Fix, ...]:
    """The fixes of a finding and of those it speaks for, the preferred ones first."""
    fixes = [fix for _, fix in analysis.fixes(finding)]
    return tuple(sorted(fixes, key=lambda fix: not fix.preferred))


def cures(analysis: Analysis, finding: Finding) -> tuple[Fix, ...]:
    """The fixes that change what happens, and do not only allow it."""
    return tuple(fix for fix in offered(analysis, finding) if is_cure(fix))
