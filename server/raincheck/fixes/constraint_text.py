"""Where a constraint is written in its statement, and what it is called where the SQL names none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Check, ForeignKey, Key
from raincheck.sql.kinds import Kind
from raincheck.sql.tokens import Shape, tokens
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Constraint
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node

_KINDS: dict[Kind, type[Check | ForeignKey | Key]] = {
    Kind.ADD_CHECK: Check,
    Kind.ADD_FOREIGN_KEY: ForeignKey,
    Kind.ADD_UNIQUE: Key,
    Kind.ADD_PRIMARY_KEY: Key,
}


def constraint_span(step: Step, action: Action) -> Span | None:
    """The text of a constraint in its statement, CONSTRAINT and name included; None where it cannot be told."""
    start = action.node.get("location", -1)
    following = min((at for at in _constraints_beside(action) if at > start), default=None)
    if start < 0 or (action.inline and following is None and _collated(action)):
        return None
    end, depth = start, 0
    for token in tokens(step.statement.text, start):
        depth += (token.shape is Shape.OPEN) - (token.shape is Shape.CLOSE)
        written = step.statement.text[token.start : token.end]
        if depth < 0 or (depth == 0 and written in {",", ";"}) or token.start == following:
            break
        end = token.end
    return Span(start, end)


def unnamed_text(step: Step, action: Action) -> str:
    """The constraint as it is written, without CONSTRAINT and its name: `CHECK (age > 0)`; empty where it cannot be told."""
    span = constraint_span(step, action)
    if span is None:
        return ""
    text = span.within(step.statement.text)
    if "conname" not in action.node:
        return text
    _, named = (token for token, _ in zip(tokens(text), range(2), strict=False))
    return text[named.end :].lstrip()


def constraint_added(step: Step, action: Action) -> Constraint | None:
    """The constraint as the schema behind the step has it; None where nothing is known of the table, or it is not told
    apart from others that the statement adds.
    """
    before = step.before.table(action.relation) if action.relation else None
    after = step.after.table(action.relation) if action.relation else None
    kind = _KINDS.get(action.kind)
    if before is None or after is None or kind is None:
        return None
    dropped = {other.column for other in step.actions if other.kind is Kind.DROP_CONSTRAINT}
    name, known = action.node.get("conname"), {one.name for one in before.constraints} - dropped
    written = {other.node.get("conname") for other in step.actions}
    new = [one for one in after.constraints if isinstance(one, kind) and one.name not in known]
    found = [one for one in new if one.name == name or (name is None and one.name not in written)]
    return found[0] if len(found) == 1 else None


def definition(action: Action) -> Node:
    """The ColumnDef that an inline constraint is written in; empty where it stands by itself."""
    for wrapped in action.statement.get("cmds", ()) if action.inline else ():
        match wrapped["AlterTableCmd"]:
            case {"def": {"ColumnDef": {"colname": name} as found}} if name == action.column:
                node: Node = found
                return node
    return {}


def single(action: Action) -> bool:
    """Whether the statement is an ALTER TABLE with one subcommand, about a table that has to be there."""
    statement = action.statement
    one = len(statement.get("cmds", ())) == 1 and not statement.get("missing_ok")
    return one and bool(statement["relation"].get("inh"))


def _constraints_beside(action: Action) -> Iterator[int]:
    """The places of the constraints of an inline constraint's column; DEFERRABLE and the like belong to theirs."""
    for wrapped in definition(action).get("constraints", ()):
        constraint = wrapped["Constraint"]
        if not constraint["contype"].startswith("CONSTR_ATTR"):
            yield constraint.get("location", -1)


def _collated(action: Action) -> bool:
    return "collClause" in definition(action)
