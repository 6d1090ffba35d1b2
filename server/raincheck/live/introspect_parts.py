"""Rows of pg_catalog as the parts of our catalog; the texts that the server prints are read by the parser."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from raincheck.catalog import expressions
from raincheck.catalog.attached import EVENTS, timing
from raincheck.catalog.constraints import ON_CHANGE
from raincheck.catalog.indexes import create_index
from raincheck.catalog.namespaces import create_function
from raincheck.catalog.schema import (
    EMPTY,
    Check,
    Column,
    Exclusion,
    Expression,
    ForeignKey,
    Function,
    Generated,
    Identity,
    Index,
    Key,
    Policy,
    Sequence,
    SequenceOptions,
    Trigger,
    Type,
)
from raincheck.catalog.sequences import normal
from raincheck.catalog.tables import create_table
from raincheck.catalog.typenames import type_of
from raincheck.sql.expressions import parse_expression, parse_type
from raincheck.sql.names import Name
from raincheck.sql.parse import parse
from raincheck.sql.reading import understand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raincheck.live.introspect_queries import (
        ColumnRow,
        ConstraintRow,
        FunctionRow,
        IndexRow,
        PolicyRow,
        SequenceRow,
        TriggerRow,
    )

_COMMANDS = {"*": "all", "r": "select", "a": "insert", "w": "update", "d": "delete"}
"""pg_policy.polcmd."""
_FOR_EACH_ROW = 1 << 0
"""The bit of pg_trigger.tgtype."""
UNREAD = "Unread"
"""The tag of an expression that the parser does not take: a form that only a newer server prints."""


@lru_cache(maxsize=4096)
def type_named(text: str) -> Type:
    """A type as format_type prints it."""
    node = parse_type(text)
    return Type(Name("", text)) if node is None else type_of(EMPTY, node)


def expression(text: str) -> Expression:
    return Expression(parse_expression(text) or {UNREAD: {"text": text}}, text)


def maybe(text: str | None) -> Expression | None:
    return None if text is None else expression(text)


def default_of(text: str | None) -> Expression | None:
    """A default; that of a serial column knows its sequence."""
    return None if text is None else expressions.default(EMPTY, expression(text).node, text)


def query(text: str) -> Expression:
    """A view's query."""
    sql = text.strip().rstrip(";")
    return Expression(parse(sql).node or {UNREAD: {"text": sql}}, sql)


def column(row: ColumnRow, identity: tuple[Name, SequenceOptions] | None, *, unproven: bool) -> Column:
    """A column; `unproven` where its NOT NULL is not validated, so that it may hold NULLs."""
    default, generated = None, None
    if row.default is not None and row.generated:
        generated = Generated(expression(row.default), row.generated == "s")
    else:
        default = default_of(row.default)
    return Column(
        row.name,
        type_named(row.type),
        row.not_null and not unproven,
        default,
        generated,
        Identity(row.identity == "a", *identity) if identity and row.identity else None,
        Name(row.collation_schema or "", row.collation) if row.collation else None,
        row.local,
    )


def key(row: ConstraintRow, columns: tuple[str, ...], index: Index | None) -> Key:
    return Key(
        row.name,
        columns,
        row.kind == "p",
        index is not None and index.nulls_not_distinct,
        row.deferrable,
        index.include if index else (),
    )


def foreign_key(
    row: ConstraintRow, columns: tuple[str, ...], target: Name, references: tuple[str, ...]
) -> ForeignKey:
    return ForeignKey(
        row.name,
        columns,
        target,
        references,
        ON_CHANGE[row.on_delete],
        ON_CHANGE[row.on_update],
        row.validated,
        row.enforced,
        row.deferrable,
        row.initially_deferred,
    )


def check(row: ConstraintRow) -> Check:
    found = expression(row.expression or "")
    return Check(row.name, found, row.validated, row.enforced, row.no_inherit, row.local)


def exclusion(row: ConstraintRow) -> Exclusion:
    return Exclusion(row.name)


def index(row: IndexRow, name: Name) -> Index:
    """An index by its CREATE INDEX statement."""
    found = understand(row.definition)
    for action in found.actions:
        made = create_index(EMPTY, action, row.definition).relations.get(name)
        if isinstance(made, Index):
            return made
    return Index(name, row.oid, Name("", ""))


def sequence(row: SequenceRow, name: Name, owner: tuple[Name, str] | None) -> Sequence:
    return Sequence(name, row.oid, sequence_options(row), owner, row.identity)


def sequence_options(row: SequenceRow) -> SequenceOptions:
    return normal(
        SequenceOptions(
            row.start,
            row.increment,
            row.minimum,
            row.maximum,
            row.cache,
            row.cycle,
            None if row.type == "bigint" else row.type,
        )
    )


def policy(row: PolicyRow) -> Policy:
    return Policy(
        row.name,
        row.permissive,
        _COMMANDS[row.command],
        tuple(row.roles),
        maybe(row.using),
        maybe(row.check),
    )


def trigger(row: TriggerRow) -> Trigger:
    return Trigger(
        row.name,
        Name(row.function_schema, row.function),
        timing(row.bits),
        tuple(name for name, bit in EVENTS.items() if row.bits & bit),
        row.enabled,
        row.constraint,
        bool(row.bits & _FOR_EACH_ROW),
        tuple(row.columns),
    )


def with_function(functions: Mapping[Name, Function], row: FunctionRow) -> Function | None:
    """The function of a row, with the overloads before it; None where the parser does not take its definition."""
    name = Name(row.schema, row.name)
    text = row.definition.strip().replace("CREATE OR REPLACE ", "CREATE ", 1)
    known = functions.get(name)
    schema = EMPTY if known is None else replace(EMPTY, functions=EMPTY.functions.insert(name, known))
    for action in understand(text).actions:
        return create_function(schema, action, text).functions.get(name)
    return None


def partitioning(text: str) -> Expression | None:
    """What pg_get_partkeydef prints: `RANGE (created_at)`."""
    sql = f"CREATE TABLE t () PARTITION BY {text}"
    for action in understand(sql).actions:
        made = create_table(EMPTY, action, sql).table(Name("", "t"))
        return made.partition_key if made else None
    return Expression({UNREAD: {"text": text}}, text)


def bound(text: str) -> Expression | Literal["default"]:
    """A partition's bound as pg_get_expr prints it: `FOR VALUES FROM (1) TO (2)`."""
    sql = f"CREATE TABLE t PARTITION OF p {text}"
    match parse(sql).node:
        case {"CreateStmt": {"partbound": dict() as node}}:
            return expressions.bound(node, sql)
    return Expression({UNREAD: {"text": text}}, text)


def persistence(letter: str) -> Literal["permanent", "unlogged", "temporary"]:
    return "unlogged" if letter == "u" else "permanent"


def options(listed: list[str] | None) -> dict[str, str]:
    """`reloptions`: {"fillfactor": "70"}."""
    return dict(option.split("=", 1) for option in listed or ())
