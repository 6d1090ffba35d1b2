from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Fix, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, named
from raincheck.sql.actions import range_name
from raincheck.sql.expressions import walk
from raincheck.sql.kinds import Kind
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node

_LARGEST = re.compile(r"COALESCE\(\s*(MAX\([^()]*\))\s*,\s*1\s*\)", re.IGNORECASE)
"""As drizzle-kit 1.0 writes it where a serial column becomes an identity."""


class NextNumberTaken(AllowableRule):
    """A sequence is set so that its next number is the largest one that is taken."""

    name = "next-number-taken"
    severity = Severity.DANGER
    kinds = frozenset({Kind.SELECT})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        table = next((step.before.resolve(range_name(of)) for of in _taken(action.node)), None)
        if table is None or not step.exists(table) or not certain(action):
            return
        message = (
            f"The next number will be the largest that {named(step, table)} has: `false` makes setval() hand out the very "
            "number it is given. The first INSERT after this fails on the key (23505)."
        )
        help_text = "Write one more than the largest:\nCOALESCE(MAX(...) + 1, 1)"
        yield Finding(self.name, self.severity, message, help_text)

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:  # noqa: ARG002
        found = _LARGEST.search(step.statement.text)
        if found is not None:
            at = step.statement.span.start + found.end(1)
            edits = {step.migration.path: (Edit(Span(at, at), " + 1"),)}
            yield Fix("Continue behind the largest number", "exact", edits, preferred=True)


def _taken(select: Node) -> Iterator[Node]:
    """The tables whose largest value a setval(..., false) gives to a sequence as its next one, as it is."""
    for tag, call in walk(select):
        match call:
            case {
                "funcname": [*_, {"String": {"sval": "setval"}}],
                "args": [_, {"SubLink": {"subselect": {"SelectStmt": inner}}}, {"A_Const": last}],
            } if tag == "FuncCall" and not last.get("boolval", {"boolval": True}).get("boolval"):
                columns = [of["ResTarget"]["val"] for of in inner.get("targetList", ())]
                if len(columns) == 1 and _largest(columns[0]):
                    yield from (of["RangeVar"] for of in inner.get("fromClause", ()) if "RangeVar" in of)


def _largest(value: Node) -> bool:
    """Whether an expression is max(...), or that with another value where there is no row."""
    match value:
        case {"CoalesceExpr": {"args": [first, _]}}:
            return _largest(first)
        case {"FuncCall": {"funcname": [*_, {"String": {"sval": "max"}}]}}:
            return True
    return False
