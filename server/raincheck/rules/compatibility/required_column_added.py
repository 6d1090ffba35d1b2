from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Domain, Table
from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.required_column import required_column, required_later
from raincheck.fixes.writing import in_chunks
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.definitions import has, has_value, is_serial, written_type
from raincheck.rules.phrases import certain, column, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class RequiredColumnAdded(AllowableRule):
    """A column that is NOT NULL and has no default is added to an existing table."""

    name = "required-column-added"
    severity = Severity.DANGER
    kinds = frozenset({Kind.ADD_COLUMN})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        if not step.exists(subject(action)) or not certain(action) or not _required(step, action):
            return
        table = named(step, subject(action))
        message = (
            f"{column(action)} is NOT NULL and has no default: this fails if {table} has a row (23502), and where it has "
            "none, code that is still running with the old schema can no longer insert one."
        )
        yield Finding(self.name, self.severity, message, _help(step, action))

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        return required_column(analysis, step, action)


def _required(step: Step, action: Action) -> bool:
    if is_serial(action) or has(action, "CONSTR_IDENTITY", "CONSTR_GENERATED"):
        return False
    table = step.before.table(subject(action))
    there = isinstance(table, Table) and table.column(action.column) is not None
    if (there and action.node.get("missing_ok")) or has_value(action):
        return False
    domain = _domain(step, action)
    if domain is not None and domain.default is not None:
        return False
    return has(action, "CONSTR_NOTNULL", "CONSTR_PRIMARY") or (domain is not None and domain.not_null)


def _domain(step: Step, action: Action) -> Domain | None:
    table = step.after.table(subject(action))
    added = table.column(action.column) if table else None
    found = step.before.type(added.type.name) if added and not added.type.dimensions else None
    return found if isinstance(found, Domain) else None


def _help(step: Step, action: Action) -> str:
    table, name = named(step, subject(action)), column(action)
    parts = required_later(step, action)
    now = (
        parts.rewritten(step)
        if parts
        else f"ALTER TABLE {table} ADD COLUMN {name} {written_type(step, action)};"
    )
    later = f":\n{in_chunks(parts.later)}" if parts else " (set-not-null-scans says how)."
    return (
        f"Add it without NOT NULL, and let the code write it:\n{now}\n"
        f"Then fill the old rows in batches. After that, in a later deploy, require it{later}\n"
        "Or, where one value is right for all old rows, give it a default: that is instant."
    )
