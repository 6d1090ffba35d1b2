"""Random statements that drop, rename, move and empty things, and those about rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Table
from raincheck.locks.modes import Mode
from support.random_sql.draw import Unavailable, full, listed, quoted
from support.random_sql.tables import plain

if TYPE_CHECKING:
    from support.random_sql.draw import Draw


def drop_table(d: Draw) -> str:
    tables = [d.table() for _ in range(d.pick((1, 1, 1, 2)))]
    names = ", ".join(d.name(table) for table in tables)
    return f"DROP TABLE {d.maybe('IF EXISTS ', 0.2)}{names}{d.maybe(' CASCADE', 0.75)}"


def drop_index(d: Draw) -> str:
    index = d.index(lambda each: each.constraint is None and each.parent is None)
    return f"DROP INDEX {full(index.name)}"


def drop_view(d: Draw) -> str:
    view = d.view()
    kind = "MATERIALIZED VIEW" if view.materialized else "VIEW"
    return f"DROP {kind} {d.name(view)}{d.maybe(' CASCADE', 0.7)}"


def drop_sequence(d: Draw) -> str:
    found = d.sequence(lambda each: not each.identity)
    return f"DROP SEQUENCE {d.name(found)}{d.maybe(' CASCADE', 0.7)}"


def drop_type(d: Draw) -> str:
    found = d.pick(sorted(d.schema.types.values(), key=lambda each: each.name))
    return f"DROP TYPE {full(found.name)} CASCADE"


def drop_function(d: Draw) -> str:
    if not d.schema.functions or d.chance(0.8):
        raise Unavailable
    return "DROP FUNCTION touch() CASCADE"


def drop_schema(d: Draw) -> str:
    if d.chance(0.7):
        raise Unavailable
    return f"DROP SCHEMA {d.pick(('app', quoted('My Shop')))} CASCADE"


def truncate(d: Draw) -> str:
    tables = [d.table() for _ in range(d.pick((1, 1, 2)))]
    names = ", ".join(
        d.maybe("ONLY ", 0.1 if table.partition_key is None else 0) + d.name(table) for table in tables
    )
    return f"TRUNCATE {names}{d.maybe(' RESTART IDENTITY', 0.3)}{d.maybe(' CASCADE', 0.8)}"


def rename(d: Draw) -> str:
    return f"ALTER TABLE {d.name(d.table())} RENAME TO {quoted(d.new('t'))}"


def rename_column(d: Draw) -> str:
    table = d.top()
    column = d.column(table, lambda each: each.name not in {"id", "kind"} or d.chance(0.1))
    return f"ALTER TABLE {d.name(table)} RENAME COLUMN {quoted(column.name)} TO {quoted(d.new('c'))}"


def rename_constraint(d: Draw) -> str:
    table = d.top(lambda found: bool(found.constraints))
    name = d.pick(table.constraints).name
    return f"ALTER TABLE {d.name(table)} RENAME CONSTRAINT {quoted(name)} TO {quoted(d.new('con'))}"


def set_schema(d: Draw) -> str:
    return f"ALTER TABLE {d.name(d.table())} SET SCHEMA {quoted(d.pick(('public', 'app', 'My Shop')))}"


def insert(d: Draw) -> str:
    table = d.table()
    given = [
        column for column in table.columns if plain(column) and (column.default is None or d.chance(0.3))
    ]
    if not given:
        return f"INSERT INTO {d.name(table)} DEFAULT VALUES"
    pointing = {name for key in table.foreign_keys for name in key.columns}
    values = ["NULL" if c.name in pointing and not c.not_null else d.value(c.type) for c in given]
    conflict = d.maybe(" ON CONFLICT DO NOTHING", 0.2)
    return f"INSERT INTO {d.name(table)} ({listed(c.name for c in given)}) VALUES ({', '.join(values)}){conflict}"


def update(d: Draw) -> str:
    table = d.table()
    column = d.column(table, plain)
    only = d.maybe("ONLY ", 0.1)
    return f"UPDATE {only}{d.name(table)} SET {quoted(column.name)} = {d.pick((quoted(column.name), d.value(column.type)))}"


def delete(d: Draw) -> str:
    table = d.table()
    return f"DELETE FROM {d.maybe('ONLY ', 0.1)}{d.name(table)}{d.maybe(' WHERE id = 1', 0.3)}"


def select(d: Draw) -> str:
    found = d.pick((d.table, d.table, d.view))()
    lock = d.maybe(d.pick((" FOR UPDATE", " FOR KEY SHARE")), 0.3) if isinstance(found, Table) else ""
    only = d.maybe("ONLY ", 0.1) if isinstance(found, Table) else ""
    return f"SELECT * FROM {only}{d.name(found)}{lock}"


def lock(d: Draw) -> str:
    found = d.pick((d.table, d.table, lambda: d.view(materialized=False)))()
    return f"LOCK TABLE {d.maybe('ONLY ', 0.1)}{d.name(found)} IN {d.pick(Mode).sql} MODE"


def copy(d: Draw) -> str:
    table = d.table(lambda found: found.partition_key is None)
    return f"COPY {d.name(table)} TO PROGRAM 'cat > /dev/null'"


CHANGING = {
    drop_table: 2.5,
    drop_index: 1.5,
    drop_view: 1,
    drop_sequence: 0.8,
    drop_type: 0.7,
    drop_function: 0.5,
    drop_schema: 0.5,
    truncate: 2,
    rename: 1,
    rename_column: 1.5,
    rename_constraint: 1.5,
    set_schema: 1.5,
}
ROWS = {
    insert: 3,
    update: 1.5,
    delete: 1,
    select: 1,
    lock: 1,
    copy: 0.3,
}
"""Statements, each with how often it is drawn beside the others."""
