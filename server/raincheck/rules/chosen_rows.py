"""Whether a statement about rows can only touch a few of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.phrases import subject
from raincheck.sql.expressions import walk
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from raincheck.catalog.schema import Table
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node


def few_rows(step: Step, action: Action) -> bool:
    """Whether an INSERT, UPDATE, DELETE or MERGE is about rows that the SQL lists, or about one row by its key."""
    node, table = action.node, step.before.table(subject(action))
    if action.kind is Kind.INSERT:
        return "fromClause" not in node.get("selectStmt", {}).get("SelectStmt", {})
    where = node.get("whereClause")
    return where is not None and table is not None and _by_key(where, table)


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
