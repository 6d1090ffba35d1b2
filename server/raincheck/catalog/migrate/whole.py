"""What turns one schema into another: the statements, in an order in which PostgreSQL takes them.

Made for two schemas a few statements apart, as before and after a migration. Rows are not its business: what was
dropped comes back empty.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raincheck.catalog import definitions as sql
from raincheck.catalog.migrate import columns, constraints, types
from raincheck.catalog.migrate import table as parts
from raincheck.catalog.schema import Enum, Index, Relation, Sequence, Table, View
from raincheck.catalog.spelling import spelled
from raincheck.sql.names import Name, always_quoted, literal, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema


@dataclass(frozen=True, slots=True)
class Migration:
    """The statements, without semicolons, and what they leave otherwise, in words."""

    statements: tuple[str, ...]
    left: tuple[str, ...] = ()


def migrate(now: Schema, then: Schema) -> Migration:
    """What makes a database that holds `now` hold `then`. Names are written with their schemas."""
    made = _Change(now, then)
    return Migration(tuple(made.statements()), tuple(made.left()))


class _Change:
    """The relations that are not the same object in both, by their oids."""

    def __init__(self, now: Schema, then: Schema) -> None:
        self.now, self.then = now, then
        names = [
            name
            for name in {*now.relations, *then.relations}
            if now.relations.get(name) is not then.relations.get(name)
        ]
        self._now = _by_oid(now, names)
        self._then = _by_oid(then, names)
        self.new = [self._now[oid] for oid in sorted(self._now.keys() - self._then.keys(), reverse=True)]
        self.gone = [self._then[oid] for oid in sorted(self._then.keys() - self._now.keys())]
        self.both = [
            (self._now[oid], self._then[oid]) for oid in sorted(self._now.keys() & self._then.keys())
        ]

    @property
    def tables(self) -> list[tuple[Table, Table]]:
        return [(a, b) for a, b in self.both if isinstance(a, Table) and isinstance(b, Table)]

    @property
    def gone_tables(self) -> list[Table]:
        return [one for one in self.gone if isinstance(one, Table)]

    def statements(self) -> Iterator[str]:
        yield from self._drops()
        yield from self._renames()
        yield from types.brought_back(self.now, self.then)
        yield from self._functions_back()
        yield from self._sequences_back()
        for now, then in self.tables:
            given = self._given(now, then)
            yield from columns.column_changes(replace(now, name=then.name), then, self.then, given)
        yield from self._created()
        for now, then in self.tables:
            yield from constraints.additions(replace(now, name=then.name), then, self.then)
        yield from self._partitions()
        yield from self._indexes()
        for table in self.gone_tables:
            yield from constraints.foreign_keys(None, table)
            yield from parts.attached(None, table)
        for now, then in self.tables:
            yield from constraints.foreign_keys(replace(now, name=then.name), then)
            yield from parts.attached(replace(now, name=then.name), then)
        yield from self._views()
        for name in sorted({*self.now.extensions} - {*self.then.extensions}):
            yield f"DROP EXTENSION {always_quoted(name)}"
        yield from self._schemas_gone()

    def _given(self, now: Table, then: Table) -> frozenset[str]:
        """The columns that a parent changes as well, and this one with it."""
        parents = [
            pair for pair in self.tables if pair[1].name in then.parents and pair[0].name in now.parents
        ]
        return frozenset(
            column.name
            for before, after in parents
            for column in after.columns
            if before.column(column.name) != column
        )

    def left(self) -> Iterator[str]:
        """What cannot be brought back, or only in part."""
        for old in self.then.types.values():
            new = self.now.types.get(old.name)
            if isinstance(old, Enum) and isinstance(new, Enum) and len(new.values) > len(old.values):
                added = ", ".join(literal(value) for value in new.values if value not in old.values)
                yield f"{quoted_name(old.name)} keeps {added}: PostgreSQL cannot remove a value from an enum"
        for table in self.gone_tables:
            if table.rules:
                yield f"the rules of {quoted_name(table.name)} are not known"
            if not table.complete:
                yield f"not every column of {quoted_name(table.name)} is known"

    def _drops(self) -> Iterator[str]:
        for view in (one for one in self.new if isinstance(one, View)):
            yield f"DROP {'MATERIALIZED ' * view.materialized}VIEW {sql.relation_sql(view.name)}"
        for now, then in self.both:
            if isinstance(now, View) and isinstance(then, View) and _redefined(now, then):
                yield f"DROP {'MATERIALIZED ' * now.materialized}VIEW {sql.relation_sql(now.name)}"
        for now, then in self.tables:
            yield from parts.drops(now, then, self.now)
        for index in (one for one in self.new if isinstance(one, Index)):
            if self._stands_alone(index):
                yield f"DROP INDEX {sql.relation_sql(index.name)}"
        for now, then in self.tables:
            yield from _detached(now, then)
            yield from columns.column_drops(now, then)
        for table in (one for one in self.new if isinstance(one, Table)):
            yield f"DROP TABLE {sql.relation_sql(table.name)}"
        for sequence in (one for one in self.new if isinstance(one, Sequence)):
            if sequence.owned_by is None:
                yield f"DROP SEQUENCE {sql.relation_sql(sequence.name)}"
        for name, function in self.now.functions.items():
            old = self.then.functions.get(name)
            for arguments in function.definitions:
                if old is None or arguments not in old.definitions:
                    yield f"DROP ROUTINE {sql.relation_sql(name)}({arguments})"

    def _stands_alone(self, index: Index) -> bool:
        """Whether it does not go with its table, its constraint or its parent."""
        owner = self.now.relations.get(index.table)
        fresh = owner is not None and owner.oid not in self._then and owner.oid in self._now
        return index.constraint is None and index.parent is None and not fresh

    def _renames(self) -> Iterator[str]:
        schemas = _only_pair({*self.now.schemas}, {*self.then.schemas})
        if schemas:
            yield f"ALTER SCHEMA {always_quoted(schemas[0])} RENAME TO {always_quoted(schemas[1])}"
        for schema in sorted({*self.then.schemas} - {*self.now.schemas} - set(schemas[1:])):
            yield f"CREATE SCHEMA {always_quoted(schema)}"
        for extension in sorted({*self.then.extensions} - {*self.now.extensions}):
            yield f"CREATE EXTENSION {always_quoted(extension)}"
        for now, then in self.both:
            if isinstance(now, Index) and now.constraint is not None:
                continue
            name = Name(schemas[1], now.name.name) if schemas and now.name.schema == schemas[0] else now.name
            if name != then.name and not (isinstance(now, Index) and now.parent is not None):
                yield from _renamed(now, name, then.name)

    def _functions_back(self) -> Iterator[str]:
        """Functions as they were."""
        for name, function in self.then.functions.items():
            known = self.now.functions.get(name)
            if known is not function:
                definitions = known.definitions if known is not None else {}
                for arguments, text in function.definitions.items():
                    if definitions.get(arguments) != text:
                        yield _or_replace(text) if known is not None else text

    def _sequences_back(self) -> Iterator[str]:
        """Those that nothing owns, or a column that is there; the others come with their column."""
        for sequence in (one for one in self.gone if isinstance(one, Sequence)):
            table = self.now.table(sequence.owned_by[0]) if sequence.owned_by else None
            column = table.column(sequence.owned_by[1]) if table and sequence.owned_by else None
            if sequence.owned_by is None:
                yield sql.sequence_sql(sequence)
            elif column is not None and column.identity is None and not sequence.identity:
                yield sql.sequence_sql(sequence)
                yield columns.owned_by(sequence)

    def _created(self) -> Iterator[str]:
        for table in self.gone_tables:
            for column in table.columns:
                yield from columns.owned_sequences(table, column, self.then)
            yield sql.table_sql(table, self._inline(table))
            for column in table.columns:
                yield from columns.ownership(table, column, self.then)
        for now, then in self.both:
            if isinstance(now, Sequence) and isinstance(then, Sequence) and now.options != then.options:
                changed = " ".join(sql.changed_options(now.options, then.options))
                yield f"ALTER SEQUENCE {sql.relation_sql(then.name)} {changed}"
        yield from types.drops(self.now, self.then)

    def _inline(self, table: Table) -> Iterator[str]:
        indexes = {index.constraint: index for index in self.then.indexes(table)}
        for constraint in constraints.own_constraints(table, self.then):
            yield sql.constraint_sql(constraint, indexes.get(constraint.name))

    def _partitions(self) -> Iterator[str]:
        known = {then.oid: now for now, then in self.tables}
        for table in [*self.gone_tables, *(then for _, then in self.tables)]:
            before = known[table.oid].parents if table.oid in known else ()
            for parent in table.parents:
                if parent not in before:
                    yield _attached(table, parent)

    def _indexes(self) -> Iterator[str]:
        for index in (one for one in self.gone if isinstance(one, Index)):
            if index.constraint is None and index.parent is None:
                yield sql.index_sql(index)

    def _views(self) -> Iterator[str]:
        again = [then for now, then in self.both if isinstance(then, View) and _redefined(now, then)]
        for view in sorted([*again, *(one for one in self.gone if isinstance(one, View))], key=_oid):
            yield sql.view_sql(view)
            indexes = (self.then.relations.get(name) for name in view.indexes)
            yield from (
                sql.index_sql(index) for index in indexes if isinstance(index, Index) and view in again
            )

    def _schemas_gone(self) -> Iterator[str]:
        if not _only_pair({*self.now.schemas}, {*self.then.schemas}):
            for name in sorted({*self.now.schemas} - {*self.then.schemas}):
                yield f"DROP SCHEMA {always_quoted(name)}"


def _by_oid(schema: Schema, names: list[Name]) -> dict[int, Relation]:
    found = (schema.relations.get(name) for name in names)
    return {relation.oid: relation for relation in found if relation is not None}


def _oid(relation: Relation) -> int:
    return relation.oid


def _redefined(now: Relation, then: Relation) -> bool:
    return (
        isinstance(now, View)
        and isinstance(then, View)
        and replace(
            now, name=then.name, populated=then.populated, depends_on=then.depends_on, indexes=then.indexes
        )
        != then
    )


def _only_pair(now: set[str], then: set[str]) -> tuple[str, ...]:
    """The one name that is only there now, and the one that was only there then: a rename."""
    return (*(now - then), *(then - now)) if len(now - then) == len(then - now) == 1 else ()


def _renamed(relation: Relation, now: Name, then: Name) -> Iterator[str]:
    kind = _kind(relation)
    if now.schema != then.schema:
        yield f"ALTER {kind} {sql.relation_sql(now)} SET SCHEMA {always_quoted(then.schema)}"
    if now.name != then.name:
        at = sql.relation_sql(Name(then.schema, now.name))
        yield f"ALTER {kind} {at} RENAME TO {always_quoted(then.name)}"


def _kind(relation: Relation) -> str:
    match relation:
        case Table():
            return "TABLE"
        case Index():
            return "INDEX"
        case Sequence():
            return "SEQUENCE"
    return "MATERIALIZED VIEW" if relation.materialized else "VIEW"


def _detached(now: Table, then: Table) -> Iterator[str]:
    for parent in now.parents:
        if parent not in then.parents:
            if now.partition_bound is not None:
                yield f"ALTER TABLE {sql.relation_sql(parent)} DETACH PARTITION {sql.relation_sql(now.name)}"
            else:
                yield f"ALTER TABLE {sql.relation_sql(now.name)} NO INHERIT {sql.relation_sql(parent)}"


def _attached(table: Table, parent: Name) -> str:
    bound = table.partition_bound
    if bound is None:
        return f"ALTER TABLE {sql.relation_sql(table.name)} INHERIT {sql.relation_sql(parent)}"
    written = "DEFAULT" if isinstance(bound, str) else spelled(bound)
    written = written if written.startswith(("DEFAULT", "FOR VALUES")) else f"FOR VALUES {written}"
    attach = f"ALTER TABLE {sql.relation_sql(parent)} ATTACH PARTITION {sql.relation_sql(table.name)}"
    return f"{attach} {written}"


def _or_replace(text: str) -> str:
    head, create, rest = text.partition("CREATE ")
    return text if rest.upper().lstrip().startswith("OR REPLACE") else f"{head}{create}OR REPLACE {rest}"
