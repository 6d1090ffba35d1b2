from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.compatibility.row_security_without_policy import closed
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import named, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Expression, Policy, Table
    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action


class PolicyNarrowed(OutcomeRule):
    """A policy of an existing table goes, or may let fewer rows or roles through than before."""

    name = "policy-narrowed"
    severity = Severity.RISK
    kinds = frozenset({Kind.ALTER_POLICY, Kind.DROP_POLICY, Kind.CREATE_POLICY})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        name = step.before.resolve(subject(action))
        begin, end = run.table_before(step, name), run.table_after(step, name)
        if begin is None or end is None or not begin.row_security or not end.row_security or closed(end):
            return
        called = action.column or action.node.get("policy_name", "")
        how = _how(action, _named(begin, called), _named(end, called), begin, end)
        if how:
            message = (
                f"The policy {always_quoted(called)} of {named(step, name)} {how}: code that is still running gets fewer "
                "rows without an error, or its writes fail (42501)."
            )
            yield Finding(
                self.name, self.severity, message, "First deploy code that needs no more than that."
            )


def _how(action: Action, old: Policy | None, new: Policy | None, begin: Table, end: Table) -> str:
    """In what way the run leaves less of a policy, in words; empty where it does not, or another action tells."""
    if action.kind is Kind.CREATE_POLICY:
        return "is RESTRICTIVE" if old is None and new is not None and not new.permissive else ""
    if old is None or not old.permissive:
        return ""
    if new is None:
        added = [replace(each, name=old.name) for each in end.policies if each not in begin.policies]
        return "" if any(not _less(old, each) for each in added) else "is dropped"
    return _less(old, new)


def _less(old: Policy, new: Policy) -> str:
    if not new.permissive:
        return "becomes RESTRICTIVE"
    if new.command not in {old.command, "all"}:
        return f"is for {new.command.upper()} only"
    gone = set(old.roles) - set(new.roles)
    if gone and "public" not in new.roles:
        return f"is no longer for {', '.join(sorted(gone))}"
    changed = ["USING"] * _may(old.using, new.using) + ["CHECK"] * _may(old.check, new.check)
    return f"has another {' and '.join(changed)}" if changed else ""


def _may(old: Expression | None, new: Expression | None) -> bool:
    """Whether a condition may let less through than before: it is another, and not just TRUE."""
    return (
        new is not None and new != old and not new.node.get("A_Const", {}).get("boolval", {}).get("boolval")
    )


def _named(table: Table, name: str) -> Policy | None:
    return next((policy for policy in table.policies if policy.name == name), None)
