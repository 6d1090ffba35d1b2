"""Whether an expression that the database prints is the one that a migration wrote.

PostgreSQL prints definitions from what it stored: with casts, parentheses and schemas that nobody wrote, `IN` as
`= ANY`, `LIKE` as `~~`, BETWEEN as two comparisons. Both sides are brought to one form, without what it adds. Where
they still differ, that is certain for plain expressions; of queries only what they are made of is compared.
Source: transformAExprIn and its kin in parse_expr.c, and ruleutils.c; observed on PostgreSQL 12 to 18.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from raincheck.live.drift_literals import Literal, same_literal
from raincheck.live.drift_queries import UNSURE, Form, differ, is_unsure, spelled_out
from raincheck.live.introspect_parts import UNREAD
from raincheck.sql.expressions import walk
from raincheck.sql.parse import POSITIONS

if TYPE_CHECKING:
    from raincheck.catalog.schema import Expression
    from raincheck.sql.nodes import Node

_LEFT_OUT = POSITIONS | {
    *(
        "alias",
        "catalogname",
        "funcformat",
        "inh",
        "limitOption",
        "relpersistence",
        "row_format",
        "schemaname",
    ),
    *("typemod", "op_schema"),
}
_RENAMED = {"date_part": "extract"}
"""Up to PostgreSQL 13 EXTRACT is printed as the function behind it."""
_ARRAYS = {"AEXPR_OP_ANY": "any", "AEXPR_OP_ALL": "all"}
_BETWEEN = {"AEXPR_BETWEEN": ("and", ">=", "<="), "AEXPR_NOT_BETWEEN": ("or", "<", ">")}
_UNTELLABLE = {"AEXPR_SIMILAR", "AEXPR_BETWEEN_SYM", "AEXPR_NOT_BETWEEN_SYM"}


def same_expression(written: Expression, printed: Expression, type_: str = "") -> bool | None:
    """Whether they say the same; None where it cannot be told. `type_` is what a bare constant is taken for."""
    if written == printed:
        return True
    try:
        ours, theirs = _form(written.node, type_), _form(printed.node, type_)
        same = _same(ours, theirs)
        if same is False and any(_is_query(tag) for tag, _ in walk([written.node, printed.node])):
            return False if differ(ours, theirs) else None
    except RecursionError:
        return None
    return None if same is False and (is_unsure(ours) or is_unsure(theirs)) else same


def _is_query(tag: str) -> bool:
    return tag in {"SelectStmt", "SubLink"}


def _same(written: Form, printed: Form) -> bool | None:
    if isinstance(written, Literal) and isinstance(printed, Literal):
        return same_literal(written, printed)
    if not (isinstance(written, tuple) and isinstance(printed, tuple)) or len(written) != len(printed):
        return bool(written == printed)
    if written[:1] == printed[:1] == ("column",):
        return written[1] == printed[1] and (written[2] == printed[2] or not (written[2] and printed[2]))
    found = {_same(one, other) for one, other in zip(written, printed, strict=True)}
    return False if False in found else None if None in found else True


def _form(node: Any, cast: str) -> Form:
    return _Former(_qualifiers(node)).form(node, cast)


def _qualifiers(node: Any) -> dict[str, str]:
    """What stands for which relation in a query; a relation that is named twice goes by its aliases."""
    ranges = [body for tag, body in walk(node) if tag == "RangeVar"]
    times = Counter(body["relname"] for body in ranges)
    return {
        body.get("alias", {}).get("aliasname", body["relname"]): body["relname"]
        for body in ranges
        if times[body["relname"]] == 1
    }


class _Former:
    """Brings one tree to its form."""

    def __init__(self, qualifiers: dict[str, str]) -> None:
        self._qualifiers = qualifiers

    def form(self, node: Any, cast: str = "") -> Form:
        match node:
            case {"TypeCast": {"arg": arg, "typeName": name}}:
                return self.form(arg, _type_word(name))
            case {"A_Const": constant}:
                return Literal(_constant(constant), cast)
            case {"A_ArrayExpr": body}:
                elements = body.get("elements", [])
                return ("array", *map(self.form, elements)) if elements else Literal("{}", cast)
            case {"A_Expr": body}:
                return self._operation(body)
            case {"BoolExpr": {"boolop": operator, "args": args}}:
                return self._boolean(operator.removesuffix("_EXPR").lower(), map(self.form, args))
            case {"FuncCall": {"funcname": [*_, {"String": {"sval": name}}]}}:
                return ("function", _RENAMED.get(name, name), self._fields(node["FuncCall"], "funcname"))
            case {"ColumnRef": {"fields": fields}}:
                return self._column(fields)
            case {"RangeVar": {"relname": name}}:
                return ("relation", name)
            case {"ResTarget": {"val": value}}:
                return self.form(value)
            case {"CollateClause": {"arg": arg, "collname": [*_, {"String": {"sval": name}}]}}:
                return ("collate", self.form(arg), name)
            case {"SortBy": body}:
                return self._sorted(body)
            case {"SelectStmt": body}:
                return ("select", self._fields(spelled_out(body)))
        return self._other(node)

    def _other(self, node: Any) -> Form:
        if isinstance(node, list):
            return tuple(map(self.form, node))
        if not isinstance(node, dict):
            return node
        if UNREAD in node:
            return UNSURE
        match node:
            case {"CaseExpr": {"defresult": otherwise}} if is_null(otherwise):
                return ("CaseExpr", self._fields(node["CaseExpr"], "defresult"))
            case {"SubLink": {"subLinkType": "ANY_SUBLINK", "operName": [{"String": {"sval": "="}}]}}:
                return ("SubLink", self._fields(node["SubLink"], "operName"))
        if len(node) == 1 and (tag := next(iter(node)))[:1].isupper():
            return (tag, self._fields(node[tag]) if isinstance(node[tag], dict) else node[tag])
        return self._fields(node)

    def _fields(self, body: Node, without: str = "") -> Form:
        left_out = {*_LEFT_OUT, without}
        kept = (key for key in sorted(body) if key not in left_out and body[key] != "SETOP_NONE")
        return tuple((key, self.form(body[key])) for key in kept)

    def _column(self, fields: list[Node]) -> Form:
        last = fields[-1]
        if "String" not in last:
            return ("star",)
        qualifier = fields[-2].get("String", {}).get("sval", "") if len(fields) > 1 else ""
        return ("column", last["String"]["sval"], self._qualifiers.get(qualifier, qualifier))

    def _operation(self, body: Node) -> Form:
        kind, operator = body["kind"], body["name"][-1]["String"]["sval"]
        if kind in _UNTELLABLE:
            return UNSURE
        if kind == "AEXPR_NOT_DISTINCT":
            return ("not", self._operation({**body, "kind": "AEXPR_DISTINCT"}))
        left = self.form(body.get("lexpr"))
        if kind in _BETWEEN:
            word, low, high = _BETWEEN[kind]
            first, last = map(self.form, body["rexpr"]["List"]["items"])
            return self._boolean(word, [("op", low, left, first), ("op", high, left, last)])
        if kind == "AEXPR_IN":
            return self._listed(operator, left, body)
        if "RowExpr" in body.get("lexpr", {}):
            return self._rows(operator, body) or UNSURE
        right = self.form(body.get("rexpr"))
        if kind in _ARRAYS:
            return ("op", operator, left, (_ARRAYS[kind], right))
        if left is None and operator in "+-" and isinstance(right, Literal) and right.text is not None:
            return Literal(_negated(right.text) if operator == "-" else right.text, right.type)
        return ("op", operator if kind in {"AEXPR_OP", "AEXPR_LIKE", "AEXPR_ILIKE"} else kind, left, right)

    def _rows(self, operator: str, body: Node) -> Form | None:
        """`(a, b) = (1, 2)`, which PostgreSQL keeps as `a = 1 AND b = 2`; None for other comparisons of rows."""
        match body:
            case {"lexpr": {"RowExpr": {"args": ours}}, "rexpr": {"RowExpr": {"args": theirs}}}:
                word = {"=": "and", "<>": "or"}.get(operator, "")
                pairs = zip(map(self.form, ours), map(self.form, theirs), strict=False)
                return self._boolean(word, [("op", operator, *pair) for pair in pairs]) if word else None
        return None

    def _listed(self, operator: str, left: Form, whole: Node) -> Form:
        """`a IN (1, 2, b)`, which PostgreSQL keeps as `a = ANY (ARRAY[1, 2]) OR a = b`."""
        listed: list[Node] = whole["rexpr"]["List"]["items"]
        plain = [each for each in listed if not any(tag == "ColumnRef" for tag, _ in walk(each))]
        singles = [each for each in listed if each not in plain]
        if len(plain) <= 1:
            plain, singles = [], listed
        word, quantifier = ("or", "any") if operator == "=" else ("and", "all")
        if "RowExpr" in whole["lexpr"]:
            rows = [{**whole, "kind": "AEXPR_OP", "rexpr": each} for each in listed]
            return self._boolean(word, map(self._operation, rows))
        array = [("op", operator, left, (quantifier, ("array", *map(self.form, plain))))] if plain else []
        return self._boolean(word, [*array, *(("op", operator, left, self.form(each)) for each in singles)])

    def _boolean(self, word: str, parts: Any) -> Form:
        flat: list[Form] = []
        for part in parts:
            flat += part[1:] if word != "not" and isinstance(part, tuple) and part[:1] == (word,) else (part,)
        return flat[0] if len(flat) == 1 and word != "not" else (word, *flat)

    def _sorted(self, body: Node) -> Form:
        descending = body.get("sortby_dir") == "SORTBY_DESC"
        nulls = body.get("sortby_nulls", "SORTBY_NULLS_DEFAULT")
        first = nulls == "SORTBY_NULLS_FIRST" or (descending and nulls == "SORTBY_NULLS_DEFAULT")
        return ("sorted", self.form(body["node"]), descending, first)


def is_null(node: Node) -> bool:
    """Whether an expression is NULL itself, of whatever type."""
    match node:
        case {"A_Const": {"isnull": True}} | {"TypeCast": {"arg": {"A_Const": {"isnull": True}}}}:
            return True
    return False


def _constant(constant: Node) -> str | None:
    match constant:
        case {"isnull": True}:
            return None
        case {"boolval": value}:
            return "true" if value.get("boolval") else "false"
        case {"ival": value}:
            return str(value.get("ival", 0))
        case {"bsval": value}:
            return str(value.get("bsval", "")).lstrip("bx")
    (value,) = (each for key, each in constant.items() if key in {"fval", "sval"})
    return str(next(iter(value.values()), ""))


def _negated(text: str) -> str:
    return text.removeprefix("-") if text.startswith("-") else f"-{text}"


def _type_word(name: Node) -> str:
    return str(name["names"][-1]["String"]["sval"]) + "[]" * ("arrayBounds" in name)
