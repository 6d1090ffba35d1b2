from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Key
from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.instead import kept, renamed
from raincheck.rules.allowable import AllowableRunRule
from raincheck.rules.made_again import constraints
from raincheck.rules.outcomes import placed
from raincheck.rules.phrases import named, subject
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Constraint
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Project
    from raincheck.rules.made_again import Pair


class ConstraintRecreated(AllowableRunRule):
    """A constraint is dropped and added again, under another name or with other actions, and proven anew."""

    name = "constraint-recreated"
    severity = Severity.DANGER
    grows = True

    def check(self, project: Project, timeline: Timeline) -> Iterator[Finding]:  # noqa: ARG002
        for pair in constraints(timeline):
            finding = Finding(self.name, pair.severity, *_said(pair), covers=pair.covers)
            yield placed(finding, pair.dropped, 0)

    def cures(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        for pair in constraints(analysis.timeline):
            if finding.covers == pair.covers and pair.same:
                old, new = always_quoted(pair.old.name), always_quoted(pair.new.name)
                if old == new:
                    yield from kept(pair.dropped, pair.added, f"Leave {old} as it is")
                else:
                    title = f"Rename {old} to {new} instead"
                    yield from renamed(pair.dropped, pair.added, _rename(pair), title)


def _said(pair: Pair[Constraint]) -> tuple[str, str]:
    old, new = always_quoted(pair.old.name), always_quoted(pair.new.name)
    work = "Its index is built anew" if isinstance(pair.new, Key) else "All rows are checked anew"
    if pair.dropped.transaction.open:
        work += ", and nobody reads or writes the table meanwhile"
    if not pair.same:
        message = f"This drops the foreign key {old} and adds it again, only to change what happens ON DELETE or ON UPDATE. {work}."
        return message, (
            "Every row fits already, so add it NOT VALID now, which reads nothing, and VALIDATE it in a migration of a "
            "later deploy."
        )
    if old == new:
        return (
            f"This drops {old} and adds the very same constraint again. {work}.",
            "Take both statements out.",
        )
    message = (
        f"This drops {old} and adds the same constraint again as {new}. {work}. Only the name is another."
    )
    return message, f"Rename it, which takes an instant:\n{_rename(pair)}"


def _rename(pair: Pair[Constraint]) -> str:
    table = named(pair.dropped, subject(pair.dropped.actions[0]))
    return f"ALTER TABLE {table} RENAME CONSTRAINT {always_quoted(pair.old.name)} TO {always_quoted(pair.new.name)};"
