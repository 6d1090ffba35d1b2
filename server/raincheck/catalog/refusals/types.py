"""Types that are there already or not there, enums and their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.extensions import extension_of_type
from raincheck.catalog.refusals.refusal import Refusal, existing_type, known, missing_schema, settled
from raincheck.catalog.schema import Enum, Table, View
from raincheck.catalog.typenames import BUILTIN, SERIALS
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.refusals.refusal import Case
    from raincheck.catalog.schema import Schema
    from raincheck.sql.nodes import Node


def created(case: Case) -> Iterator[Refusal]:
    """CREATE TYPE and CREATE DOMAIN; a table or view has a type of its own name, too."""
    yield from missing_schema(case.schema, case.name)
    yield from existing_type(case.schema, case.name)
    if isinstance(known(case.schema, case.name), Table | View):
        yield Refusal("type-exists", "42710", f'type "{case.name.name}" already exists')


def changed(case: Case) -> Iterator[Refusal]:
    """ALTER TYPE, DROP TYPE and their kin."""
    if not case.lenient:
        yield from _missing(case.schema, case.name, "")


def renamed(case: Case) -> Iterator[Refusal]:
    yield from changed(case)
    found = case.schema.type(case.name)
    if found is not None:
        yield from existing_type(case.schema, Name(found.name.schema, case.node["newname"]))


def value_added(case: Case) -> Iterator[Refusal]:
    if case.schema.type(case.name) is None:
        yield from _missing(case.schema, case.name, "")
    enum = _enum(case)
    if enum is None:
        return
    node = case.node
    if node["newVal"] in enum.values:
        if not case.lenient:
            yield _label_there(node["newVal"])
        return
    neighbour = node.get("newValNeighbor")
    if neighbour is not None and neighbour not in enum.values:
        yield _no_label(neighbour)


def value_renamed(case: Case) -> Iterator[Refusal]:
    if case.schema.type(case.name) is None:
        yield from _missing(case.schema, case.name, "")
    enum = _enum(case)
    if enum is not None and case.node["oldVal"] not in enum.values:
        yield _no_label(case.node["oldVal"])
    elif enum is not None and case.node["newVal"] in enum.values:
        yield _label_there(case.node["newVal"])


def missing_type(schema: Schema, node: Node) -> Iterator[Refusal]:
    """That the type a TypeName node names is not there."""
    names = node["names"]
    last = names[-1]["String"]["sval"]
    if names[0]["String"]["sval"] == "pg_catalog" or (len(names) == 1 and last in _OWN):
        return
    written = Name(names[-2]["String"]["sval"] if len(names) > 1 else "", last)
    if not node.get("pct_type"):
        yield from _missing(schema, written, "[]" * len(node.get("arrayBounds", ())))


_OWN = BUILTIN | SERIALS.keys()


def _missing(schema: Schema, written: Name, brackets: str) -> Iterator[Refusal]:
    """A type that migrations dropped, or that they should have made and did not."""
    if schema.type(written) is not None or written.schema == "pg_catalog" or not settled(schema, written):
        return
    if not written.schema and written.name in BUILTIN:
        return
    full = Name(written.schema or "public", written.name)
    if full in schema.relations:
        return
    message = f'type "{written}{brackets}" does not exist'
    extension = extension_of_type(written.name)
    if full in schema.gone:
        yield Refusal("type-missing", "42704", message)
    elif not schema.whole or _in_use(schema, full):
        return
    elif extension and extension not in schema.extensions:
        yield Refusal("extension-missing", "42704", message, "unless-there", extension)
    elif not extension and _ours(schema, written, full):
        yield Refusal("type-missing", "42704", message, "unless-there", str(full))


def _in_use(schema: Schema, full: Name) -> bool:
    """Whether a column has the type already, so that an earlier statement met it, or has been told of."""
    tables = (relation for relation in schema.relations.values() if isinstance(relation, Table))
    return any(column.type.name == full for table in tables for column in table.columns)


def _ours(schema: Schema, written: Name, full: Name) -> bool:
    """Whether a type of that name would have to come from a migration: no extension may have brought it."""
    if schema.extensions or full.schema not in schema.schemas:
        return False
    return bool(written.schema) or all(
        name.name != written.name for name in (*schema.types, *schema.relations)
    )


def _enum(case: Case) -> Enum | None:
    found = case.schema.type(case.name)
    return found if isinstance(found, Enum) and settled(case.schema, found.name) else None


def _label_there(value: str) -> Refusal:
    return Refusal("enum-value-exists", "42710", f'enum label "{value}" already exists')


def _no_label(value: str) -> Refusal:
    return Refusal("enum-value-missing", "22023", f'"{value}" is not an existing enum label')
