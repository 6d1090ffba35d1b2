"""GitLab's code quality report: a JSON array, of which merge requests show what is new.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from raincheck.engine.finding import Severity
from raincheck.report.told import merged, ranked

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.report.style import Style
    from raincheck.report.told import Told

_LEVELS = {Severity.DANGER: "critical", Severity.RISK: "major", Severity.NOTE: "info"}


def piece(analysis: Analysis, style: Style, _: Collection[Severity]) -> list[tuple[int, Any]]:
    return ranked(analysis, style, _issue)


def whole(pieces: Sequence[Any], _: Sequence[str], __: Style) -> str:
    return json.dumps(merged(pieces), indent=2, ensure_ascii=False) + "\n"


def _issue(one: Told) -> dict[str, Any]:
    return {
        "description": one.message,
        "check_name": one.finding.rule,
        "fingerprint": one.identity,
        "severity": _LEVELS[one.finding.severity],
        "location": {
            "path": one.place.path,
            "lines": {"begin": one.region.line, "end": one.region.end_line},
        },
    }
