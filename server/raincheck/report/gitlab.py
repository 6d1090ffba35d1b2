"""GitLab's code quality report: a JSON array, of which merge requests show what is new.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from raincheck.engine.finding import Severity
from raincheck.report.told import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.report.style import Style

_LEVELS = {Severity.DANGER: "critical", Severity.RISK: "major", Severity.NOTE: "info"}


def render(analyses: Sequence[Analysis], _: Sequence[str], style: Style) -> str:
    issues = [
        {
            "description": one.message,
            "check_name": one.finding.rule,
            "fingerprint": one.identity,
            "severity": _LEVELS[one.finding.severity],
            "location": {
                "path": one.place.path,
                "lines": {"begin": one.region.line, "end": one.region.end_line},
            },
        }
        for one in told(analyses, style)
    ]
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"
