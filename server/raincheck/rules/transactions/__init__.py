"""Drizzle's one transaction, and the queries that it sends in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.transactions.backfill_in_run import BackfillInRun
from raincheck.rules.transactions.breakpoint_misspelt import BreakpointMisspelt
from raincheck.rules.transactions.concurrent_build_corrupts import ConcurrentBuildCorrupts
from raincheck.rules.transactions.fails_in_transaction import FailsInTransaction
from raincheck.rules.transactions.invalid_index_hidden import InvalidIndexHidden
from raincheck.rules.transactions.not_repeatable_after_commit import NotRepeatableAfterCommit
from raincheck.rules.transactions.setting_leaks import SettingLeaks
from raincheck.rules.transactions.statements_share_chunk import StatementsShareChunk
from raincheck.rules.transactions.transaction_left import TransactionLeft

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

RULES: tuple[Rule, ...] = (
    FailsInTransaction(),
    NotRepeatableAfterCommit(),
    TransactionLeft(),
    InvalidIndexHidden(),
    BackfillInRun(),
    SettingLeaks(),
    ConcurrentBuildCorrupts(),
    BreakpointMisspelt(),
    StatementsShareChunk(),
)
