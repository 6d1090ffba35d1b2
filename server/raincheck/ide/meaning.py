"""What a mention means: the relation by its number, the column's table, the type, by the schemas around the step."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from raincheck.catalog.schema import Exclusion, Index, Key, Relation, Schema, Table
from raincheck.sql.mention import Mention, Role
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from raincheck.engine.step import Step
    from raincheck.sql.mention import Source

Owner = int | Name
"""A relation: its number, or, where no migration makes it, its full name."""


class Meaning(NamedTuple):
    """What is named. `owner` is the relation, or that which a column or constraint is of; None for a type.

    `label` is what it is called there: "" for a relation that has a number, which says it all.
    """

    sort: str
    owner: Owner | None
    label: Name | str

    @property
    def kin(self) -> tuple[str, Owner | None]:
        """What all of those share whose names can pass from one to another."""
        return self.sort, self.owner if self.sort in {"column", "constraint"} or isinstance(
            self.owner, int
        ) else None


def meaning(step: Step, mention: Mention) -> Meaning | None:
    """What a mention in a step's statement means; None where that is not certain."""
    if mention.sort == "type":
        return _type(step, mention)
    if mention.sort == "relation":
        owner = _owner(step, mention)
        return Meaning("relation", owner, "" if isinstance(owner, int) else owner)
    if mention.name is None:
        one = _of_scopes(step, mention)
        return None if one is None else Meaning("column", one, mention.inner)
    if mention.sort == "constraint":
        index = _index_of(step, mention)
        if index is not None:
            return Meaning("relation", index.oid, "")
    found = _relation(step, mention.name)
    owner = found.oid if found else step.before.resolve(mention.name)
    return Meaning(mention.sort, owner, mention.inner)


def creates(step: Step, mention: Mention, known: Meaning) -> bool:
    """Whether what is named does not exist before the step's statement, and does behind it."""
    if mention.role is not Role.CREATE:
        return False
    match known.sort, known.owner:
        case "relation", int(oid):
            return oid >= step.before.next_oid
        case "relation", _:
            return True
        case "type", _:
            return isinstance(known.label, Name) and known.label not in step.before.types
    assert mention.name is not None
    before, after = step.before.table(mention.name), step.after.table(mention.name)
    if before is None or after is None or before.oid != after.oid:
        return True
    return mention.inner not in _inner(before, known.sort) and mention.inner in _inner(after, known.sort)


def _inner(table: Table, sort: str) -> set[str]:
    return {each.name for each in (table.columns if sort == "column" else table.constraints)}


def _type(step: Step, mention: Mention) -> Meaning | None:
    assert mention.name is not None
    for schema in _schemas(step, mention):
        found = schema.type(mention.name)
        if found is not None:
            return Meaning("type", None, found.name)
    return None


def _schemas(step: Step, mention: Mention) -> tuple[Schema, Schema]:
    """The schemas in which to look for a name, in their order: what is new is behind the statement."""
    new = mention.role in {Role.CREATE, Role.RENAMED}
    return (step.after, step.before) if new else (step.before, step.after)


def _owner(step: Step, mention: Mention) -> Owner:
    for schema in _schemas(step, mention):
        name = _full(step, mention, schema)
        found = schema.relations.get(name)
        if found is not None:
            return found.oid
    return _full(step, mention, step.before)


def _full(step: Step, mention: Mention, schema: Schema) -> Name:
    assert mention.name is not None
    if mention.beside is None:
        return schema.resolve(mention.name)
    beside = _relation(step, mention.beside)
    return Name((beside.name if beside else step.before.resolve(mention.beside)).schema, mention.name.name)


def _relation(step: Step, name: Name) -> Relation | None:
    return step.before.relation(name) or step.after.relation(name)


def _index_of(step: Step, mention: Mention) -> Index | None:
    """The index behind a key or exclusion constraint: it is called the same, and either is renamed with the other."""
    assert mention.name is not None
    for schema in _schemas(step, mention):
        table = schema.table(mention.name)
        if table is not None and isinstance(table.constraint(mention.inner), Key | Exclusion):
            return schema.index(Name(table.name.schema, mention.inner))
    return None


def _of_scopes(step: Step, mention: Mention) -> Owner | None:
    """The relation that a query's column is of, by the rules of SQL: the nearest scope that has it, if only one does."""
    scopes = [scope for scope in mention.scopes if scope]
    if (
        len(scopes) == 1
        and len(scopes[0]) == 1
        and (name := scopes[0][0].relation)
        and not _relation(step, name)
    ):
        return step.before.resolve(name)
    for scope in scopes:
        tables = [_tables(step, source) for source in scope]
        if not all(tables):
            return None
        owners = {each.oid for of in tables for each in of if each.column(mention.inner)}
        if owners or not all(each.complete for of in tables for each in of):
            return owners.pop() if len(owners) == 1 else None
    return None


def _tables(step: Step, source: Source) -> tuple[Table, ...]:
    """The table of a source before and behind the statement; nothing for what is no table, or not the same one."""
    if source.relation is None:
        return ()
    found = [schema.table(source.relation) for schema in (step.before, step.after)]
    tables = tuple(table for table in found if table is not None)
    return tables if len({table.oid for table in tables}) == 1 else ()
