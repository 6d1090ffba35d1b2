from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.enum_value import forbidden_values
from raincheck.rules.allowable import AllowableRunRule
from raincheck.rules.outcomes import placed
from raincheck.rules.phrases import held, listed
from raincheck.rules.recreating import recreations
from raincheck.sql.names import always_quoted, literal, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Project
    from raincheck.rules.recreating import Recreation


class EnumRecreated(AllowableRunRule):
    """An enum is dropped and made anew, and each table that uses it is rewritten twice."""

    name = "enum-recreated"
    severity = Severity.DANGER
    grows = True

    def check(self, _: Project, timeline: Timeline) -> Iterator[Finding]:
        for found in recreations(timeline):
            first, covers = found.steps[0], tuple(step.ordinal for step in found.steps)
            message = f"{_change(found)} {_rewrites(found)} {held(first)}".rstrip()
            yield placed(Finding(self.name, self.severity, message, _help(found), covers=covers), first, None)

    def cures(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        made = recreations(analysis.timeline)
        found = next((one for one in made if one.steps[0].ordinal == finding.step), None)
        if found is not None and found.only_less:
            columns = {column: column in found.arrays for column in found.columns}
            yield from forbidden_values(analysis, found.steps, found.new.name, found.removed, columns)


def _change(found: Recreation) -> str:
    enum = quoted_name(found.new.name)
    if found.removed:
        state = f'22P02: invalid input value for enum {found.new.name.name}: "{found.removed[0]}"'
        return (
            f"This makes {enum} anew without {listed([literal(value) for value in found.removed])}: a row that still has "
            f"such a value fails the migration ({state})."
        )
    return f"This makes {enum} anew to sort its values in another order, or to put others between them."


def _rewrites(found: Recreation) -> str:
    tables = listed([quoted_name(name) for name in found.tables])
    columns = listed([always_quoted(column) for _, column in found.columns])
    return (
        f"Each column of it ({columns} of {tables}) becomes text and then the enum again: two rewrites of its table, under "
        "an ACCESS EXCLUSIVE lock, which blocks reads and writes."
    )


_WITHOUT = (
    "Without a rewrite: keep the value in the type and forbid it with a CHECK that is NOT VALID now and validated in a later "
    "deploy. Best with check() and the value in the schema file, in a migration that is generated anew in this one's place."
)


def _help(found: Recreation) -> str:
    if not found.removed:
        add = f"ALTER TYPE {quoted_name(found.new.name)} ADD VALUE 'new' BEFORE 'old';"
        return (
            "Keep the values in the order that the database has, and let queries sort. A new value can be put between "
            f"others without any of this:\n{add}"
        )
    counts = "\n".join(found.counts)
    return f"Look for rows that still have it:\n{counts}\n{_WITHOUT}"
