"""What only an extension brings, where no migration creates that extension."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.extensions import (
    extension_of_function,
    extension_of_method,
    extension_of_operator_class,
    extension_of_type,
)
from raincheck.catalog.refusals.refusal import Refusal
from raincheck.catalog.schema import Table
from raincheck.catalog.volatility import has
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.refusals.refusal import Case
    from raincheck.catalog.schema import Schema
    from raincheck.sql.nodes import Node


def of_index(case: Case) -> Iterator[Refusal]:
    """The access method of an index, then its operator classes."""
    method = case.node.get("accessMethod", "btree")
    message = f'access method "{method}" does not exist'
    yield from _missing(case.schema, extension_of_method(method), "42704", message)
    for wrapped in case.node["indexParams"]:
        names = wrapped["IndexElem"].get("opclass", ())
        name = names[-1]["String"]["sval"] if names else ""
        message = f'operator class "{name}" does not exist for access method "{method}"'
        yield from _missing(case.schema, extension_of_operator_class(name), "42704", message)


def of_default(schema: Schema, definition: Node, version: int) -> Iterator[Refusal]:
    """The function that the default of a new column calls, where it takes no arguments."""
    for wrapped in definition.get("constraints", ()):
        match wrapped["Constraint"].get("raw_expr"):
            case {"FuncCall": {"funcname": [{"String": {"sval": str(name)}}], **call}} if "args" not in call:
                if schema.function(Name("", name)) is None and not has(name, version):
                    message = f"function {name}() does not exist"
                    yield from _missing(schema, extension_of_function(name), "42883", message)


def _missing(schema: Schema, extension: str, code: str, message: str) -> Iterator[Refusal]:
    if extension and schema.whole and extension not in schema.extensions and not _in_use(schema, extension):
        yield Refusal("extension-missing", code, message, "unless-there", extension)


def _in_use(schema: Schema, extension: str) -> bool:
    """Whether a column of one of its types is there already."""
    tables = (relation for relation in schema.relations.values() if isinstance(relation, Table))
    return any(
        extension_of_type(column.type.name.name) == extension for table in tables for column in table.columns
    )
