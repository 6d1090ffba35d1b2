"""A database's schema as our catalog's values, read from pg_catalog without touching anything.

Whoever may connect may read it: no privilege on any table is needed. Left out are the system's schemas, temporary
tables, and what belongs to an extension.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from psycopg.rows import class_row
from rpds import HashTrieMap, HashTrieSet

from raincheck.catalog.expressions import relations_in
from raincheck.catalog.schema import (
    EMPTY,
    Composite,
    Constraint,
    Domain,
    Enum,
    Index,
    NotNull,
    Relation,
    Schema,
    Sequence,
    Table,
    UserType,
    View,
)
from raincheck.live import introspect_parts as parts
from raincheck.live import introspect_queries as ask
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import psycopg

    from raincheck.catalog.schema import Column, Function

_Row = TypeVar("_Row", bound=NamedTuple)
_TABLES, _INDEXES, _VIEWS = ("r", "p", "f"), ("i", "I"), ("v", "m")
_ENFORCED_SINCE = 180000


def introspect(connection: psycopg.Connection, schemas: Iterable[str] | None = None) -> Schema:
    """What the database holds, or what it holds in some schemas.

    Reads only, in a fixed number of queries. The connection's settings stay as they are. Raises psycopg.Error.
    """
    with connection.transaction(force_rollback=True):
        connection.execute(ask.PRINTING.encode())
        return _Assembly(_Catalog(connection, schemas)).schema()


class _Catalog:
    """The rows of one moment."""

    def __init__(self, connection: psycopg.Connection, schemas: Iterable[str] | None) -> None:
        self._connection = connection
        self._scope = None if schemas is None else list(schemas)
        self.whole = schemas is None
        enforced = connection.info.server_version >= _ENFORCED_SINCE
        constraints = ask.CONSTRAINTS if enforced else ask.CONSTRAINTS.replace("conenforced", "true", 1)
        self.relations = self._all(ask.RelationRow, ask.RELATIONS)
        self.columns = self._all(ask.ColumnRow, ask.COLUMNS)
        self.constraints = self._all(ask.ConstraintRow, constraints)
        self.indexes = self._all(ask.IndexRow, ask.INDEXES)
        self.parents = self._all(ask.ParentRow, ask.PARENTS)
        self.sequences = self._all(ask.SequenceRow, ask.SEQUENCES)
        self.types = self._all(ask.TypeRow, ask.TYPES)
        self.policies = self._all(ask.PolicyRow, ask.POLICIES)
        self.triggers = self._all(ask.TriggerRow, ask.TRIGGERS)
        self.rules = self._all(ask.RuleRow, ask.RULES)
        self.functions = self._all(ask.FunctionRow, ask.FUNCTIONS)
        self.names = self._all(ask.NameRow, ask.NAMES)

    def _all(self, kind: type[_Row], query: str) -> list[_Row]:
        with self._connection.cursor(row_factory=class_row(kind)) as cursor:
            return cursor.execute(query.encode(), {"schemas": self._scope}).fetchall()


class _Assembly:
    """Puts the rows together by the numbers that they know each other by."""

    def __init__(self, catalog: _Catalog) -> None:
        self._rows = catalog
        self._names = {row.oid: Name(row.schema, row.name) for row in catalog.relations}
        self._column_names = {(row.relation, row.number): row.name for row in catalog.columns}
        self._constraints_by_oid = {row.oid: row for row in catalog.constraints}
        self._columns = _grouped(catalog.columns, lambda row: row.relation)
        self._constraints = _grouped(catalog.constraints, lambda row: row.relation)
        self._parents = _grouped(catalog.parents, lambda row: row.child)
        self._children = _grouped(catalog.parents, lambda row: row.parent)
        self._policies = _grouped(catalog.policies, lambda row: row.relation)
        self._triggers = _grouped(catalog.triggers, lambda row: row.relation)
        self._rules = _grouped(catalog.rules, lambda row: row.relation)
        self._identities = {
            (row.table, row.column): (self._names[row.oid], parts.sequence_options(row))
            for row in catalog.sequences
            if row.identity
        }
        self._options = {row.oid: row.options for row in catalog.relations}
        self._indexes = {index.oid: index for index in map(self._index, catalog.indexes) if index}
        self._listed = _grouped(self._indexes.values(), lambda index: index.table)
        self._referring = self._references()

    def schema(self) -> Schema:
        rows = self._rows
        made: list[Relation] = [self._table(row) for row in rows.relations if row.kind in _TABLES]
        made += (self._view(row) for row in rows.relations if row.kind in _VIEWS)
        made += self._indexes.values()
        made += (found for row in rows.sequences if (found := self._sequence(row)))
        named = _grouped(rows.names, lambda row: row.kind)
        return replace(
            EMPTY,
            relations=HashTrieMap({relation.name: relation for relation in made}),
            types=HashTrieMap({each.name: each for each in map(self._type, rows.types)}),
            functions=HashTrieMap(self._functions()),
            schemas=HashTrieSet([row.name for row in named["schema"]]),
            extensions=HashTrieSet([row.name for row in named["extension"]]),
            roles=HashTrieSet([row.name for row in named["role"]]),
            next_oid=max(self._names, default=EMPTY.next_oid) + 1,
            whole=rows.whole,
        )

    def _table(self, row: ask.RelationRow) -> Table:
        unproven = {
            key
            for each in self._constraints[row.oid]
            if each.kind == "n" and not each.validated
            for key in each.columns or ()
        }
        return Table(
            self._names[row.oid],
            row.oid,
            tuple(self._column(each, unproven=each.number in unproven) for each in self._columns[row.oid]),
            tuple(made for each in self._constraints[row.oid] if (made := self._constraint(each))),
            tuple(index.name for index in self._listed[self._names[row.oid]]),
            tuple(map(parts.policy, self._policies[row.oid])),
            tuple(map(parts.trigger, self._triggers[row.oid])),
            tuple(each.name for each in self._rules[row.oid]),
            row.row_security,
            row.force_row_security,
            parts.persistence(row.persistence),
            HashTrieMap(parts.options(row.options)),
            parts.partitioning(row.partition_key) if row.partition_key else None,
            parts.bound(row.bound) if row.bound else None,
            self._named(each.parent for each in self._parents[row.oid]),
            self._named(each.child for each in self._children[row.oid]),
            self._referring[row.oid],
            had_children=row.had_children,
        )

    def _column(self, row: ask.ColumnRow, *, unproven: bool) -> Column:
        return parts.column(row, self._identities.get((row.relation, row.number)), unproven=unproven)

    def _constraint(self, row: ask.ConstraintRow) -> Constraint | None:
        columns = self._columns_of(row.relation, row.columns)
        match row.kind:
            case "p" | "u":
                return parts.key(row, columns, self._indexes.get(row.index_oid))
            case "f" if self._is_own(row):
                references = self._columns_of(row.target, row.references)
                return parts.foreign_key(row, columns, self._names.get(row.target, Name("", "")), references)
            case "c":
                return parts.check(row)
            case "x":
                return parts.exclusion(row)
            case "n" if columns:
                return NotNull(row.name, columns[0], row.validated)
        return None

    def _is_own(self, row: ask.ConstraintRow) -> bool:
        """Not one of those that a foreign key to a partitioned table has for each of its partitions."""
        parent = self._constraints_by_oid.get(row.parent)
        return parent is None or parent.target == row.target

    def _index(self, row: ask.IndexRow) -> Index | None:
        """None for an index of something that is left out."""
        if row.relation not in self._names:
            return None
        name = self._names[row.oid]
        behind = (
            each
            for each in self._constraints[row.relation]
            if each.index_oid == row.oid and each.kind in "pux"
        )
        constraint = next((each.name for each in behind), None)
        return replace(
            parts.index(row, name),
            oid=row.oid,
            table=self._names[row.relation],
            options=HashTrieMap(parts.options(self._options[row.oid])),
            constraint=constraint,
            parent=next(iter(self._named(each.parent for each in self._parents[row.oid])), None),
            children=self._named(each.child for each in self._children[row.oid]),
            valid=row.valid,
        )

    def _view(self, row: ask.RelationRow) -> View:
        query = parts.query(row.query or "")
        return View(
            self._names[row.oid],
            row.oid,
            query,
            row.kind == "m",
            tuple(each.name for each in self._columns[row.oid]),
            HashTrieMap(parts.options(row.options)),
            relations_in(query.node),
            indexes=tuple(index.name for index in self._listed[self._names[row.oid]]),
            populated=row.populated,
        )

    def _sequence(self, row: ask.SequenceRow) -> Sequence | None:
        """None for the sequence of a column of something that is left out."""
        if row.table is None or row.column is None:
            return parts.sequence(row, self._names[row.oid], None)
        if row.table not in self._names:
            return None
        owner = self._names[row.table], self._column_names[row.table, row.column]
        return parts.sequence(row, self._names[row.oid], owner)

    def _type(self, row: ask.TypeRow) -> UserType:
        name = Name(row.schema, row.name)
        if row.kind == "e":
            return Enum(name, tuple(row.values))
        if row.kind != "d":
            return Composite(name, row=row.kind == "c")
        checks = (each for each in self._constraints[0] if each.domain == row.oid and each.kind == "c")
        return Domain(
            name,
            parts.type_named(row.base or ""),
            row.not_null,
            parts.default_of(row.default),
            tuple(map(parts.check, checks)),
            Name(row.collation_schema or "", row.collation) if row.collation else None,
        )

    def _functions(self) -> dict[Name, Function]:
        made: dict[Name, Function] = {}
        for row in self._rows.functions:
            function = parts.with_function(made, row)
            if function is not None:
                made[function.name] = function
        return made

    def _references(self) -> dict[int, tuple[Name, ...]]:
        """The tables with a foreign key to each table, itself left out."""
        found: defaultdict[int, dict[Name, None]] = defaultdict(dict)
        for row in self._rows.constraints:
            if row.kind == "f" and row.target != row.relation and self._is_own(row):
                found[row.target][self._names[row.relation]] = None
        return defaultdict(tuple, {target: tuple(names) for target, names in found.items()})

    def _columns_of(self, relation: int, numbers: list[int] | None) -> tuple[str, ...]:
        """The names of columns; expressions, which are number 0 in keys, have none."""
        found = (self._column_names.get((relation, number)) for number in numbers or ())
        return tuple(name for name in found if name is not None)

    def _named(self, oids: Iterable[int]) -> tuple[Name, ...]:
        return tuple(self._names[oid] for oid in oids if oid in self._names)


_T = TypeVar("_T")
_K = TypeVar("_K")


def _grouped(things: Iterable[_T], key: Callable[[_T], _K]) -> defaultdict[_K, list[_T]]:
    found: defaultdict[_K, list[_T]] = defaultdict(list)
    for thing in things:
        found[key(thing)].append(thing)
    return found
