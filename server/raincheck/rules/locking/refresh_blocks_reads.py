from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import View
from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.refreshing import key_needed, refresh_concurrently, refreshed
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, felt, held, held_along, lock, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class RefreshBlocksReads(AllowableRule):
    """A materialized view is filled anew without CONCURRENTLY."""

    name = "refresh-blocks-reads"
    severity = Severity.RISK
    grows = True
    kinds = frozenset({Kind.REFRESH_MATERIALIZED_VIEW})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        own = step.before.resolve(subject(action))
        locks = [effect for effect in felt(step, action) if effect.relation == own]
        view = step.before.relation(own)
        unread = isinstance(view, View) and not view.populated
        if not locks or unread or not certain(action) or action.node.get("concurrent"):
            return
        emptied = action.node.get("skipData", False)
        what = (
            "This empties the view, and every query on it fails from then on, "
            if emptied
            else "The view is filled "
        )
        message = f"{what}under {lock(locks, named(step, own))}. {held(step)}"
        help_ = "Set a lock_timeout, and run it at a quiet time." if emptied else _help(step, action)
        yield Finding(self.name, self.severity, message.rstrip(), help_, related=held_along(step))

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:  # noqa: ARG002
        return refresh_concurrently(step, action)


def _help(step: Step, action: Action) -> str:
    refresh = refreshed(step, action)
    if refresh:
        return (
            "Its unique index lets it be filled beside readers, in a transaction as well (it compares, so it takes longer):\n"
            f"{refresh}"
        )
    return (
        "CONCURRENTLY lets others read meanwhile. It needs a unique index on plain columns, without WHERE; "
        f"build that first:\n{key_needed(step, action)}"
    )
