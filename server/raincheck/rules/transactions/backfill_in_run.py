from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Related, Severity
from raincheck.locks.modes import Mode
from raincheck.locks.words import blocked
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import named, subject
from raincheck.sql.expressions import walk
from raincheck.sql.kinds import Kind
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Table
    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name
    from raincheck.sql.nodes import Node

_DOES = {
    Kind.UPDATE: "changes rows of",
    Kind.DELETE: "deletes rows of",
    Kind.INSERT: "copies rows into",
    Kind.MERGE: "merges rows into",
}


class BackfillInRun(OutcomeRule):
    """Rows of an existing table are changed in the transaction that also changes the schema."""

    name = "backfill-in-run"
    severity = Severity.RISK
    grows = True
    kinds = frozenset(_DOES)

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        if not step.transaction.open or not step.exists(subject(action)) or not _many(step, action):
            return
        beside = _beside(run, step)
        if beside is None:
            return
        other, relation, mode = beside
        on, table = quoted_name(relation), named(step, subject(action))
        message = (
            f"This {_DOES[action.kind]} {table} in the transaction that also changes the schema: until it ends, what it "
            f"writes is locked against other writers, and the {mode.sql} lock on {on}, which {blocked(mode)}, "
            f"{'stays' if other.ordinal < step.ordinal else 'comes on top'}."
        )
        related = (Related(f"{mode.sql} on {on} is taken here.", step=other.ordinal),)
        yield Finding(self.name, self.severity, message, _HELP, related=related)


_HELP = (
    "Take it out of the migrations: deploy the change of the schema, then work through the rows in batches, each in a "
    "transaction of its own; what relies on it (NOT NULL, say) belongs into a later deploy."
)


def _many(step: Step, action: Action) -> bool:
    """Whether it may touch more than a few rows: not one row by its key, nor rows that the SQL itself lists.

    Of UPDATE and DELETE without WHERE speak rows-updated-without-where and rows-deleted.
    """
    node, table = action.node, step.before.table(subject(action))
    if action.kind is Kind.INSERT:
        return "fromClause" in node.get("selectStmt", {}).get("SelectStmt", {})
    where = node.get("whereClause")
    if where is None:
        return action.kind is Kind.MERGE
    return table is None or not _by_key(where, table)


def _by_key(where: Node, table: Table) -> bool:
    """Whether every column of the primary key is compared with constants: "id" = 1, "id" IN (1, 2)."""
    keys = set(table.primary_key.columns) if table.primary_key else set()
    fixed = {name for condition in _conditions(where) if (name := _compared(condition))}
    return bool(keys) and keys <= fixed


def _conditions(where: Node) -> list[Node]:
    match where:
        case {"BoolExpr": {"boolop": "AND_EXPR", "args": args}}:
            return list(args)
    return [where]


def _compared(condition: Node) -> str:
    """The column that a condition compares with constants alone; else empty."""
    match condition:
        case {
            "A_Expr": {
                "kind": "AEXPR_OP" | "AEXPR_IN",
                "name": [{"String": {"sval": "="}}],
                "lexpr": {"ColumnRef": {"fields": [*_, {"String": {"sval": str(name)}}]}},
                "rexpr": value,
            }
        } if not any(tag in {"ColumnRef", "SubLink"} for tag, _ in walk(value)):
            return name
    return ""


def _beside(run: Run, step: Step) -> tuple[Step, Name, Mode] | None:
    """A statement of the same transaction that takes a strong lock on something that is there; the first, if earlier."""
    same = (one for one in run.steps if one.transaction.index == step.transaction.index and one is not step)
    for other in same:
        for relation, mode in other.locks.items():
            if mode.rank >= Mode.SHARE.rank and other.blocks(relation):
                return other, relation, mode
    return None
