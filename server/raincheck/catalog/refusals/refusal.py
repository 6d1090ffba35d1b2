"""What a refusal is, and what can be said for certain of names: there already, gone, never made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from raincheck.catalog.schema import Index, Relation, Sequence, Table, View
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node

What = Literal[
    "relation-exists",
    "relation-missing",
    "column-exists",
    "column-missing",
    "constraint-exists",
    "constraint-missing",
    "type-exists",
    "type-missing",
    "type-is-not-a-type",
    "enum-value-exists",
    "enum-value-missing",
    "schema-exists",
    "schema-missing",
    "policy-exists",
    "policy-missing",
    "extension-missing",
    "cast-missing",
    "enum-value-used-in-run",
    "partition-key-not-in-key",
    "column-used-by-view",
    "column-used-by-policy",
    "column-used-by-trigger",
    "column-used-by-generated",
    "comparison-impossible",
]
"""Why PostgreSQL refuses, by the name of the rule that says so."""


When = Literal["always", "unless-there", "on-a-new-database"]
"""For certain; unless the database has what no migration makes; only where all migrations run at once."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer of PostgreSQL's, in its own words."""

    what: What
    sqlstate: str
    message: str
    when: When = "always"
    of: str = ""
    """What is missing, where it may be there all the same: several statements can lack one thing."""


class Case(NamedTuple):
    """An action with the schema before it and the major version that is assumed."""

    action: Action
    schema: Schema
    version: int

    @property
    def node(self) -> Node:
        return self.action.node

    @property
    def name(self) -> Name:
        """The relation, type or schema it is about, as written."""
        return self.action.relation or Name("", "")

    @property
    def lenient(self) -> bool:
        """Whether IF EXISTS or IF NOT EXISTS stands there."""
        node, statement = self.action.node, self.action.statement
        return bool(
            node.get("missing_ok")
            or statement.get("missing_ok")
            or node.get("if_not_exists")
            or node.get("skipIfNewValExists")
        )


_SYSTEM = ("pg_catalog", "information_schema", "pg_temp", "pg_toast")


def settled(schema: Schema, written: Name) -> bool:
    """Whether a name means the same in every session: no search path decides, and no condition of a DO block."""
    plain = bool(written.schema) or schema.search_path == ("public",)
    return plain and (not schema.doubtful or schema.resolve(written) not in schema.doubtful)


def known(schema: Schema, written: Name) -> Relation | None:
    """The relation of that name where it is sure to be there, in every session."""
    found = schema.relation(written)
    if found is None or not settled(schema, written) or temporary(schema, found):
        return None
    return found


def known_table(schema: Schema, written: Name) -> Table | None:
    """The same of tables of which every column and constraint is known."""
    found = known(schema, written)
    return found if isinstance(found, Table) and found.complete else None


def temporary(schema: Schema, relation: Relation) -> bool:
    """Whether a relation ends with its session, or belongs to one that does."""
    match relation:
        case Table():
            return relation.persistence == "temporary"
        case Index(table=name) | Sequence(owned_by=(name, _)):
            owner = schema.relations.get(name)
            return isinstance(owner, Table) and owner.persistence == "temporary"
        case View() | Sequence():
            return False


def missing_relation(schema: Schema, written: Name, word: str = "", code: str = "42P01") -> Iterator[Refusal]:
    """That there is no relation of a name. `word` is what the command wants ("table"); empty where any relation will do."""
    full = schema.resolve(written)
    if full in schema.relations or not settled(schema, written):
        return
    if full.schema != "public" and Name("", full.schema) in schema.gone and full.schema not in schema.schemas:
        yield Refusal("schema-missing", "3F000", f'schema "{full.schema}" does not exist')
        return
    when: When = "always" if full in schema.gone else "unless-there"
    if when == "always" or _ours(schema, written, full):
        shown = written.name if word else str(written)
        yield Refusal(
            "relation-missing", code, f'{word or "relation"} "{shown}" does not exist', when, str(full)
        )


def _ours(schema: Schema, written: Name, full: Name) -> bool:
    """Whether migrations should have made a relation of that name: they made its schema, and began with nothing."""
    if not schema.whole or schema.extensions or full.schema not in schema.schemas:
        return False
    if full.schema in _SYSTEM or written.name.startswith("pg_") or _referred_to(schema, full):
        return False
    return bool(written.schema) or all(name.name != written.name for name in schema.relations)


def _referred_to(schema: Schema, full: Name) -> bool:
    """Whether a foreign key or a view needs it already, so that an earlier statement met it, or has been told of."""
    for relation in schema.relations.values():
        if isinstance(relation, View) and full in relation.depends_on:
            return True
        if isinstance(relation, Index) and relation.table == full:
            return True
        if isinstance(relation, Table) and any(key.table == full for key in relation.foreign_keys):
            return True
    return False


def existing_relation(schema: Schema, name: Name) -> Iterator[Refusal]:
    """That a name for a new relation is taken; `name` is written, or its schema added."""
    if known(schema, name) is not None:
        yield Refusal("relation-exists", "42P07", f'relation "{name.name}" already exists')


def missing_schema(schema: Schema, name: Name) -> Iterator[Refusal]:
    """That what is to be created in a schema cannot be: a migration dropped or renamed it."""
    if name.schema and name.schema not in schema.schemas and Name("", name.schema) in schema.gone:
        yield Refusal("schema-missing", "3F000", f'schema "{name.schema}" does not exist')


def existing_type(schema: Schema, written: Name) -> Iterator[Refusal]:
    """That a name for a new type, or for a relation with a row type of its own, is a type's."""
    full = Name(written.schema or "public", written.name)
    if full in schema.types and settled(schema, full):
        yield Refusal("type-exists", "42710", f'type "{written.name}" already exists')
