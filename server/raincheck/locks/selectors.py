"""Which relations a statement draws in, from what the schema before it holds: tables, partitions, indexes, sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.expressions import columns_in, written_name
from raincheck.catalog.schema import Check, Index, NotNull, Sequence, Table
from raincheck.locks.implication import implies
from raincheck.locks.proofs import known, not_null
from raincheck.locks.row import Selector
from raincheck.locks.situation import ancestors, family, indexes_of, referring
from raincheck.sql.actions import name_of, range_name, strings
from raincheck.sql.expressions import walk
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.locks.situation import Situation
    from raincheck.sql.nodes import Node


def owned_sequences(schema: Schema, table: Name, column: str = "") -> Iterator[Name]:
    """The sequences of a table's serial and identity columns, or of one column."""
    for relation in schema.relations.values():
        if isinstance(relation, Sequence) and relation.owned_by is not None:
            owner, owning = relation.owned_by
            if owner == table and column in {"", owning}:
                yield relation.name


def uses(index: Index, column: str) -> bool:
    """Whether an index depends on a column: as a key, included, in an expression or in its predicate."""
    expressions = [element.expression for element in index.elements] + [index.where]
    named = {element.column for element in index.elements} | set(index.include)
    return column in named or any(column in columns_in(e.node) for e in expressions if e is not None)


def may_hold_null(schema: Schema, table: Table, column: str, without: frozenset[str] = frozenset()) -> bool:
    """Whether SET NOT NULL has to look at the rows; `without` are checks that are dropped before it.

    Source: NotNullImpliedByRelConstraints in PostgreSQL's source code.
    """
    return not implies(known(schema, table, without), not_null(column))


def scans_for_null(schema: Schema, table: Table, column: str, without: frozenset[str]) -> bool:
    """The same; of a NOT NULL that is not yet valid (18), SET NOT NULL is a VALIDATE, which no check spares."""
    waiting = (isinstance(c, NotNull) and c.column == column and not c.validated for c in table.constraints)
    return any(waiting) or may_hold_null(schema, table, column, without)


def valid_checks(table: Table) -> Iterator[Check]:
    return (c for c in table.constraints if isinstance(c, Check) and c.validated and c.enforced)


def sequences_named(s: Situation, node: Node | None) -> Iterator[Name]:
    """The sequences that an expression takes numbers from."""
    for tag, call in walk(node):
        match tag, call:
            case "FuncCall", {
                "funcname": [*_, {"String": {"sval": "nextval" | "currval" | "setval"}}],
                "args": [first, *_],
            }:
                for _, constant in walk(first):
                    text = constant.get("sval")
                    if isinstance(text, dict) and "sval" in text:
                        yield s.schema.resolve(written_name(text["sval"]))
                        break


def _tree(s: Situation) -> Iterable[Name]:
    return tuple(table.name for table in s.tree()) or (s.name,)


def _checked(s: Situation) -> Iterable[Name]:
    """A CHECK with NO INHERIT stays on its table; PostgreSQL 18 locks the inheriting tables nonetheless."""
    return (s.name,) if s.node.get("is_no_inherit") else _tree(s)


def _newly_not_null(s: Situation) -> Iterator[Name]:
    """Since 18 SET NOT NULL goes on from no table that has it already."""
    if s.version < 18 or s.table is None:
        yield from _tree(s)
        return
    left = [s.table]
    while left:
        table = left.pop()
        yield table.name
        column = table.column(s.action.column)
        if not s.only and not (column is not None and column.not_null):
            found = (s.schema.relations.get(name) for name in table.children)
            left += [child for child in found if isinstance(child, Table)]


def _nullable(s: Situation) -> Iterable[Name]:
    column = s.action.column or (strings(s.node["keys"])[0] if "keys" in s.node else "")
    return (
        (table.name for table in s.tree() if scans_for_null(s.schema, table, column, s.dropped_here()))
        if s.table
        else (s.name,)
    )


def _unvalidated(s: Situation) -> Iterable[Name]:
    """Where the constraint is not valid yet; everywhere where it is not known."""
    found = [(table.name, table.constraint(s.action.column)) for table in s.tree()] or [(s.name, None)]
    return (name for name, constraint in found if not getattr(constraint, "validated", False))


