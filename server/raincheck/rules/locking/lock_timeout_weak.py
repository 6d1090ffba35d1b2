from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.settings import setting
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

LONGEST = 10_000
"""Milliseconds up to which requests that queue up behind a waiting lock are taken to be bearable."""

_UNITS = {"us": 0.001, "ms": 1, "": 1, "s": 1_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
_TIME = re.compile(r"\s*(\d+(?:\.\d*)?)\s*([a-z]*)\s*")


class LockTimeoutWeak(AllowableRule):
    """A lock_timeout is long, or comes after locks were waited for."""

    name = "lock-timeout-weak"
    severity = Severity.NOTE
    kinds = frozenset({Kind.SET})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        if action.node.get("name", "").lower() != "lock_timeout" or not certain(action):
            return
        time = _milliseconds(action)
        if time is None or time == 0:
            return
        if time > LONGEST:
            message = (
                "This lock_timeout is over 10 seconds. While a statement waits for its lock, every later query that "
                "conflicts with it waits behind it, for as long as that."
            )
            yield Finding(
                self.name, self.severity, message, f"Take a shorter one, and run again:\n{setting()}"
            )
        elif step.transaction.unlimited and step.transaction.open:
            message = "This lock_timeout comes late: an earlier statement of the run waits for its lock without one."
            yield Finding(
                self.name, self.severity, message, "Move it to the start of the first pending migration."
            )


def _milliseconds(action: Action) -> float | None:
    """The time that SET gives; None for DEFAULT and for what is no time."""
    match list(action.node.get("args", ())):
        case [{"A_Const": {"ival": dict(number)}}]:
            return float(number.get("ival", 0))
        case [{"A_Const": {"sval": {"sval": str(text)}}}] if found := _TIME.fullmatch(text):
            unit = _UNITS.get(found[2])
            return None if unit is None else float(found[1]) * unit
    return None
