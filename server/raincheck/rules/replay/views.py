"""Columns that views use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.refusals.retyping import views_of
from raincheck.rules.phrases import subject
from raincheck.rules.replay.refused import Refused
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class ColumnUsedByView(Refused):
    """A column changes its type while a view uses it."""

    name = "column-used-by-view"
    why = "PostgreSQL never changes the type of a column that a view uses, not even to a longer varchar."
    cure = (
        "Drop the view before this statement and create it again behind it, in the same file: both run in Drizzle's "
        "transaction, so nobody finds it gone. Views over the view, their indexes and what was granted on them have to be "
        "made again as well."
    )

    def helped(self, step: Step, action: Action) -> str:
        views = views_of(step.before, step.before.resolve(subject(action)), action.column)
        kinds = [("MATERIALIZED VIEW" if view.materialized else "VIEW", view.name) for view in views]
        dropped = [f"DROP {kind} {quoted_name(name)};--> statement-breakpoint" for kind, name in kinds]
        return "\n".join([self.cure, *dropped])