def _inherited_check(s: Situation) -> Iterable[Name]:
    return (s.name,) if getattr(s.constraint(), "no_inherit", False) else _tree(s)


def _key_nullable(s: Situation) -> Iterable[Name]:
    columns, without = key_columns(s), s.dropped_here()
    found = (
        t.name for t in s.tree() if any(may_hold_null(s.schema, t, column, without) for column in columns)
    )
    return found if s.table is not None else (s.name,)


def _newly_required(s: Situation) -> Iterable[Name]:
    """Of partitioned tables those that are not NOT NULL yet; tables that inherit are always looked at."""
    columns = [s.table.column(name) for name in key_columns(s)] if s.table is not None else []
    nullable = any(column is not None and not column.not_null for column in columns)
    if nullable or (s.table is not None and s.table.partition_key is None):
        yield from (table.name for table in s.tree())


def key_columns(s: Situation) -> tuple[str, ...]:
    """The columns of a new key: listed, its own column, or those of the index it uses."""
    if "indexname" in s.node:
        index = s.schema.index(Name(s.name.schema, s.node["indexname"]))
        return tuple(e.column for e in index.elements if e.column) if index is not None else ()
    return strings(s.node["keys"]) if "keys" in s.node else (s.action.column,)


def _statement_indexes(s: Situation) -> Iterator[Name]:
    """What USING INDEX, CLUSTER ON or REPLICA IDENTITY name; of a key that is renamed, the index behind it."""
    identity = s.node.get("def", {}).get("ReplicaIdentityStmt", {})
    name = s.node.get("indexname") or identity.get("name") or s.node.get("name") or s.node.get("subname")
    if name:
        yield Name(s.name.schema, name)


def _renamed_index(s: Situation) -> Iterable[Name]:
    named = s.node.get("conname", s.node.get("indexname"))
    return _statement_indexes(s) if named != s.node.get("indexname") else ()


def _inherited(s: Situation) -> Iterator[Name]:
    for wrapped in s.statement.get("inhRelations", ()):
        yield s.schema.resolve(range_name(wrapped["RangeVar"]))


def _liked(s: Situation) -> Iterator[Name]:
    for wrapped in s.statement.get("tableElts", ()):
        if "TableLikeClause" in wrapped:
            yield s.schema.resolve(range_name(wrapped["TableLikeClause"]["relation"]))


def _new_parent(s: Situation) -> Iterable[Name]:
    return (s.schema.resolve(range_name(s.node["def"]["RangeVar"])),)


def _of_type(s: Situation) -> Iterator[Name]:
    """The composite type that OF names; NOT OF names none."""
    names = s.node.get("def", {}).get("TypeName", {}).get("names")
    found = s.schema.type(name_of(names)) if names else None
    if found is not None:
        yield found.name


def _owner(s: Situation) -> Iterable[Name]:
    return (s.relation.table,) if isinstance(s.relation, Index) else ()


def _new_owner(s: Situation) -> Iterator[Name]:
    """The table that OWNED BY names."""
    for wrapped in s.statement.get("options", ()):
        match wrapped["DefElem"]:
            case {"defname": "owned_by", "arg": {"List": {"items": [_, _, *_] as items}}}:
                *table, _ = strings(items)
                yield s.schema.resolve(Name(table[-2] if len(table) > 1 else "", table[-1]))


def _constraining(s: Situation) -> Iterator[Name]:
    if "constrrel" in s.statement:
        yield s.schema.resolve(range_name(s.statement["constrrel"]))


def _truncated(s: Situation) -> Iterator[Name]:
    """The table with all that inherits from it; with CASCADE every table whose foreign keys lead to it.

    Those are found one by one, partitions too, so tables that inherit from one of them are left alone.
    """
    done: set[Name] = set()
    left = [s.name] if _truncates_only(s) else [table.name for table in s.tree()] or [s.name]
    while left:
        name = left.pop()
        if name not in done:
            done.add(name)
            left += _cascading(s, name) if s.cascade else ()
    yield from done


