from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Table
    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action

_ON = {"AT_EnableRowSecurity", "AT_ForceRowSecurity"}


class RowSecurityWithoutPolicy(OutcomeRule):
    """The run leaves an existing table with row level security and no policy that lets anybody see a row."""

    name = "row-security-without-policy"
    severity = Severity.DANGER
    kinds = frozenset({Kind.SET_ROW_SECURITY, Kind.DROP_POLICY})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        name = step.before.resolve(subject(action))
        begin, end = run.table_before(step, name), run.table_after(step, name)
        if not step.exists(name) or (begin is not None and closed(begin)):
            return
        unknown = step.before.table(name) is None
        if not _takes_part(step, action, unknown=unknown) or not (
            unknown or (end is not None and closed(end))
        ):
            return
        table = named(step, name)
        forced = end is not None and end.force_row_security
        owner = "" if forced else " but its owner"
        none = (
            "and no migration creates a policy" if unknown or step.before.opaque else "and there is no policy"
        )
        message = (
            f"Row level security is on for {table} {none}: no role{owner} (and superusers) sees a row of it any more, "
            "without an error, and INSERTs fail (42501)."
        )
        help_text = (
            "Create the policies in the same run, or allow this where the application connects as the owner:\n"
            f"CREATE POLICY ... ON {table} TO ... USING (...);"
        )
        severity = Severity.RISK if unknown or step.before.opaque else self.severity
        yield Finding(self.name, severity, message, help_text)


def closed(table: Table) -> bool:
    """Whether row level security lets nobody but the owner see a row."""
    return table.row_security and not any(policy.permissive for policy in table.policies)


def _takes_part(step: Step, action: Action, *, unknown: bool) -> bool:
    """Whether it is this statement that switches it on, or that drops the last policy."""
    if action.kind is Kind.SET_ROW_SECURITY:
        table = step.before.table(subject(action))
        return action.node["subtype"] in _ON and not (table is not None and closed(table))
    after = step.after.table(subject(action))
    before = step.before.table(subject(action))
    return not unknown and after is not None and closed(after) and before is not None and not closed(before)
