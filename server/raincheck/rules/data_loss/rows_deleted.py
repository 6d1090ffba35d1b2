from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, named, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name

_TRUE = {"boolval": {"boolval": True}}


class RowsDeleted(AllowableRule):
    """All rows of an existing table are deleted: TRUNCATE, or DELETE without WHERE."""

    name = "rows-deleted"
    severity = Severity.DANGER
    kinds = frozenset({Kind.TRUNCATE, Kind.DELETE})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        if not step.exists(subject(action)) or not certain(action) or _chooses(action):
            return
        table = named(step, subject(action))
        message = f"This deletes every row of {table} for good."
        if action.node.get("behavior") == "DROP_CASCADE":
            others = _referring(step, action)
            what = f" here {', '.join(map(quoted_name, others))}" if others else " if there is any"
            message += f" CASCADE empties every table that refers to it as well,{what}."
        elif action.kind is Kind.DELETE:
            message += " Rows of other tables go with them where a foreign key says ON DELETE CASCADE."
        help_text = (
            "Keep a copy of the rows before this runs, or say with WHERE which of them are meant:\n"
            f"\\copy {table} TO 'rows.csv' CSV HEADER"
        )
        yield Finding(self.name, self.severity, message, help_text)


def _chooses(action: Action) -> bool:
    """Whether a DELETE says which rows: with a WHERE that is not just TRUE, or by another table."""
    where = action.node.get("whereClause", {"A_Const": _TRUE})
    return bool(where.get("A_Const", {}).get("boolval") != _TRUE["boolval"])


def _referring(step: Step, action: Action) -> list[Name]:
    """The tables that TRUNCATE ... CASCADE also empties: those that refer to it, and those that refer to them."""
    found: dict[Name, None] = {}
    left = [step.before.resolve(subject(action))]
    own = left[0]
    while left:
        table = step.before.table(left.pop())
        for name in table.referenced_by if table else ():
            if name not in found and name != own:
                found[name] = None
                left.append(name)
    return list(found)
