from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Check, NotNull
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, named, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Table
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node


class NotNullBreaksWriters(AllowableRule):
    """A column of an existing table may no longer be NULL, which running code may still write."""

    name = "not-null-breaks-writers"
    severity = Severity.NOTE
    kinds = frozenset({Kind.SET_NOT_NULL, Kind.ADD_NOT_NULL, Kind.ADD_CHECK, Kind.ADD_PRIMARY_KEY})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        table = step.before.table(subject(action))
        if action.inline or not step.exists(subject(action)) or not certain(action):
            return
        for name in _columns(action):
            known = table.column(name) if table else None
            if (known and (known.not_null or known.identity or known.generated)) or _refused(table, name):
                continue
            default = known is not None and known.default is not None
            code = "23514" if action.kind is Kind.ADD_CHECK else "23502"
            writes = "writes NULL" if default else "writes NULL or leaves the column out"
            message = (
                f"{always_quoted(name)} of {named(step, subject(action))} may not be NULL from now on: code that is still "
                f"running and {writes} fails ({code})."
            )
            help_text = "First deploy code that always writes a value, and require it in a later deploy."
            yield Finding(self.name, self.severity, message, help_text)


def _columns(action: Action) -> list[str]:
    """The columns that an action makes required."""
    if action.kind is Kind.SET_NOT_NULL:
        return [action.column]
    if action.kind is Kind.ADD_CHECK:
        return _not_null_in(action.node.get("raw_expr", {}))
    return [key["String"]["sval"] for key in action.node.get("keys", ()) if "String" in key]


def _refused(table: Table | None, column: str) -> bool:
    """Whether a constraint refuses NULL in new rows already, be it validated or not."""
    for each in table.constraints if table else ():
        if isinstance(each, NotNull) and each.column == column:
            return True
        if isinstance(each, Check) and each.enforced and column in _not_null_in(each.expression.node):
            return True
    return False


def _not_null_in(node: Node) -> list[str]:
    """The columns that a condition requires to be not NULL: `a IS NOT NULL`, also one of several joined by AND."""
    match node:
        case {
            "NullTest": {
                "nulltesttype": "IS_NOT_NULL",
                "arg": {"ColumnRef": {"fields": [*_, {"String": last}]}},
            }
        }:
            return [last["sval"]]
        case {"BoolExpr": {"boolop": "AND_EXPR", "args": parts}}:
            return [name for part in parts for name in _not_null_in(part)]
    return []
