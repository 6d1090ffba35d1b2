from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index, Sequence, View
from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.renamed_table import view_for_old_name, view_sql
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import absent, named, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action


class TableRenamed(OutcomeRule):
    """An existing table or view gets another name, and nothing stands under the old one."""

    name = "table-renamed"
    severity = Severity.RISK
    kinds = frozenset({Kind.RENAME_TABLE})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        relation = step.before.relation(subject(action))
        of_data = (
            not isinstance(relation, Index | Sequence) and action.node["renameType"] != "OBJECT_SEQUENCE"
        )
        old, new = _names(step, action)
        served = stands_in(run, step, old, new)
        if not of_data or served or not step.exists(subject(action)) or absent(step, action):
            return
        message = (
            f"Renaming {named(step, old)} to {quoted_name(new)} breaks code that is still running with the old schema at "
            "once: its queries fail (42P01) until the new code is everywhere."
        )
        view = view_sql(step, old, new)
        leave = (
            "Leave a view under the old name, through which the old code can read and write, and drop it in a later deploy. "
            f"Grant on it what was granted on the table:\n{view}\nOr keep"
        )
        help_text = (
            f"{leave if view else 'Keep'} the table's name in the database and rename only the export in the Drizzle schema, "
            "which needs no migration."
        )
        yield Finding(self.name, self.severity, message, help_text)

    def cures(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        if finding.step is not None and finding.action is not None:
            step = analysis.timeline.steps[finding.step]
            yield from view_for_old_name(analysis, step, *_names(step, step.actions[finding.action]))


def stands_in(run: Run, step: Step, old: Name, new: Name) -> bool:
    """Whether the same transaction leaves a view of the table under its old name."""
    later = [each for each in run.steps if each.ordinal > step.ordinal]
    same = [each for each in later if each.transaction.index == step.transaction.index]
    views = (each.after.relations.get(old) for each in same)
    return any(isinstance(view, View) and new in view.depends_on for view in views)


def _names(step: Step, action: Action) -> tuple[Name, Name]:
    old = step.before.resolve(subject(action))
    return old, Name(old.schema, action.node["newname"])
