"""Expressions as definitions keep them: what they name, how they follow renames, and where they stand in the SQL."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from raincheck.catalog.schema import Expression
from raincheck.sql.expressions import default_source, find_keyword, parenthesised, rest_after, walk
from raincheck.sql.names import Name, literal, quoted_name
from raincheck.sql.tokens import Shape, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from raincheck.catalog.schema import Schema
    from raincheck.sql.nodes import Node

_AFTER_QUERY = re.compile(
    r"\s+WITH\s+(?:(?:NO\s+)?DATA|(?:(?:LOCAL|CASCADED)\s+)?CHECK\s+OPTION)\s*\Z", re.IGNORECASE
)


@dataclass(frozen=True, eq=False)
class NextValue(Expression):
    """A default that takes the next value of a sequence, known by its full name."""

    sequence: Name


def columns_in(node: Any) -> set[str]:
    """The columns an expression names, whatever table they are of; "*" among them where it takes all of one."""
    lasts = (body["fields"][-1] for tag, body in walk(node) if tag == "ColumnRef")
    return {last["String"]["sval"] if "String" in last else "*" for last in lasts}


def relations_in(node: Any) -> tuple[Name, ...]:
    """The relations a query names, in order of appearance, without its own WITH queries."""
    own = {body["ctename"] for tag, body in walk(node) if tag == "CommonTableExpr"}
    found = (
        Name(body.get("schemaname", ""), body["relname"])
        for tag, body in walk(node)
        if tag == "RangeVar" and ("schemaname" in body or body["relname"] not in own)
    )
    return tuple(dict.fromkeys(found))


def of_table(node: Node, origin: str | Callable[[], str]) -> Expression:
    """An expression over the columns of one table, without the table's name: PostgreSQL keeps none either."""
    if any(tag == "ColumnRef" and len(body["fields"]) > 1 for tag, body in walk(node)):
        node = _with_fields(node, lambda fields: fields[-1:])
    return Expression(node, origin)


def with_column_renamed(expression: Expression, old: str, new: str) -> Expression:
    """The expression after a column of its table got another name; its source stays what the user wrote."""
    if isinstance(expression, NextValue) or old not in columns_in(expression.node):
        return expression

    def renamed(fields: list[Node]) -> list[Node]:
        is_old = fields[-1].get("String", {}).get("sval") == old
        return [*fields[:-1], {"String": {"sval": new}}] if is_old else fields

    return Expression(_with_fields(expression.node, renamed), expression.origin)


def next_value(sequence: Name, origin: str | Callable[[], str] = "") -> NextValue:
    """`nextval('"public"."users_id_seq"'::regclass)`: the default of a serial column."""
    written = quoted_name(sequence, omit_public=False)
    name = {"A_Const": {"sval": {"sval": written}}}
    cast = {
        "TypeCast": {"arg": name, "typeName": {"names": [{"String": {"sval": "regclass"}}], "typemod": -1}}
    }
    call = {
        "funcname": [{"String": {"sval": "nextval"}}],
        "args": [cast],
        "funcformat": "COERCE_EXPLICIT_CALL",
    }
    return NextValue({"FuncCall": call}, origin or f"nextval({literal(written)}::regclass)", sequence)


def default(schema: Schema, node: Node, origin: str | Callable[[], str]) -> Expression:
    """A column's default; a sequence that it names is looked up now, as PostgreSQL does."""
    match node:
        case {"FuncCall": {"funcname": [*_, {"String": {"sval": "nextval"}}], "args": [argument]}}:
            match argument:
                case {"A_Const": {"sval": {"sval": str(text)}}} | {
                    "TypeCast": {"arg": {"A_Const": {"sval": {"sval": str(text)}}}}
                }:
                    return next_value(schema.resolve(written_name(text)), origin)
    return Expression(node, origin)


