"""What is wrong with `raincheck.sum`, which `raincheck seal` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Severity
from raincheck.engine.rule import Rule
from raincheck.fixes.seal import seal_anew

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Fix


class SealUnreadable(Rule):
    """A raincheck.sum that cannot be relied on."""

    name = "seal-unreadable"
    severity = Severity.DANGER

    def fixes(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:  # noqa: ARG002
        yield from seal_anew(analysis.project, "Write the seal anew: accept all migrations as they are now")


class SealStale(Rule):
    """A migration that is applied, or stands before a sealed one, and is not sealed."""

    name = "seal-stale"
    severity = Severity.NOTE
