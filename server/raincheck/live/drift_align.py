"""Makes what a database holds comparable with what migrations make.

What means the same on both sides is given the migrations' own form, so that only what differs is left for
`catalog.diff`; what nobody can compare is given it too, and counted.
"""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatchmethod
from typing import TYPE_CHECKING, Literal

from rpds import HashTrieMap

from raincheck.catalog.schema import (
    Check,
    Domain,
    Expression,
    Function,
    Index,
    NotNull,
    Sequence,
    Table,
    View,
)
from raincheck.live import drift_parts as parts
from raincheck.live.drift_forms import same_expression
from raincheck.live.drift_functions import same_definitions
from raincheck.live.drift_judge import Judge, Place, collation, either_order, options, type_word
from raincheck.sql.expressions import walk

if TYPE_CHECKING:
    from raincheck.catalog.diff import Difference
    from raincheck.catalog.schema import Relation, Schema, UserType


class Alignment:
    """`found` is the database's schema, `replayed` the migrations'."""

    def __init__(self, found: Schema, replayed: Schema) -> None:
        self._found, self._replayed = found, _usual(replayed)
        self._judge = Judge(replayed)

    @property
    def uncompared(self) -> tuple[Difference, ...]:
        """What `schemas` could not compare."""
        return self._judge.uncompared

    def schemas(self) -> tuple[Schema, Schema]:
        """Both, ready for `diff`."""
        found = _usual(self._found)
        aligned = replace(
            found,
            relations=HashTrieMap({name: self._relation(each) for name, each in found.relations.items()}),
            types=HashTrieMap({name: self._type(each) for name, each in found.types.items()}),
            functions=HashTrieMap({name: self._function(each) for name, each in found.functions.items()}),
        )
        return aligned, self._replayed

    def _relation(self, found: Relation) -> Relation:
        ours = self._replayed.relations.get(found.name)
        return self._aligned(found, ours) if type(ours) is type(found) else found

    @singledispatchmethod
    def _aligned(self, found: Relation, _: Relation) -> Relation:
        return found

    @_aligned.register
    def _(self, found: Table, ours: Table) -> Table:
        judge, place = self._judge, Place("table", found.name)
        columns = tuple(parts.column(judge, each, ours) for each in found.columns)
        constraints = tuple(parts.constraint(judge, each, ours) for each in found.constraints)
        if not ours.complete:
            judge.leave(place, "columns")
            columns = tuple(each for each in columns if ours.column(each.name) is not None)
            constraints = tuple(each for each in constraints if ours.constraint(each.name) is not None)
        return replace(
            ours,
            columns=columns,
            constraints=constraints,
            policies=tuple(parts.policy(judge, each, ours) for each in found.policies),
            triggers=tuple(parts.trigger(self._replayed, each, ours) for each in found.triggers),
            rules=either_order(found.rules, ours.rules),
            row_security=found.row_security,
            force_row_security=found.force_row_security,
            persistence=found.persistence,
            options=options(found.options, ours.options),
            partition_key=judge.expression(place, "partition key", found.partition_key, ours.partition_key),
            partition_bound=self._bound(place, found, ours),
            parents=found.parents,
        )

    @_aligned.register
    def _(self, found: Index, ours: Index) -> Index:
        place = Place("index", found.name)
        return replace(
            ours,
            table=found.table,
            elements=parts.elements(self._judge, place, found.elements, ours.elements),
            unique=found.unique,
            method=found.method,
            where=self._judge.expression(place, "where", found.where, ours.where),
            include=found.include,
            nulls_not_distinct=found.nulls_not_distinct,
            options=options(found.options, ours.options),
            constraint=found.constraint,
            parent=found.parent,
            valid=found.valid,
        )

    @_aligned.register
    def _(self, found: View, ours: View) -> View:
        """A view; the columns of one that takes all there are, and of VALUES, are not known well enough."""
        starred = any(tag == "A_Star" for tag, _ in walk(ours.query.node))
        return replace(
            ours,
            query=self._query(found, ours),
            materialized=found.materialized,
            columns=ours.columns if starred or not ours.columns else found.columns,
            options=options(found.options, ours.options),
        )

    @_aligned.register
    def _(self, found: Sequence, ours: Sequence) -> Sequence:
        return replace(ours, options=found.options, owned_by=found.owned_by, identity=found.identity)

    def _query(self, found: View, ours: View) -> Expression:
        """The query; where a table of it was renamed since, what the migration wrote is out of date."""
        same = same_expression(ours.query, found.query)
        written = {body["relname"] for tag, body in walk(ours.query.node) if tag == "RangeVar"}
        if same is False and any(each.name not in written for each in ours.depends_on):
            same = None
        return self._judge.settled(Place("view", found.name), "query", same, (found.query, ours.query))

    def _bound(self, place: Place, found: Table, ours: Table) -> Expression | Literal["default"] | None:
        match found.partition_bound, ours.partition_bound:
            case Expression() as theirs, Expression() as written:
                return self._judge.expression(place, "partition bound", theirs, written, self._key_type(ours))
        return found.partition_bound

    def _key_type(self, partition: Table) -> str:
        """The type of the column that its parent is partitioned by; "any" where that is not one column."""
        parent = self._found.relations.get(partition.parents[0]) if partition.parents else None
        if not isinstance(parent, Table) or parent.partition_key is None:
            return "any"
        keys = [body for tag, body in walk(parent.partition_key.node) if tag == "PartitionElem"]
        column = partition.column(keys[0].get("name", "")) if len(keys) == 1 else None
        return type_word(column.type) if column else "any"

    def _type(self, found: UserType) -> UserType:
        ours = self._replayed.types.get(found.name)
        if not (isinstance(found, Domain) and isinstance(ours, Domain)):
            return found
        return replace(
            found,
            base=self._judge.type(found.base, ours.base),
            default=self._judge.default(Place("domain", found.name), found.default, ours.default, found.base),
            checks=either_order(tuple(self._domain_check(each, ours) for each in found.checks), ours.checks),
            collation=collation(found.collation, ours.collation),
        )

    def _domain_check(self, found: Check, domain: Domain) -> Check:
        ours = next((each for each in domain.checks if each.name == found.name), None)
        if ours is None:
            return found
        place = Place("domain", domain.name)
        expression = self._judge.expression(place, "checks", found.expression, ours.expression)
        return replace(found, expression=expression or found.expression, local=ours.local)

    def _function(self, found: Function) -> Function:
        ours = self._replayed.functions.get(found.name)
        if ours is None:
            return found
        same = same_definitions(ours.definitions.values(), found.definitions.values())
        changed = replace(found, volatility=ours.volatility)
        return self._judge.settled(Place("function", found.name), "definitions", same, (changed, ours))


def _usual(schema: Schema) -> Schema:
    """The schema without NOT NULL constraints that hold: columns say it, and names of theirs came with PostgreSQL 18."""
    relations = schema.relations
    for name, each in schema.relations.items():
        if isinstance(each, Table):
            kept = tuple(c for c in each.constraints if not (isinstance(c, NotNull) and c.validated))
            if len(kept) < len(each.constraints):
                relations = relations.insert(name, replace(each, constraints=kept))
    return replace(schema, relations=relations)
