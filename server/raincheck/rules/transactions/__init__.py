"""Drizzle's one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.transactions.fails_in_transaction import FailsInTransaction

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

RULES: tuple[Rule, ...] = (FailsInTransaction(),)
