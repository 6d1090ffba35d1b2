"""What PostgreSQL proves from the checks of a table without a look at its rows.

An expression is simplified first (eval_const_expressions, canonicalize_qual), then taken apart at its ANDs and ORs
(predicate_implied_by). A check holds where it is true or NULL, so `x > 0` says nothing about `x IS NOT NULL`.
Observed on PostgreSQL 12 to 18.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.coercions import base
from raincheck.catalog.schema import Check, Composite, NotNull
from raincheck.catalog.typenames import type_of
from raincheck.locks.constants import ordered, read
from raincheck.locks.implication import FALSE, TRUE, Every, Fact, Formula, Some, Unplaced, negation
from raincheck.sql.expressions import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.catalog.schema import Column, Schema, Table
    from raincheck.sql.nodes import Node


def not_null(column: str) -> Fact:
    return Fact(f"{column} IS NULL", negated=True)


def known(schema: Schema, table: Table, without: Iterable[str] = ()) -> Every:
    """What the valid checks and the NOT NULLs of a table say; `without` names constraints that are dropped."""
    checks = (c for c in table.constraints if isinstance(c, Check) and c.validated and c.enforced)
    found = tuple(formula(c.expression.node, table, schema) for c in checks if c.name not in without)
    unproven = {c.column for c in table.constraints if isinstance(c, NotNull) and not c.validated}
    required = (c.name for c in table.columns if c.not_null and c.name not in unproven)
    return Every((*found, *map(not_null, required)))


def formula(node: Node, table: Table, schema: Schema) -> Formula:
    """An expression over the columns of one table, taken apart."""
    return _Reader(table, schema).formula(node)


_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "<>": "<>"}


def comparison(column: Column, operator: str, node: Node, schema: Schema) -> Fact | None:
    """A column compared with a constant; None where it is compared with anything else."""
    if operator not in _TURNED or "A_Const" not in node.get("TypeCast", {}).get("arg", node):
        return None
    value = read(column, node, schema)
    if value is None or (operator not in {"=", "<>"} and not ordered(column)):
        value = Unplaced(fingerprint(node))
    if isinstance(value, bool):  # `a = false` is NOT a
        operator, value = ("=" if value == (operator == "=") else "<>"), True
    return Fact(column.name, operator=operator, value=value)


@dataclass(frozen=True, slots=True)
class _Reader:
    table: Table
    schema: Schema

    def formula(self, node: Node) -> Formula:
        match node:
            case {"BoolExpr": {"boolop": "NOT_EXPR", "args": [arg]}}:
                return negation(self.formula(arg))
            case {"BoolExpr": {"boolop": "AND_EXPR", "args": args}}:
                # A NULL among the parts of a check is as good as true (canonicalize_qual).
                parts = tuple(self.formula(arg) for arg in args if not _is_null(arg))
                return FALSE if FALSE in parts else Every(parts)
            case {"BoolExpr": {"args": args}}:
                arms = tuple(arm for arm in map(self.formula, args) if arm != FALSE)
                return TRUE if any(map(_is_null, args)) or TRUE in arms else _only(arms)
            case {"NullTest": {"arg": arg, "nulltesttype": kind}}:
                return self._null_test(arg, is_null=kind == "IS_NULL")
            case {"A_Const": {"boolval": value}}:
                return TRUE if value.get("boolval") else FALSE
            case {"ColumnRef": _} if (column := self._column(node)) is not None:
                return Fact(column.name, operator="=", value=True)
            case {"TypeCast": {"arg": arg, "typeName": {"names": [*_, {"String": {"sval": "bool"}}]}}}:
                return self.formula(arg) if _is_boolean(arg) else self._other(node)
            case {"A_Expr": expression}:
                return self._compared(expression, node)
        return self._other(node)

    def _null_test(self, arg: Node, *, is_null: bool) -> Formula:
        match arg:
            case {"RowExpr": {"args": args}}:
                return Every(tuple(self._null_test(each, is_null=is_null) for each in args))
        column = self._column(arg)
        if column is not None and self._composite(column):
            return self._other({"NullTest": {"arg": arg, "is_null": is_null}})
        return Fact(f"{self._key(arg)} IS NULL", negated=not is_null)

    def _compared(self, expression: Node, node: Node) -> Formula:
        left, right = expression.get("lexpr", {}), expression.get("rexpr", {})
        match expression:
            case {"kind": "AEXPR_DISTINCT" | "AEXPR_NOT_DISTINCT" as kind} if _is_null(left) or _is_null(
                right
            ):
                other = right if _is_null(left) else left
                return Fact(f"{self._key(other)} IS NULL", negated=kind == "AEXPR_DISTINCT")
            case {"kind": "AEXPR_OP", "name": [{"String": {"sval": operator}}]} if operator in _TURNED:
                truth = self._truth(left, operator, right)
                if truth is not None:
                    return truth
                if self._compared_column(left) is None:
                    left, right, operator = right, left, _TURNED[operator]
                return self._one(left, operator, right) or self._other(node)
            case {
                "kind": "AEXPR_BETWEEN" | "AEXPR_NOT_BETWEEN" as kind,
                "rexpr": {"List": {"items": [*ends]}},
            }:
                within = self._between(left, ends) or self._other(
                    {"A_Expr": {**expression, "kind": "AEXPR_BETWEEN"}}
                )
                return within if kind == "AEXPR_BETWEEN" else negation(within)
            case {"kind": "AEXPR_IN", "name": [{"String": {"sval": "=" | "<>" as operator}}]}:
                return self._listed(left, operator, right.get("List", {}).get("items", ()), node)
            case {
                "kind": "AEXPR_OP_ANY",
                "name": [{"String": {"sval": "="}}],
                "rexpr": {"A_ArrayExpr": array},
            }:
                return self._listed(left, "=", array["elements"], node)
            case {
                "kind": "AEXPR_OP_ALL",
                "name": [{"String": {"sval": "<>"}}],
                "rexpr": {"A_ArrayExpr": array},
            }:
                return self._listed(left, "<>", array["elements"], node)
        return self._other(node)

    def _between(self, left: Node, ends: list[Node]) -> Formula | None:
        low, high = self._one(left, ">=", ends[0]), self._one(left, "<=", ends[1])
        return None if low is None or high is None else Every((low, high))

    def _listed(self, left: Node, operator: str, items: Iterable[Node], node: Node) -> Formula:
        parts = tuple(self._one(left, operator, item) for item in items)
        told = tuple(part for part in parts if part is not None)
        if len(told) < len(parts):
            return self._other(node)
        return Some(told) if operator == "=" else Every(told)

    def _one(self, left: Node, operator: str, right: Node) -> Fact | None:
        column = self._compared_column(left)
        return comparison(column, operator, right, self.schema) if column is not None else None

    def _truth(self, left: Node, operator: str, right: Node) -> Formula | None:
        """`(a IS NULL) = false`, which is NOT (a IS NULL)."""
        test, constant = (left, _boolean(right)) if _is_boolean(left) else (right, _boolean(left))
        if constant is None or not _is_boolean(test) or operator not in {"=", "<>"}:
            return None
        found = self.formula(test)
        return found if constant == (operator == "=") else negation(found)

    def _column(self, node: Node) -> Column | None:
        """The column that an expression is, with a cast to its own type or without."""
        match node:
            case {"ColumnRef": {"fields": [*_, {"String": {"sval": name}}]}}:
                return self.table.column(name)
            case {"TypeCast": {"arg": arg, "typeName": written}}:
                column, to = self._column(arg), type_of(self.schema, written)
                same = column is not None and (to.name, to.dimensions) == (
                    column.type.name,
                    column.type.dimensions,
                )
                return column if same and column is not None and to.mods in {(), column.type.mods} else None
        return None

    def _compared_column(self, node: Node) -> Column | None:
        """The same; a varchar may be cast to text, which it is compared as in any case."""
        column = self._column(node)
        match node:
            case {"TypeCast": {"arg": arg, "typeName": {"names": [{"String": {"sval": "text"}}]}}} if (
                column is None
            ):
                below = self._column(arg)
                return below if below is not None and below.type.name.name == "varchar" else None
        return column

    def _composite(self, column: Column) -> bool:
        own = self.schema.type(base(column.type, self.schema).name)
        return isinstance(own, Composite) and own.row and not column.type.dimensions

    def _key(self, node: Node) -> str:
        column = self._column(node)
        return column.name if column is not None else fingerprint(node)

    @staticmethod
    def _other(node: Node) -> Fact:
        return Fact(fingerprint(node))


def _only(parts: tuple[Formula, ...]) -> Formula:
    return parts[0] if len(parts) == 1 else Some(parts)


def _is_null(node: Node) -> bool:
    match node:
        case {"A_Const": {"isnull": True}}:
            return True
    return False


def _is_boolean(node: Node) -> bool:
    """Whether an expression is plainly a truth value."""
    return bool(node.keys() & {"NullTest", "BoolExpr", "BooleanTest"})


def _boolean(node: Node) -> bool | None:
    """The value of a constant that is compared with a truth value."""
    match node:
        case {"A_Const": {"boolval": value}}:
            return bool(value.get("boolval"))
        case {"A_Const": {"sval": {"sval": str(word)}}}:
            return {"t": True, "true": True, "f": False, "false": False}.get(word)
    return None
