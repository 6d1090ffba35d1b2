from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Key
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.dependants import columns_of_constraint, columns_of_index, constraint_words, index_words
from raincheck.rules.phrases import certain, column, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.catalog.schema import Index, Table
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


_HELP = (
    "Where it is still wanted, create it for the columns that stay, here and in the Drizzle schema; else drop it by name, "
    "so that a reviewer sees it."
)


class ColumnDropTakesMore(AllowableRule):
    """A dropped column takes constraints or indexes along that are also about other columns."""

    name = "column-drop-takes-more"
    severity = Severity.DANGER
    kinds = frozenset({Kind.DROP_COLUMN})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        before, after = step.before.table(subject(action)), step.after.table(subject(action))
        if before is None or after is None or not step.exists(before.name) or not certain(action):
            return
        by_name = {each.node.get("name") for each in step.actions if each.kind is Kind.DROP_CONSTRAINT}
        kept = by_name | {each.name for each in after.constraints}
        guards = [
            constraint_words(each)
            for each in before.constraints
            if each.name not in kept and _others(columns_of_constraint(each), step, action)
        ]
        slower: list[str] = []
        for each in step.before.indexes(before):
            stays = step.after.index(each.name) is not None or _is_key(before, each)
            if not stays and _others(columns_of_index(each), step, action):
                (guards if each.unique or each.constraint else slower).append(index_words(each))
        if not guards and not slower:
            return
        what, table = " and ".join([*guards, *slower]), named(step, before.name)
        message = f"With {column(action)} of {table} PostgreSQL drops {what} without a word."
        if guards:
            message += " What that kept out can be written from then on."
        yield Finding(self.name, self.severity if guards else Severity.RISK, message, _HELP)


def _others(about: Sequence[str], step: Step, action: Action) -> bool:
    """Whether something that is gone because of the dropped column is about a column that stays, too."""
    dropped = {each.column for each in step.actions if each.kind is Kind.DROP_COLUMN}
    return action.column in about and bool(set(about) - dropped)


def _is_key(table: Table, index: Index) -> bool:
    return index.constraint is not None and isinstance(table.constraint(index.constraint), Key)
