"""Random tables: plain, inheriting, partitioned, partitions, copies, with keys and checks; and partitions moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.relations import ancestors, lineage
from raincheck.catalog.schema import Key, Table
from support.random_sql.draw import Unavailable, is_of, quoted

if TYPE_CHECKING:
    from raincheck.catalog.schema import Column
    from support.random_sql.draw import Draw

KINDS = ("integer", "int4")


def create_table(d: Draw) -> str:
    columns = [
        _id(d),
        *(f"{quoted(d.new('c'))} {d.type()}{_column_rest(d)}" for _ in range(d.random.randint(1, 4))),
    ]
    columns += [f"kind text{d.maybe(' NOT NULL', 0.3)}"] if d.chance(0.5) else []
    columns += [f"ref{d.number()} integer {references(d, 'integer')}"] if d.chance(0.3) else []
    columns += [f"CHECK (id > 0){d.maybe(' NO INHERIT', 0.1)}"] if d.chance(0.2) else []
    kind = d.maybe(" UNLOGGED", 0.05)
    return f"CREATE{kind} TABLE {d.new_relation('t')} ({', '.join(columns)}){_inherits(d)}"


def create_partitioned(d: Draw) -> str:
    columns = ["id integer NOT NULL", "kind text", *(f"{quoted(d.new('c'))} {d.type()}" for _ in range(2))]
    by, column = d.pick((("RANGE", "id"), ("LIST", "kind"), ("HASH", "id"), ("LIST", "id")))
    if d.chance(0.4):
        columns.append(f"{d.pick(('PRIMARY KEY', 'UNIQUE'))} ({column})")
    if d.chance(0.2):
        columns.append(f"ref{d.number()} integer {references(d, 'integer')}")
    return f"CREATE TABLE {d.new_relation('p')} ({', '.join(columns)}) PARTITION BY {by} ({column})"


def create_partition(d: Draw) -> str:
    parent = d.table(lambda table: table.partition_key is not None)
    deeper = ""
    if _depth(d, parent) < 2 and d.chance(0.4):
        above = (d.schema.relations[name] for name in (parent.name, *ancestors(d.schema, parent)))
        taken = {name for each in above for name in _keyed(each)}
        column = d.column(parent, lambda each: is_of(each, "int4", "text") and each.name not in taken)
        by = d.pick(("LIST", "HASH", "RANGE") if is_of(column, "int4") else ("LIST", "HASH"))
        deeper = f" PARTITION BY {by} ({quoted(column.name)})"
    return f"CREATE TABLE {d.new_relation('part')} PARTITION OF {d.name(parent)} {bound(d, parent)}{deeper}"


def create_like(d: Draw) -> str:
    source = d.table(lambda table: d.major >= 17 or table.partition_bound is None)
    including = d.pick(
        ("", "", " INCLUDING ALL", " INCLUDING DEFAULTS INCLUDING CONSTRAINTS", " INCLUDING INDEXES")
    )
    return f"CREATE TABLE {d.new_relation('copy')} (LIKE {d.name(source)}{including})"


def create_as(d: Draw) -> str:
    source = d.table()
    column = quoted(d.column(source, lambda each: each.type.name.schema == "pg_catalog").name)
    return f"CREATE TABLE {d.new_relation('made')} AS SELECT {column} FROM {d.name(source)}{d.maybe(' WITH NO DATA')}"


def attach(d: Draw) -> str:
    parent = d.table(lambda table: table.partition_key is not None)
    shape = _shape(parent)
    child = d.table(
        lambda t: not t.parents and t != parent and _shape(t) == shape and parent not in lineage(d.schema, t)
    )
    return f"ALTER TABLE {d.name(parent)} ATTACH PARTITION {d.name(child)} {bound(d, parent)}"


def detach(d: Draw) -> str:
    child = d.table(lambda table: table.partition_bound is not None)
    parent = d.schema.relations[child.parents[0]]
    if d.major < 15 and any(d.schema.relations[key.table].partition_key for key in parent.foreign_keys):
        raise Unavailable  # 13 and 14 take the partition's foreign keys away, 12 leaves them half
    return f"ALTER TABLE {d.name(parent)} DETACH PARTITION {d.name(child)}"


def inherit(d: Draw) -> str:
    child = d.table(lambda table: table.partition_bound is None and table.partition_key is None)
    own = _shape(child)
    parent = d.table(
        lambda t: (
            t.name != child.name
            and t.partition_bound is None
            and t.partition_key is None
            and _shape(t) <= own
        )
    )
    return f"ALTER TABLE {d.name(child)} INHERIT {d.name(parent)}"


def disinherit(d: Draw) -> str:
    child = d.table(lambda table: bool(table.parents) and table.partition_bound is None)
    return f"ALTER TABLE {d.name(child)} NO INHERIT {d.name(d.schema.relations[d.pick(child.parents)])}"


def references(d: Draw, type_: str) -> str:
    """An inline foreign key from a column of a type to a key over one such column."""
    table, key = d.pick(
        keys(d, lambda found: len(found) == 1 and is_of(found[0], {"integer": "int4"}[type_]))
    )
    return f"REFERENCES {d.name(table)} ({quoted(key.columns[0])}){actions(d)}"


def actions(d: Draw) -> str:
    return d.pick(
        (
            "",
            "",
            " ON DELETE CASCADE",
            " ON DELETE SET NULL",
            " ON DELETE CASCADE ON UPDATE CASCADE",
            " ON UPDATE RESTRICT",
        )
    )


def keys(d: Draw, fits) -> list[tuple[Table, Key]]:
    """The tables and keys that a foreign key may point to and whose columns fit."""
    return [
        (table, key)
        for table in sorted(
            (t for t in d.schema.relations.values() if isinstance(t, Table)), key=lambda t: t.oid
        )
        for key in table.constraints
        if isinstance(key, Key) and not key.deferrable and fits([table.column(name) for name in key.columns])
    ]


def bound(d: Draw, parent: Table) -> str:
    """A bound that no other partition has: the numbers are unique, and so are the ranges between them."""
    node = parent.partition_key.node
    defaulted = any(d.schema.relations[name].partition_bound == "default" for name in parent.children)
    by, number = node["strategy"].rpartition("_")[2], d.number()
    if by != "HASH" and not defaulted and d.chance(0.25):
        return "DEFAULT"
    if by == "HASH":
        return f"FOR VALUES WITH (MODULUS 997, REMAINDER {number % 997})"
    column = parent.column(node["partParams"][0]["PartitionElem"].get("name", ""))
    if column is None or column.type.name.name not in {"int4", "int8", "text"}:
        raise Unavailable
    low = number * 10
    if column.type.name.name == "text":
        return f"FOR VALUES IN ('k{low}')"
    return f"FOR VALUES FROM ({low}) TO ({low + 10})" if by == "RANGE" else f"FOR VALUES IN ({low})"


def partition_columns(d: Draw, table: Table) -> tuple[str, ...]:
    """The columns that a key of the table must have, since it or a partition of it is partitioned by them."""
    found: dict[str, None] = {}
    for each in lineage(d.schema, table):
        if each.partition_key is not None:
            found |= dict.fromkeys(_keyed(each))
    return tuple(found)


def _id(d: Draw) -> str:
    return d.pick(
        (
            "id integer PRIMARY KEY",
            "id serial PRIMARY KEY",
            "id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
            "id integer UNIQUE",
            "id integer",
            "id integer NOT NULL",
        )
    )


def _column_rest(d: Draw) -> str:
    return d.maybe(" NOT NULL", 0.2) + d.maybe(" UNIQUE", 0.05)


def _inherits(d: Draw) -> str:
    if d.chance(0.75):
        return ""
    parents = d.some(
        (t for t in d.schema.relations.values() if isinstance(t, Table) and _may_have_children(t)), 2
    )
    return f" INHERITS ({', '.join(d.name(parent) for parent in parents)})"


def _may_have_children(table: Table) -> bool:
    return table.complete and table.partition_bound is None and table.partition_key is None


def _shape(table: Table) -> set[tuple[str, object]]:
    return {(column.name, column.type) for column in table.columns}


def _keyed(table: Table) -> list[str]:
    """The columns that it is partitioned by itself."""
    return [element["PartitionElem"].get("name", "") for element in table.partition_key.node["partParams"]]


def _depth(d: Draw, table: Table) -> int:
    return 1 + _depth(d, d.schema.relations[table.parents[0]]) if table.partition_bound is not None else 0


def plain(column: Column) -> bool:
    """Whether a column is neither generated nor of a sequence."""
    return column.generated is None and column.identity is None


CREATING = {
    create_table: 6,
    create_partitioned: 4,
    create_partition: 7,
    create_like: 3,
    create_as: 0.5,
    attach: 4,
    detach: 2,
    inherit: 2,
    disinherit: 1,
}
"""Statements, each with how often it is drawn beside the others."""