def written_name(text: str) -> Name:
    """The relation that a text names to regclass: `public."Users_id_seq"`."""
    parts = re.findall(r'"((?:[^"]|"")*)"|([^".\s]+)', text)
    names = [quoted.replace('""', '"') or plain.lower() for quoted, plain in parts]
    return Name(names[-2] if len(names) > 1 else "", names[-1] if names else "")


def set_default_origin(text: str, node: Node) -> Callable[[], str]:
    """The source of an ALTER COLUMN ... SET DEFAULT: behind the last DEFAULT that stands before the expression."""

    def cut() -> str:
        first = leftmost(node)
        at = find_keyword(text, "DEFAULT")
        while at is not None and (following := find_keyword(text, "DEFAULT", at + 1)) and following < first:
            at = following
        return default_source(text, at) if at is not None else ""

    return cut


def parenthesised_after(text: str, keyword: str, location: int = 0) -> Callable[[], str]:
    """The source of what stands in the first parentheses behind a keyword."""

    def cut() -> str:
        at = find_keyword(text, keyword, location)
        return "" if at is None else parenthesised(text, at)

    return cut


def query_origin(text: str) -> Callable[[], str]:
    """The source of a view's query: what follows AS, without WITH NO DATA or WITH CHECK OPTION."""
    return lambda: _AFTER_QUERY.sub("", rest_after(text, "AS"))


def bound(node: Node, text: str) -> Expression | Literal["default"]:
    """A partition's bound, from a PartitionBoundSpec node."""
    if node.get("is_default"):
        return "default"

    def cut() -> str:
        at: int = node["location"]
        first = parenthesised(text, at)
        match node["strategy"]:
            case "r":
                return f"FOR VALUES FROM ({first}) TO ({parenthesised_after(text, 'TO', at)()})"
            case "l":
                return f"FOR VALUES IN ({first})"
        return f"FOR VALUES WITH ({first})"

    return Expression(node, cut)


def element_origin(text: str, location: int, number: int) -> Callable[[], str]:
    """The source of the expression in one element of the list in parentheses behind a place."""

    def cut() -> str:
        listed = parenthesised(text, location)
        elements = _split_at_commas(listed)
        return _leading_expression(elements[number]) if number < len(elements) else listed

    return cut


def leftmost(node: Any) -> int:
    """The first place in a statement that a tree names; 0 where it names none."""
    places = (body.get("location", -1) for _, body in walk(node))
    return min((place for place in places if isinstance(place, int) and place >= 0), default=0)


def _with_fields(node: Node, change: Callable[[list[Node]], list[Node]]) -> Node:
    """A copy of a tree, however deep, with the names of its columns changed."""
    copied: list[Node] = [node]
    left: list[tuple[Any, Any]] = [(copied, 0)]
    while left:
        holder, key = left.pop()
        item = holder[key]
        if isinstance(item, dict):
            item = holder[key] = dict(item)
            if key == "ColumnRef" and "String" in item["fields"][-1]:
                item["fields"] = change(item["fields"])
            left += ((item, each) for each in item)
        elif isinstance(item, list):
            item = holder[key] = list(item)
            left += ((item, each) for each in range(len(item)))
    return copied[0]


def _split_at_commas(text: str) -> list[str]:
    cuts, depth = [-1], 0
    for token in tokens(text):
        depth += (token.shape is Shape.OPEN) - (token.shape is Shape.CLOSE)
        if depth == 0 and text[token.start] == "," and token.shape is Shape.OTHER:
            cuts.append(token.start)
    cuts.append(len(text))
    return [text[start + 1 : end].strip() for start, end in itertools.pairwise(cuts)]


def _leading_expression(element: str) -> str:
    """An index element without what may follow its expression: `(a + b)` of `(a + b) DESC`, `lower(a)` of `lower(a) x`."""
    inner = parenthesised(element, 0)
    if element.startswith("("):
        return inner
    depth = 0
    for token in tokens(element):
        depth += (token.shape is Shape.OPEN) - (token.shape is Shape.CLOSE)
        if depth == 0 and token.shape is Shape.CLOSE:
            return element[: token.end]
    return element
