"""What a schema holds, each thing as a question that PostgreSQL's own catalogs answer, with the user's names in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Domain, Enum, Index, Sequence, Table, View
from raincheck.plan.fact import Fact
from raincheck.plan.table_facts import table_facts
from raincheck.sql.names import Name, always_quoted, literal, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.schema import Function, Relation, Schema, UserType

Key = tuple[str, Name, str]
"""The kind of a thing, what it is or belongs to, and the name of its part there."""


def facts(schema: Schema, relations: Iterable[Relation]) -> dict[Key, Fact]:
    """What there is of these relations, and of all that is no relation."""
    found: dict[Key, Fact] = {}
    for name in schema.schemas:
        found["schema", Name("", name), ""] = _named("schema", name, "pg_namespace", "nspname")
    for name in schema.extensions:
        found["extension", Name("", name), ""] = _named("extension", name, "pg_extension", "extname")
    for name in schema.roles:
        found["role", Name("", name), ""] = _named("role", name, "pg_roles", "rolname")
    for type_ in schema.types.values():
        found |= {("type", type_.name, part): fact for part, fact in _of_type(type_)}
    for function in schema.functions.values():
        found["function", function.name, ""] = _of_function(function)
    for relation in relations:
        found |= {(kind, relation.name, part): fact for kind, part, fact in _of_relation(schema, relation)}
    return found


def _named(kind: str, name: str, catalog: str, column: str) -> Fact:
    return Fact(f"{kind} {always_quoted(name)}", catalog, f"{column} = {literal(name)}")


def _of_type(type_: UserType) -> Iterator[tuple[str, Fact]]:
    written = quoted_name(type_.name, omit_public=False)
    where = f"oid = to_regtype({literal(written)})"
    match type_:
        case Enum():
            labels = ", ".join(map(literal, type_.values))
            stored = "ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = pg_type.oid ORDER BY enumsortorder)"
            must = f"{stored} = ARRAY[{labels}]::text[]"
            yield "", Fact(f"enum {written}", "pg_type", where, must, f"with the values {labels}")
        case Domain():
            must = "typnotnull" if type_.not_null else "NOT typnotnull"
            yield "", Fact(f"domain {written}", "pg_type", where, must, "NOT NULL" if type_.not_null else "")
            for check in type_.checks:
                owned = f"contypid = to_regtype({literal(written)}) AND conname = {literal(check.name)}"
                valid = "convalidated" if check.validated else "NOT convalidated"
                words = "validated" if check.validated else "not validated yet"
                thing = f"constraint {always_quoted(check.name)} of {written}"
                yield check.name, Fact(thing, "pg_constraint", owned, valid, words, part=True)
        case _:
            yield "", Fact(f"type {written}", "pg_type", where)


def _of_function(function: Function) -> Fact:
    written = quoted_name(function.name, omit_public=False)
    schema = literal(always_quoted(function.name.schema))
    where = f"pronamespace = to_regnamespace({schema}) AND proname = {literal(function.name.name)}"
    definitions = tuple(sorted(function.definitions.items()))
    return Fact(
        f"function {written}",
        "pg_proc",
        where,
        definition=definitions,
        shown="pg_get_functiondef(oid)",
    )


def _of_relation(schema: Schema, relation: Relation) -> Iterator[tuple[str, str, Fact]]:
    written = quoted_name(relation.name, omit_public=False)
    found = f"to_regclass({literal(written)})"
    match relation:
        case Table():
            yield from table_facts(schema, relation)
        case Index() if relation.constraint is None and relation.parent is None:
            yield "index", "", _of_index(relation, written, found)
        case View():
            kind = "materialized view" if relation.materialized else "view"
            must = f"relkind = '{'m' if relation.materialized else 'v'}'"
            must += " AND relispopulated" if relation.materialized and relation.populated else ""
            query = (relation.query, relation.columns)
            shown = "pg_get_viewdef(oid)"
            yield (
                "view",
                "",
                Fact(f"{kind} {written}", "pg_class", f"oid = {found}", must, "", query, shown),
            )
        case Sequence() if not relation.identity:
            options = relation.options
            said = {
                "seqincrement": options.increment,
                "seqmin": options.minimum,
                "seqmax": options.maximum,
                "seqstart": options.start,
            }
            terms = [f"{column} = {number}" for column, number in said.items() if number is not None]
            must = " AND ".join([*terms, "seqcycle" if options.cycle else "NOT seqcycle"])
            owned = relation.owned_by is not None
            yield (
                "sequence",
                "",
                Fact(f"sequence {written}", "pg_sequence", f"seqrelid = {found}", must, part=owned),
            )


def _of_index(index: Index, written: str, found: str) -> Fact:
    terms = [
        f"indrelid = to_regclass({literal(quoted_name(index.table, omit_public=False))})",
        "indisunique" if index.unique else "NOT indisunique",
        "indisvalid" if index.valid else "NOT indisvalid",
    ]
    words = ", ".join(["unique"] * index.unique + ["valid" if index.valid else "not valid yet"])
    definition = (index.elements, index.method, index.where, index.include, index.nulls_not_distinct)
    return Fact(
        f"index {written}",
        "pg_index",
        f"indexrelid = {found}",
        " AND ".join(terms),
        words,
        definition,
        "pg_get_indexdef(indexrelid)",
    )
