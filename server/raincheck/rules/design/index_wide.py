from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

MOST_COLUMNS = 3
"""Key columns of an index that is not unique."""


class IndexWide(AllowableRule):
    """An index, not unique, of more than three columns."""

    name = "index-wide"
    severity = Severity.NOTE
    on = False
    kinds = frozenset({Kind.CREATE_INDEX})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:  # noqa: ARG002
        count = len(action.node.get("indexParams", ()))
        if count > MOST_COLUMNS and not action.node.get("unique"):
            message = (
                f"This index has {count} columns: every write of the table keeps all of them up to date, and a query uses the "
                "later ones only where it also fixes the earlier."
            )
            help_ = "Begin with the columns that choose most; two or three are mostly enough. INCLUDE holds what is only read."
            yield Finding(self.name, self.severity, message, help_)
