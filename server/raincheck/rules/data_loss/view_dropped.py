from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import View
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import absent, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action


class ViewDropped(OutcomeRule):
    """A view that was there before the run is dropped, and not made again."""

    name = "view-dropped"
    severity = Severity.RISK
    kinds = frozenset({Kind.DROP_VIEW, Kind.DROP_MATERIALIZED_VIEW})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        name = step.before.resolve(subject(action))
        view = step.before.relations.get(name)
        again = run.end.relations.get(name)
        stays = again is not None and (view is None or again.oid != view.oid)
        if stays or not step.exists(name) or absent(step, action):
            return
        what = "materialized view" if isinstance(view, View) and view.materialized else "view"
        message = (
            f"Dropping the {what} {quoted_name(name)} breaks code that is still running and reads it (42P01). No row of a "
            "table is lost."
        )
        yield Finding(self.name, self.severity, message, "Drop it in a later deploy, when no code reads it.")


class TypeDropped(OutcomeRule):
    """A type that was there before the run is dropped, and not made again."""

    name = "type-dropped"
    severity = Severity.RISK
    kinds = frozenset({Kind.DROP_TYPE})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        name = subject(action)
        known = step.before.type(name)
        missing = known is None and action.statement.get("missing_ok") and not step.before.opaque
        again = run.end.type(known.name if known else name) is not None
        if missing or again or not run.type_existed(step, name):
            return
        written = quoted_name(known.name if known else name)
        message = (
            f"Dropping the type {written} breaks code that is still running with the old schema where its SQL names the "
            "type, in a cast or as a parameter (42704)."
        )
        yield Finding(self.name, self.severity, message, "Drop it in a later deploy, when no code names it.")
