from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import absent, named, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import literal, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action


class RowSecurityDisabled(OutcomeRule):
    """The run leaves an existing table, which had row level security, without it."""

    name = "row-security-disabled"
    severity = Severity.RISK
    kinds = frozenset({Kind.SET_ROW_SECURITY})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        name = step.before.resolve(subject(action))
        known = step.before.table(name) is not None
        begin, end = run.table_before(step, name), run.table_after(step, name)
        opened = begin is not None and begin.row_security and end is not None and not end.row_security
        gone = absent(step, action) or name in run.end.gone
        if action.node["subtype"] != "AT_DisableRowSecurity" or not step.exists(name) or gone:
            return
        if known and not opened:
            return
        table = named(step, name)
        was = "" if known else "If it was on: "
        message = (
            f"{was}Without row level security the policies of {table} no longer hold: each role that has a GRANT on the table "
            "reads and writes all of its rows, without an error."
        )
        help_text = (
            "Make sure that the code which uses the table filters its rows by itself, and that no role which comes in from "
            f"outside (as on Supabase) has a GRANT on it. To see who has one:\n{_grants(step, action)}"
        )
        yield Finding(self.name, self.severity if known else Severity.NOTE, message, help_text)


def _grants(step: Step, action: Action) -> str:
    full = quoted_name(step.before.resolve(subject(action)), omit_public=False)
    return f"SELECT relacl FROM pg_class WHERE oid = {literal(full)}::regclass;"
