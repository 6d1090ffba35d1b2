"""The outline of a file: its statements by what they do, with what is in them; the migrations of a journal or seal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from raincheck.ide.history import entries
from raincheck.ide.titles import action_title, named, shortened, title
from raincheck.sql.kinds import Kind
from raincheck.sql.pieces import commands, elements
from raincheck.sql.reading import understand
from raincheck.sql.tags import CONSTRAINTS
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeVar

    from raincheck.project.project import Project
    from raincheck.sql.actions import Action
    from raincheck.sql.document import Document, Statement
    from raincheck.sql.nodes import Node

    Thing = TypeVar("Thing")

_NAME = re.compile(r'(?:"(?:[^"]|"")*"|[\w$]+)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[\w$]+))*')


@dataclass(frozen=True, slots=True)
class Symbol:
    """A line of the outline. `of` says what it is about: "table", "column", "index", ...; `span` holds `name_span`."""

    name: str
    of: str
    span: Span
    name_span: Span
    children: tuple[Symbol | Placed, ...] = ()


class Placed(NamedTuple):
    """A statement as a line of the outline: its text, from which all of the symbol follows, and where that begins."""

    start: int
    text: str

    @property
    def symbol(self) -> Symbol:
        """Its symbol, at places that count from its start."""
        return symbol_of(self.text)


def outline(project: Project, path: str, document: Document | None) -> tuple[Symbol | Placed, ...]:
    """The outline of a migration (`document`), of the journal or of the seal; of any other file none."""
    if document is None:
        return tuple(Symbol(one.tag, "migration", one.span, one.span) for one in entries(project, path))
    if len(document.chunks) > 1:
        return tuple(_queries(document))
    return tuple(_placed(one) for one in document.statements)


def _placed(statement: Statement) -> Placed:
    return Placed(statement.span.start, statement.text)


def _queries(document: Document) -> Iterator[Symbol | Placed]:
    """The statements; those that are sent together, where not all are, are one line with them inside."""
    for _, group in groupby(document.statements, key=attrgetter("chunk")):
        statements = list(group)
        if len(statements) == 1:
            yield _placed(statements[0])
            continue
        span = Span(statements[0].span.start, statements[-1].span.end)
        name = f"{len(statements)} statements in one query"
        yield Symbol(name, "query", span, statements[0].span, tuple(_placed(one) for one in statements))


@lru_cache(maxsize=16_384)
def symbol_of(text: str) -> Symbol:
    """The symbol of a statement's text, its places counted from there."""
    said = understand(text)
    span = Span(0, len(text))
    name = title(said.actions, text)
    if not said.actions or said.node is None:
        return Symbol(name, "other", span, _first_line(text))
    ((tag, node),) = said.node.items()
    relation = node.get("relation") or node.get("view") or node.get("sequence") or {}
    return Symbol(
        name,
        _about(said.actions),
        span,
        _name_span(text, relation),
        tuple(_parts(text, tag, node, said.actions)),
    )


def _about(actions: Sequence[Action]) -> str:
    first = actions[1] if actions[0].kind is Kind.DO and len(actions) > 1 else actions[0]
    return _ABOUT.get(first.kind) or next(
        (of for word, of in _BY_WORD.items() if word in first.kind), "other"
    )


def _parts(text: str, tag: str, node: Node, actions: Sequence[Action]) -> Iterator[Symbol]:
    """The columns and constraints of a new table; the commands of an ALTER TABLE that has several."""
    if tag == "CreateStmt":
        for span, element in _paired(elements(text, node), node.get("tableElts", ())):
            yield _element(text, span, element)
    elif tag == "AlterTableStmt" and len(parts := named(actions)) > 1:
        for span, action in _paired(commands(text, node), parts):
            yield Symbol(action_title(action), _about([action]), span, span)


def _paired(spans: list[Span], items: Sequence[Thing]) -> Iterator[tuple[Span, Thing]]:
    """The items at their places, where each has one."""
    return zip(spans, items, strict=True) if len(spans) == len(items) else iter(())


def _element(text: str, span: Span, element: Node) -> Symbol:
    match element:
        case {"ColumnDef": {"colname": name}}:
            return Symbol(name, "column", span, _name_at(text, span.start) or span)
        case {"Constraint": constraint}:
            kind = (
                str(CONSTRAINTS.get(constraint["contype"], "constraint"))
                .removeprefix("add_")
                .replace("_", " ")
            )
            return Symbol(constraint.get("conname") or kind.capitalize(), "constraint", span, span)
    return Symbol(shortened(span.within(text)), "other", span, span)


def _name_span(text: str, relation: Node) -> Span:
    found = _name_at(text, relation["location"]) if "location" in relation else None
    return found or _first_line(text)


def _name_at(text: str, at: int) -> Span | None:
    found = _NAME.match(text, at)
    return Span(*found.span()) if found else None


def _first_line(text: str) -> Span:
    return Span(0, len(re.split(r"[\r\n]", text, maxsplit=1)[0]))


_ABOUT = {
    Kind.RENAME_TABLE: "table",
    Kind.TRUNCATE: "table",
    Kind.SET_ROW_SECURITY: "table",
    Kind.SET_SCHEMA: "table",
    Kind.SET_NOT_NULL: "column",
    Kind.DROP_NOT_NULL: "column",
    Kind.ADD_CHECK: "constraint",
    Kind.ADD_FOREIGN_KEY: "constraint",
    Kind.ADD_UNIQUE: "constraint",
    Kind.ADD_PRIMARY_KEY: "constraint",
    Kind.ADD_EXCLUSION: "constraint",
    Kind.REINDEX: "index",
    Kind.SET_DEFAULT: "column",
    Kind.DROP_DEFAULT: "column",
    Kind.INSERT: "rows",
    Kind.UPDATE: "rows",
    Kind.DELETE: "rows",
    Kind.MERGE: "rows",
    Kind.COPY: "rows",
    Kind.BEGIN: "session",
    Kind.COMMIT: "session",
    Kind.ROLLBACK: "session",
    Kind.SET: "session",
    Kind.CREATE_DOMAIN: "type",
    Kind.ALTER_DOMAIN: "type",
}
_BY_WORD = {
    "constraint": "constraint",
    "column": "column",
    "identity": "column",
    "expression": "column",
    "index": "index",
    "enum": "enum",
    "type": "type",
    "view": "view",
    "sequence": "sequence",
    "schema": "schema",
    "extension": "schema",
    "function": "function",
    "trigger": "function",
    "policy": "policy",
    "table": "table",
}
"""By a word in the kind's name."""
