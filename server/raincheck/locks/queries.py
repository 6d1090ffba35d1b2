"""The relations that queries read and write: tables, what lies under views, indexes, the other ends of foreign keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.expressions import relations_in
from raincheck.catalog.schema import Table, View
from raincheck.locks.foreign_keys import planned
from raincheck.locks.row import Condition, Selector
from raincheck.locks.selectors import sequences_named
from raincheck.locks.situation import family
from raincheck.sql.actions import range_name
from raincheck.sql.expressions import walk
from raincheck.sql.kinds import Kind
from raincheck.sql.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.schema import ForeignKey, Schema
    from raincheck.locks.situation import Situation
    from raincheck.sql.names import Name

REPLACING = {"set null", "set default"}


def read_by(schema: Schema, names: Iterable[Name], version: int) -> Iterator[Name]:
    """Everything that running a query over some relations reads: partitions, views' relations, indexes."""
    for name in names:
        relation = schema.relations.get(name)
        yield name
        if isinstance(relation, View) and not relation.materialized:
            yield from read_by(schema, relation.depends_on, version)
            continue
        tree = tuple(_tree(schema, name))
        yield from tree
        yield from planned(schema, tree, version)


def _tree(schema: Schema, name: Name) -> Iterator[Name]:
    yield name
    relation = schema.relations.get(name)
    for child in relation.children if isinstance(relation, Table) else ():
        yield from _tree(schema, child)


def _sources(s: Situation) -> tuple[Name, ...]:
    """The relations a statement names to read from."""
    written = s.statement
    into = {key: value for key, value in written.items() if key not in {"into", "intoClause"}}
    return tuple(s.schema.resolve(name) for name in relations_in([into]) if _is_relation(s, name))


def _is_relation(s: Situation, name: Name) -> bool:
    """Not an alias that FOR UPDATE OF or a rule's OLD and NEW name."""
    return name.name not in {"old", "new"} or s.schema.relation(name) is not None


def _read(s: Situation) -> Iterator[Name]:
    return read_by(s.schema, _sources(s), s.version)


def _locked_rows(s: Situation) -> Iterator[Name]:
    return read_by(s.schema, _sources(s) if "lockingClause" in s.statement else (), s.version)


def _written_indexes(s: Situation) -> Iterator[Name]:
    """UPDATE, DELETE, MERGE and ON CONFLICT plan with the indexes; a plain INSERT lets go of them as it ends."""
    if s.action.kind is not Kind.INSERT or "onConflictClause" in s.statement:
        yield from planned(s.schema, _tree(s.schema, s.name), s.version)


def _checked_parents(s: Situation) -> Iterator[Name]:
    """Where the rows of new foreign-key values are looked up."""
    for foreign in s.table.foreign_keys if s.table is not None else ():
        if foreign.enforced and _sets(s, foreign.columns):
            yield from _looked_up(s, foreign.table)


def _looked_up(s: Situation, table: Name) -> Iterator[Name]:
    tables = tuple(family(s.schema, table))
    yield from tables
    yield from planned(s.schema, tables, s.version)


def _children(s: Situation, *, written: bool) -> Iterator[Name]:
    """The tables with rows that point to those deleted, or updated in the columns pointed to."""
    done: set[Name] = set()
    left = [s.name]
    while left:
        name = left.pop()
        if name in done:
            continue
        done.add(name)
        for other, foreign in _pointing(s.schema, name):
            if s.action.kind is Kind.UPDATE and not _sets(s, foreign.references):
                continue
            rule = foreign.on_delete if s.action.kind is Kind.DELETE else foreign.on_update
            follows = rule == "cascade" or rule in REPLACING
            if follows == written:
                yield from _looked_up(s, other)
            if rule == "cascade":
                left.append(other)


def _pointing(schema: Schema, name: Name) -> Iterator[tuple[Name, ForeignKey]]:
    table = schema.relations.get(name)
    if isinstance(table, Table):
        for other_name in (*table.referenced_by, name):
            other = schema.relations.get(other_name)
            for foreign in other.foreign_keys if isinstance(other, Table) else ():
                if foreign.table == name and foreign.enforced:
                    yield other_name, foreign


