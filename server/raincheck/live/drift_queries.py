"""What can be said of two queries that are not equal: what they are made of, and what their clauses stand for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from raincheck.live.drift_literals import Literal, same_literal
from raincheck.live.introspect_parts import UNREAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.sql.nodes import Node

Form = Any
"""A nested tuple, a Literal or a plain value."""
UNSURE = ("unsure",)


def is_unsure(form: Form) -> bool:
    """Whether some of it has no form that is sure."""
    return any(each == UNSURE for each in _pieces(form))


def _pieces(form: Form) -> Iterator[Any]:
    """All that a form is made of."""
    left = [form]
    while left:
        item = left.pop()
        yield item
        if isinstance(item, tuple):
            left += item


def differ(written: Form, printed: Form) -> bool:
    """Whether two queries are made of different things, which no way of printing explains."""
    ours, theirs = list(_pieces(written)), list(_pieces(printed))
    if UNSURE in ours or UNSURE in theirs:
        return False
    starred = ("star",) in ours
    kinds = ("relation", "function") if starred else ("relation", "function", "op", "and", "or", "column")
    if any(_made_of(ours, kind) != _made_of(theirs, kind) for kind in kinds):
        return True
    return _literalsdiffer(ours, theirs)


def _made_of(pieces: list[Any], kind: str) -> Counter[Any] | set[Any]:
    forms = [each for each in pieces if isinstance(each, tuple) and each[:1] == (kind,)]
    found = [kind if kind in {"and", "or"} else form[1] for form in forms]
    return set(found) if kind == "column" else Counter(found)


def _literalsdiffer(ours: list[Any], theirs: list[Any]) -> bool:
    """Whether one side has a constant that none of the other can be."""
    written = [each for each in ours if isinstance(each, Literal) and each.text is not None]
    printed = [each for each in theirs if isinstance(each, Literal) and each.text is not None]
    lone = [one for one in written if all(same_literal(one, other) is False for other in printed)]
    return bool(lone) or any(all(same_literal(one, other) is False for one in written) for other in printed)


def spelled_out(select: Node) -> Node:
    """A SELECT in which GROUP BY and ORDER BY repeat the output columns that they name by number or alias."""
    outputs = [wrapped["ResTarget"] for wrapped in select.get("targetList", ())]

    def meant(node: Node, *, grouping: bool) -> Node:
        match node:
            case {"A_Const": {"ival": {"ival": int(number)}}}:
                is_known = number <= len(outputs) and not _has_star(outputs)
                return outputs[number - 1]["val"] if is_known else {UNREAD: {}}
            case {"ColumnRef": {"fields": [{"String": {"sval": str(name)}}]}}:
                found = next((each["val"] for each in outputs if each.get("name") == name), node)
                return found if "ColumnRef" in found or not grouping else {UNREAD: {}}
        return node

    changed = dict(select)
    if "groupClause" in select:
        changed["groupClause"] = [meant(each, grouping=True) for each in select["groupClause"]]
    if "sortClause" in select:
        changed["sortClause"] = [
            {"SortBy": {**each["SortBy"], "node": meant(each["SortBy"]["node"], grouping=False)}}
            for each in select["sortClause"]
        ]
    return changed


def _has_star(outputs: list[Node]) -> bool:
    return any("A_Star" in str(each["val"].get("ColumnRef", "")) for each in outputs)
