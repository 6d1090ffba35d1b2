"""Findings that a team has accepted: what is wrong with its allowances, and with its baseline."""

from __future__ import annotations

from raincheck.engine.finding import Severity
from raincheck.engine.rule import Rule


class AllowanceUnused(Rule):
    """An allowance that hides nothing."""

    name = "allowance-unused"
    severity = Severity.NOTE


class AllowanceWithoutReason(Rule):
    """An allowance that gives no reason, and so allows nothing."""

    name = "allowance-without-reason"
    severity = Severity.RISK


class AllowanceExpired(Rule):
    """An allowance whose last day is over, and that so allows nothing."""

    name = "allowance-expired"
    severity = Severity.RISK


class BaselineOutdated(Rule):
    """Entries of raincheck.baseline.json that match nothing any more."""

    name = "baseline-outdated"
    severity = Severity.NOTE
