"""Relations that are there already or not there: tables, indexes, views and sequences share one namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.expressions import relations_in
from raincheck.catalog.refusals.refusal import (
    Refusal,
    existing_relation,
    existing_type,
    known,
    known_table,
    missing_relation,
    missing_schema,
)
from raincheck.catalog.schema import Table
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.refusals.refusal import Case


def table_created(case: Case) -> Iterator[Refusal]:
    """CREATE TABLE, CREATE TABLE AS, CREATE MATERIALIZED VIEW, CREATE SEQUENCE."""
    if _temporary(case):
        return
    yield from missing_schema(case.schema, case.name)
    if not case.lenient:
        yield from existing_relation(case.schema, case.name)
        yield from existing_type(case.schema, case.name)


def already(case: Case) -> bool:
    """Whether IF NOT EXISTS makes the action do nothing, or it is about a table that ends with its session."""
    return _temporary(case) or (case.lenient and case.schema.relation(case.name) is not None)


def view_created(case: Case) -> Iterator[Refusal]:
    """CREATE VIEW, without OR REPLACE; and what its query reads."""
    if _temporary(case):
        return
    yield from missing_schema(case.schema, case.name)
    if not case.node.get("replace"):
        yield from existing_relation(case.schema, case.name)
    for name in relations_in(case.node["query"]):
        yield from missing_relation(case.schema, name)


def index_created(case: Case) -> Iterator[Refusal]:
    yield from missing_relation(case.schema, case.name)
    table = case.schema.relation(case.name)
    if table is not None and "idxname" in case.node and not case.lenient:
        yield from existing_relation(case.schema, Name(table.name.schema, case.node["idxname"]))


def used(case: Case) -> Iterator[Refusal]:
    """What changes, reads or writes a relation needs it to be there."""
    if not case.lenient and case.name.name:
        yield from missing_relation(case.schema, case.name)


_WORDS = {
    "OBJECT_TABLE": ("table", "42P01"),
    "OBJECT_VIEW": ("view", "42P01"),
    "OBJECT_MATVIEW": ("materialized view", "42P01"),
    "OBJECT_SEQUENCE": ("sequence", "42P01"),
    "OBJECT_INDEX": ("index", "42704"),
}


def dropped(case: Case) -> Iterator[Refusal]:
    if not case.lenient:
        word, code = _WORDS.get(case.node.get("removeType", ""), ("", "42P01"))
        yield from missing_relation(case.schema, case.name, word, code)


def renamed(case: Case) -> Iterator[Refusal]:
    """RENAME TO of a relation of any kind."""
    yield from used(case)
    found = known(case.schema, case.name)
    if found is not None:
        yield from existing_relation(case.schema, Name(found.name.schema, case.node["newname"]))


def moved(case: Case) -> Iterator[Refusal]:
    """SET SCHEMA."""
    if case.node["objectType"] in {"OBJECT_TYPE", "OBJECT_DOMAIN"}:
        return
    yield from used(case)
    found, new = known(case.schema, case.name), case.node["newschema"]
    if found is not None:
        yield from missing_schema(case.schema, Name(new, ""))
        if known(case.schema, Name(new, found.name.name)) is not None and new != found.name.schema:
            message = f'relation "{found.name.name}" already exists in schema "{new}"'
            yield Refusal("relation-exists", "42P07", message)


def policy_created(case: Case) -> Iterator[Refusal]:
    yield from used(case)
    name = case.node["policy_name"]
    if _has_policy(case, name):
        yield Refusal(
            "policy-exists", "42710", f'policy "{name}" for table "{case.name.name}" already exists'
        )


def policy_used(case: Case) -> Iterator[Refusal]:
    """ALTER, RENAME and DROP POLICY."""
    if case.lenient:
        return
    yield from used(case)
    name = case.action.column or case.node.get("policy_name", "")
    if known_table(case.schema, case.name) is not None and not _has_policy(case, name):
        yield Refusal(
            "policy-missing", "42704", f'policy "{name}" for table "{case.name.name}" does not exist'
        )


def schema_created(case: Case) -> Iterator[Refusal]:
    name = case.name.name
    if name in case.schema.schemas and not case.lenient:
        yield Refusal("schema-exists", "42P06", f'schema "{name}" already exists')


def schema_used(case: Case) -> Iterator[Refusal]:
    """ALTER SCHEMA ... RENAME and DROP SCHEMA."""
    name = case.name.name
    if not case.lenient and name not in case.schema.schemas and Name("", name) in case.schema.gone:
        yield Refusal("schema-missing", "3F000", f'schema "{name}" does not exist')
    new = case.node.get("newname")
    if new in case.schema.schemas and name in case.schema.schemas:
        yield Refusal("schema-exists", "42P06", f'schema "{new}" already exists')


def _has_policy(case: Case, name: str) -> bool:
    table = known(case.schema, case.name)
    return isinstance(table, Table) and any(policy.name == name for policy in table.policies)


def _temporary(case: Case) -> bool:
    node = case.node
    into = node.get("into") or node.get("intoClause") or {}
    relation = node.get("relation") or node.get("view") or node.get("sequence") or into.get("rel") or {}
    return bool(relation.get("relpersistence") == "t")
