"""What INSERT, UPDATE, DELETE and MERGE write to, and what their foreign keys and defaults draw in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.expressions import NextValue
from raincheck.catalog.schema import Table, View
from raincheck.locks.constants import one_of
from raincheck.locks.foreign_keys import planned
from raincheck.locks.pruning import Where, called, key_columns, live, wanted
from raincheck.locks.row import Selector
from raincheck.locks.selectors import owned_sequences, sequences_named
from raincheck.locks.situation import ancestors, family
from raincheck.sql.actions import range_name
from raincheck.sql.expressions import walk
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from raincheck.catalog.schema import Column, ForeignKey, Schema
    from raincheck.locks.constants import Demand
    from raincheck.locks.situation import Situation
    from raincheck.sql.names import Name
    from raincheck.sql.nodes import Node


@dataclass(frozen=True, slots=True)
class Change:
    """One way in which a statement changes rows: "insert", "update" or "delete", and the columns it sets so that
    they may get another value than NULL or their own.
    """

    command: str
    columns: frozenset[str]


_COMMANDS = {"CMD_INSERT": "insert", "CMD_UPDATE": "update", "CMD_DELETE": "delete"}


def changes(s: Situation) -> Iterator[Change]:
    """The ways in which a statement changes rows of the table that it names."""
    match s.action.kind:
        case Kind.INSERT | Kind.COPY:
            columns = {column.name for column in s.table.columns} if s.table is not None else set()
            yield Change("insert", frozenset(name for name in columns if not _inserts_null(s, name)))
            conflict = s.statement.get("onConflictClause", {})
            if "targetList" in conflict:
                yield Change("update", _set(conflict["targetList"]))
        case Kind.UPDATE:
            yield Change("update", _set(s.statement["targetList"]))
        case Kind.DELETE:
            yield Change("delete", frozenset())
        case Kind.MERGE:
            for wrapped in s.statement["mergeWhenClauses"]:
                clause = wrapped["MergeWhenClause"]
                if clause["commandType"] in _COMMANDS:
                    yield Change(_COMMANDS[clause["commandType"]], _set(clause.get("targetList", ())))


def _set(targets: list[Node]) -> frozenset[str]:
    return frozenset(
        target["name"] for wrapped in targets if (target := wrapped["ResTarget"]) and not _keeps(target)
    )


def _keeps(target: Node) -> bool:
    """`SET a = a`, for which no foreign key is checked."""
    match target.get("val"):
        case {"ColumnRef": {"fields": [*_, {"String": {"sval": value}}]}}:
            return bool(value == target["name"])
    return False


def _inserted(s: Situation) -> list[str]:
    """The columns an INSERT names, or all of the table."""
    named = [wrapped["ResTarget"]["name"] for wrapped in s.statement.get("cols", ())]
    return named or [column.name for column in (s.table.columns if s.table is not None else ())]


def _value_rows(s: Situation) -> list[list[Node]]:
    rows = s.statement.get("selectStmt", {}).get("SelectStmt", {}).get("valuesLists", ())
    return [wrapped["List"]["items"] for wrapped in rows]


def _inserts_null(s: Situation, column: str) -> bool:
    """Whether INSERT ... VALUES writes NULL, and says so, in a column."""
    names, rows = _inserted(s), _value_rows(s)
    if column not in names or not rows:
        return False
    place = names.index(column)
    return all(len(row) > place and row[place].get("A_Const", {}).get("isnull") for row in rows)


def defaulted(s: Situation) -> Iterator[str]:
    """The columns that an INSERT leaves to their defaults."""
    if s.action.kind is not Kind.INSERT or s.table is None:
        return
    names, rows = _inserted(s), _value_rows(s)
    given = names[: len(rows[0])] if rows else names if "selectStmt" in s.statement else []
    for column in s.table.columns:
        if column.name not in given or any("SetToDefault" in row[given.index(column.name)] for row in rows):
            yield column.name


def _sequences(s: Situation) -> Iterator[Name]:
    """Those it names, and those behind serial and identity columns that get their default."""
    yield from sequences_named(s, s.statement)
    for name in defaulted(s):
        column = s.table.column(name) if s.table is not None else None
        if column is not None and isinstance(column.default, NextValue):
            yield column.default.sequence
        if column is not None and column.identity is not None:
            yield from owned_sequences(s.schema, s.name, name)


def written(s: Situation) -> Iterator[Name]:
    """The table and what of its rows lie below it; of a view that is written through, also what it stands for."""
    yield from _planned_writes(s)
    moved = _moved(s)
    if moved is not None:
        yield from live(s.schema, s.name, [moved])


def _planned_writes(s: Situation) -> Iterator[Name]:
    if s.only and s.table is not None:
        yield s.name
    else:
        inheriting = s.action.kind not in _NEW_ROWS
        yield from _targets(s.schema, s.name, _asked(s), inheriting=inheriting)
    for wrapped in s.statement.get("withClause", {}).get("ctes", ()):
        for tag, body in walk(wrapped["CommonTableExpr"].get("ctequery")):
            if tag in {"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"}:
                name = s.schema.resolve(range_name(body["relation"]))
                asked = wanted(s.schema, name, _where(body)) if tag != "InsertStmt" else [{}]
                yield from _targets(s.schema, name, asked, inheriting=tag != "InsertStmt")


def _where(statement: Node) -> Where | None:
    """The condition on the target of an UPDATE or DELETE."""
    condition = statement.get("whereClause")
    return Where(condition, called(statement["relation"])) if condition else None


def _asked(s: Situation) -> list[Demand]:
    """What is known of the rows that are written: by WHERE, or by VALUES."""
    if s.table is None or s.table.partition_key is None:
        return [{}]
    keys = key_columns(s.schema, s.table)
    match s.action.kind:
        case Kind.DELETE | Kind.UPDATE:
            return wanted(s.schema, s.name, _where(s.statement))
        case Kind.INSERT if rows := _value_rows(s):
            return [_of_row(s, keys, _row_of(s, row)) for row in rows]
    return [{}]


def _moved(s: Situation) -> Demand | None:
    """What is known of the rows of an UPDATE after it, where it may move them to other partitions."""
    if s.action.kind is not Kind.UPDATE or s.table is None or s.table.partition_key is None:
        return None
    keys = key_columns(s.schema, s.table)
    targets = (wrapped["ResTarget"] for wrapped in s.statement["targetList"])
    new = {target["name"]: target.get("val", {}) for target in targets}
    return _of_row(s, keys, new) if keys.keys() & new else None


def _row_of(s: Situation, values: list[Node]) -> dict[str, Node]:
    """A row of VALUES by column, with what is left to the defaults; without it where there is none."""
    left: dict[str, Node] = {
        column.name: {"SetToDefault": {}} for column in (s.table.columns if s.table is not None else ())
    }
    return {**left, **dict(zip(_inserted(s), values, strict=False))}


def _of_row(s: Situation, keys: Mapping[str, Column], row: Mapping[str, Node]) -> Demand:
    """The demand that a row of constants makes of the key columns; a column that cannot be told may be anything."""
    found: Demand = {}
    for name, column in keys.items():
        if name in row:
            default = column.default.node if column.default is not None else None
            value = one_of(column, default if "SetToDefault" in row[name] else row[name], s.schema)
            generated = column.identity is not None or column.generated is not None
            if value is not None and not generated:
                found[name] = value
    return found


_NEW_ROWS = (Kind.INSERT, Kind.COPY)


def _targets(schema: Schema, name: Name, asked: list[Demand], *, inheriting: bool) -> Iterator[Name]:
    match schema.relations.get(name):
        case Table() as table if inheriting or table.partition_key is not None:
            yield from live(schema, name, asked)
        case View(depends_on=(only,)):
            yield name
            yield from _targets(schema, only, [{}], inheriting=inheriting)
        case _:
            yield name


def _written_indexes(s: Situation) -> Iterator[Name]:
    """UPDATE, DELETE, MERGE and ON CONFLICT plan with the indexes; a plain INSERT lets go of them as it ends."""
    if s.action.kind is not Kind.INSERT or "onConflictClause" in s.statement:
        yield from planned(s.schema, _planned_writes(s), s.version, only=s.only)


def _bounding(s: Situation) -> Iterator[Name]:
    """A row that goes straight into a partition is held against its bound, and those of the tables above."""
    is_partitioned = s.table is not None and s.table.partition_key is not None
    if is_partitioned or any(change.command != "delete" for change in changes(s)):
        yield from ancestors(s.schema, s.name)


def _looked_up(s: Situation) -> Iterator[Name]:
    """Where the rows of new foreign-key values are looked up."""
    for foreign in s.table.foreign_keys if s.table is not None else ():
        if foreign.enforced and any(change.columns.intersection(foreign.columns) for change in changes(s)):
            yield from _with_indexes(s, foreign.table)


def _pointing(s: Situation) -> Iterator[Name]:
    for other, command in _referencing(s):
        if not command:
            yield from _with_indexes(s, other)


def _following(s: Situation) -> Iterator[Name]:
    for other, _ in cascades(s):
        yield from _with_indexes(s, other)


def cascades(s: Situation) -> Iterator[tuple[Name, str]]:
    """The tables where ON DELETE or ON UPDATE changes rows, each with "delete" or "update"."""
    yield from ((name, command) for name, command in _referencing(s) if command)


def _referencing(s: Situation) -> Iterator[tuple[Name, str]]:
    """The tables whose foreign keys a change reaches, on and on through cascades; "delete" or "update" where it
    changes rows there, else "".
    """
    for change in changes(s):
        done: set[Name] = set()
        left = [s.name] if change.command != "insert" else []
        while left:
            name = left.pop()
            for other, foreign in _pointing_to(s.schema, name):
                if change.command == "update" and not change.columns.intersection(foreign.references):
                    continue
                rule = foreign.on_delete if change.command == "delete" else foreign.on_update
                cascading = change.command if rule == "cascade" else "update"
                yield other, cascading if rule in {"cascade", "set null", "set default"} else ""
                if rule == "cascade" and other not in done:
                    done.add(other)
                    left.append(other)


def _pointing_to(schema: Schema, name: Name) -> Iterator[tuple[Name, ForeignKey]]:
    table = schema.relations.get(name)
    for other_name in (*table.referenced_by, name) if isinstance(table, Table) else ():
        other = schema.relations.get(other_name)
        for foreign in other.foreign_keys if isinstance(other, Table) else ():
            if foreign.table == name and foreign.enforced:
                yield other_name, foreign


def _with_indexes(s: Situation, table: Name) -> Iterator[Name]:
    tables = tuple(family(s.schema, table))
    yield from tables
    yield from planned(s.schema, tables, s.version)


WRITTEN = Selector("the table and the partitions or inheriting tables it may write to", written)
WRITTEN_INDEXES = Selector("their indexes (not for a plain INSERT)", _written_indexes)
BOUNDING = Selector("of a partition, the tables it is a part of (not for DELETE from a leaf)", _bounding)
LOOKED_UP = Selector("the tables that changed foreign keys point to, with indexes", _looked_up)
POINTING = Selector(
    "the tables that may hold rows pointing to those deleted or re-keyed, with indexes", _pointing
)
FOLLOWING = Selector("the tables where ON DELETE or ON UPDATE changes rows, with indexes", _following)
SEQUENCES = Selector("the sequences it takes numbers from", _sequences)