def _sets(s: Situation, columns: tuple[str, ...]) -> bool:
    """Whether a statement may give a column of these another value than NULL or its own."""
    if s.action.kind is not Kind.UPDATE:
        return not all(_inserts_null(s, column) for column in columns)
    for wrapped in s.statement.get("targetList", ()):
        match wrapped["ResTarget"]:
            case {"name": name, "val": {"ColumnRef": {"fields": [*_, {"String": {"sval": value}}]}}}:
                if name in columns and name != value:
                    return True
            case {"name": name} if name in columns:
                return True
    return False


def _inserts_null(s: Situation, column: str) -> bool:
    """Whether INSERT ... VALUES writes NULL, and says so, in a column."""
    names = [wrapped["ResTarget"]["name"] for wrapped in s.statement.get("cols", ())]
    names = names or [known.name for known in (s.table.columns if s.table is not None else ())]
    rows = s.statement.get("selectStmt", {}).get("SelectStmt", {}).get("valuesLists", ())
    if column not in names or not rows:
        return False
    place = names.index(column)
    values = [wrapped["List"]["items"] for wrapped in rows]
    return all(len(row) > place and row[place].get("A_Const", {}).get("isnull") for row in values)


def _body_sources(s: Situation) -> Iterator[Name]:
    """The relations that the body of an SQL function names: it is analysed as it is created."""
    body = s.statement.get("sql_body")
    if body is None and _is_sql(s):
        texts = [v["sval"] for tag, v in walk(_option(s, "as")) if tag == "String" and "sval" in v]
        body = parse(texts[0]).node if len(texts) == 1 else None
    for name in relations_in([body]) if body else ():
        yield s.schema.resolve(name)


def _option(s: Situation, name: str) -> list[object]:
    options = (wrapped["DefElem"] for wrapped in s.statement.get("options", ()))
    return [element.get("arg") for element in options if element["defname"] == name]


def _is_sql(s: Situation) -> bool:
    return any(body.get("sval", "").lower() == "sql" for _, body in walk(_option(s, "language")))


def _rule_writes(s: Situation) -> Iterator[Name]:
    for tag, body in walk(s.statement.get("actions", ())):
        if tag in {"InsertStmt", "UpdateStmt", "DeleteStmt"}:
            yield s.schema.resolve(range_name(body["relation"]))


def _has_data(s: Situation) -> bool:
    return bool(s.statement.get("into", {}).get("skipData") or s.statement.get("skipData"))


def _lockable(s: Situation) -> Iterator[Name]:
    """What LOCK TABLE locks: partitions and inheriting tables unless ONLY, and what lies under a view."""
    left = [s.name]
    while left:
        name = left.pop()
        yield name
        relation = s.schema.relations.get(name)
        left += relation.depends_on if isinstance(relation, View) else ()
        if isinstance(relation, Table) and not (name == s.name and _only(s, name)):
            left += relation.children


def _only(s: Situation, name: Name) -> bool:
    written = (wrapped["RangeVar"] for wrapped in s.statement["relations"])
    return any(not each.get("inh") for each in written if s.schema.resolve(range_name(each)) == name)


NO_DATA = Condition("WITH NO DATA", _has_data)

LOCKED = Selector("the table, its partitions and inheriting tables; of a view, what lies under it", _lockable)
NAMED = Selector("the relations its query names", _sources)
READ = Selector("the relations its query reads: under views, in partitions, and their indexes", _read)
ROW_LOCKED = Selector("what SELECT ... FOR reads, with indexes", _locked_rows)
WRITTEN = Selector("the table and the partitions it may write to", lambda s: _tree(s.schema, s.name))
WRITTEN_INDEXES = Selector("their indexes (not for a plain INSERT)", _written_indexes)
LOOKED_UP = Selector("the tables that changed foreign keys point to, with indexes", _checked_parents)
POINTING = Selector(
    "the tables that may hold rows pointing to those deleted or re-keyed, with indexes",
    lambda s: _children(s, written=False),
)
FOLLOWING = Selector(
    "the tables where ON DELETE or ON UPDATE changes rows, with indexes", lambda s: _children(s, written=True)
)
SEQUENCES = Selector("the sequences it takes numbers from", lambda s: sequences_named(s, s.statement))
BODY = Selector("the relations an SQL body names", _body_sources)
RULE_WRITES = Selector("the tables its commands write to", _rule_writes)
VIEW_READ = Selector(
    "the relations under the view, with indexes",
    lambda s: read_by(s.schema, s.relation.depends_on if isinstance(s.relation, View) else (), s.version),
)
