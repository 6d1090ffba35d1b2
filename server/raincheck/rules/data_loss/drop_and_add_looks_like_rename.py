from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Related, Severity
from raincheck.fixes.renaming import rename_instead
from raincheck.rules.allowable import AllowableRunRule
from raincheck.rules.dropped_and_added import pairs, rename_sql
from raincheck.rules.outcomes import placed, runs
from raincheck.rules.phrases import column, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Project
    from raincheck.rules.dropped_and_added import Pair


class DropAndAddLooksLikeRename(AllowableRunRule):
    """A column or table is dropped and one just like it is added: a rename would have kept the data."""

    name = "drop-and-add-looks-like-rename"
    severity = Severity.DANGER

    def check(self, project: Project, timeline: Timeline) -> Iterator[Finding]:
        if not {Kind.DROP_COLUMN, Kind.DROP_TABLE} & timeline.acting.keys():
            return
        for run in runs(project, timeline):
            for pair in pairs(run):
                finding = Finding(
                    self.name,
                    self.severity,
                    _message(pair),
                    _help(pair),
                    covers=(pair.dropped.step.ordinal, pair.added.step.ordinal),
                    related=(Related("This is added, and stays empty.", step=pair.added.step.ordinal),),
                )
                yield placed(finding, pair.dropped.step, pair.dropped.number)

    def cures(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        steps = analysis.timeline.steps
        dropped, added = (steps[ordinal] for ordinal in finding.covers)
        yield from rename_instead(dropped, added)


def _message(pair: Pair) -> str:
    dropped, added = pair.dropped, pair.added
    if dropped.action.kind is Kind.DROP_COLUMN:
        table = named(dropped.step, subject(dropped.action))
        old, new = column(dropped.action), column(added.action)
        return (
            f"{old} of {table} is dropped with its values, and {new} of the same type is added empty. If {new} is {old} "
            "under another name, its values are lost: drizzle-kit asks whether a column is renamed, and takes it for a "
            "new one unless it is told."
        )
    old, new = (named(place.step, subject(place.action)) for place in (dropped, added))
    return (
        f"{old} is dropped with its rows, and {new} with the same columns is created empty. If {new} is {old} under "
        "another name, its rows are lost: drizzle-kit asks whether a table is renamed, and takes it for a new one unless "
        "it is told."
    )


def _help(pair: Pair) -> str:
    return (
        "If it is a rename, write this instead of the drop and the add, or generate the migration anew and answer that it is "
        f"one; the snapshot is the same:\n{rename_sql(pair)}"
    )