def _cascading(s: Situation, name: Name) -> Iterator[Name]:
    """Before 13 a table's foreign key to itself is not followed from its partitions."""
    above = set(ancestors(s.schema, name)) if s.version < 13 else set()
    return (other for other in referring(s.schema, name) if other not in above)


def _truncates_only(s: Situation) -> bool:
    ranges = (wrapped["RangeVar"] for wrapped in s.statement["relations"])
    return all(not each.get("inh") for each in ranges if s.schema.resolve(range_name(each)) == s.name)


def _restarted(s: Situation) -> Iterator[Name]:
    if s.statement.get("restart_seqs"):
        for name in _truncated(s):
            yield from owned_sequences(s.schema, name)


TARGET = Selector("the relation", lambda s: (s.name,))
TREE = Selector("the table, its partitions and the tables that inherit from it", _tree)
CHECKED = Selector("the table, and unless NO INHERIT, its partitions and inheriting tables", _checked)
FAMILY = Selector("the table and its partitions", lambda s: family(s.schema, s.name))
INDEXED = Selector(
    "the table and, without ONLY, its partitions",
    lambda s: (s.name,) if s.only else family(s.schema, s.name),
)
PARTITIONS = Selector("its partitions", lambda s: (table.name for table in s.partitions()))
KEYED_PARTITIONS = Selector(
    "without ONLY its partitions", lambda s: () if s.only else (table.name for table in s.partitions())
)
NEWLY_REQUIRED = Selector(
    "those that inherit from it; its partitions where a column of the key is not NOT NULL yet",
    _newly_required,
)
UNVALIDATED = Selector("those of them where it is not valid yet", _unvalidated)
INHERITED_CHECK = Selector(
    "the table, and unless NO INHERIT those that have the check from it", _inherited_check
)
KEY_NULLABLE = Selector("those of them where a column of the key may hold NULL", _key_nullable)
DEFERRING_PARTITIONS = Selector(
    "its partitions, where the key is DEFERRABLE, which takes a trigger",
    lambda s: (table.name for table in s.partitions()) if s.node.get("deferrable") and not s.only else (),
)
TRUNCATED_ANCESTORS = Selector(
    "of partitions, the tables they are a part of",
    lambda s: (above for name in _truncated(s) for above in ancestors(s.schema, name)),
)
ANCESTORS = Selector("of a partition, the tables it is a part of", lambda s: ancestors(s.schema, s.name))
NEWLY_NOT_NULL = Selector(
    "the table and those that inherit from it, since 18 down to the first that have it", _newly_not_null
)
NULLABLE = Selector("those of them that may hold NULL", _nullable)
INDEXES = Selector("their indexes", lambda s: indexes_of(s.schema, _tree(s)))
OWN_INDEXES = Selector("its indexes", lambda s: indexes_of(s.schema, (s.name,), partitioned=True))
NAMED_INDEX = Selector("the index it names", _statement_indexes)
CLUSTERED = Selector("the index to cluster on", _statement_indexes)
TABLE_OF_INDEX = Selector("the index's table", _owner)
OWNED_SEQUENCES = Selector("the sequences its columns own", lambda s: owned_sequences(s.schema, s.name))
COLUMN_SEQUENCE = Selector(
    "the column's sequence", lambda s: owned_sequences(s.schema, s.name, s.action.column)
)
RENAMED_INDEX = Selector("that index, where the constraint has another name, which it takes", _renamed_index)
NEW_OWNER = Selector("the table that OWNED BY names", _new_owner)
CONSTRAINING = Selector("the table named by FROM", _constraining)
TRUNCATED = Selector(
    "the table, its partitions and inheriting tables, with CASCADE every table whose foreign keys lead to it",
    _truncated,
)
TRUNCATED_INDEXES = Selector("their indexes", lambda s: indexes_of(s.schema, _truncated(s)))
RESTARTED_SEQUENCES = Selector("with RESTART IDENTITY the sequences their columns own", _restarted)
INHERITED = Selector("the tables inherited from", _inherited)
LIKED = Selector("the table copied with LIKE", _liked)
NEW_PARENT = Selector("the table inherited from", _new_parent)
OF_COMPOSITE = Selector("the type that it names", _of_type)
