"""What goes along with something that is dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog.diff import diff
from raincheck.catalog.evolve import evolve, in_passes
from raincheck.catalog.expressions import columns_in
from raincheck.catalog.schema import Check, ForeignKey, Key
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.catalog.diff import Difference
    from raincheck.catalog.schema import Constraint, Index, Schema
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_WORDS = {"foreign key": "the foreign key", "not null": "the constraint", "key": "the key"}


def cascades(action: Action) -> bool:
    return "DROP_CASCADE" in {action.node.get("behavior"), action.statement.get("behavior")}


def dropped_along(step: Step) -> Iterator[Difference]:
    """What the statement drops with CASCADE (or would drop, did it say so) and not without."""
    cautious, bold = _behaving(step, "DROP_RESTRICT"), _behaving(step, "DROP_CASCADE")
    for each in diff(cautious, bold):
        gone = each.aspect == "default" or (not each.aspect and each.left)
        inside = bool(each.part) and each.of not in bold.relations
        if gone and not inside and each.what not in {"index", "sequence"}:
            yield each


def _behaving(step: Step, behavior: str) -> Schema:
    """The schema behind the step, had each of its drops this behavior."""
    schema = step.before
    for action in in_passes(step.actions):
        node = {**action.node, "behavior": behavior} if "behavior" in action.node else action.node
        schema = evolve(schema, replace(action, node=node), step.statement.text)
    return schema


def lost_words(each: Difference) -> str:
    if each.aspect == "default":
        return f"the default of {quoted_name(each.of)}.{always_quoted(each.part)}"
    if not each.part:
        return f"the {each.what} {quoted_name(each.of)}"
    word = _WORDS.get(each.what, f"the {each.what}")
    return f"{word} {always_quoted(each.part)} of {quoted_name(each.of)}"


def columns_of_index(index: Index) -> list[str]:
    """The columns an index is about: its keys', and those of its expressions and of its condition."""
    named = {element.column for element in index.elements if element.column is not None}
    for expression in (index.where, *(element.expression for element in index.elements)):
        named |= columns_in(expression.node) if expression is not None else set()
    return sorted(named)


def index_words(index: Index) -> str:
    """`the unique index "users_email_idx" on ("email")`."""
    columns = ", ".join(map(always_quoted, columns_of_index(index)))
    return f"the {'unique ' if index.unique else ''}index {always_quoted(index.name.name)} on ({columns})"


def columns_of_constraint(constraint: Constraint) -> Sequence[str]:
    """The columns a key, foreign key or check is about; none of an exclusion constraint, which its index tells."""
    match constraint:
        case Key(columns=columns) | ForeignKey(columns=columns):
            return columns
        case Check(expression=expression):
            return sorted(columns_in(expression.node))
    return ()


def constraint_words(constraint: Constraint) -> str:
    """`the key "rooms_site_name_uq" on ("site_id", "name")`."""
    word = {Key: "the key", ForeignKey: "the foreign key"}.get(type(constraint), "the check")
    columns = ", ".join(map(always_quoted, columns_of_constraint(constraint)))
    return f"{word} {always_quoted(constraint.name)} on ({columns})"
