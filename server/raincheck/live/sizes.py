"""How large a database's tables are, by its own catalog and files; no row is read.

Rows are estimated as the planner does: those of the last ANALYZE, scaled by how the file has grown since.
Source: estimate_rel_size in src/backend/optimizer/util/plancat.c.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg

from raincheck.engine.sizes import Figures
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from raincheck.live.connection import ReadOnly

_RELATIONS = """
    SELECT c.oid::bigint, n.nspname, c.relname, c.relkind::text, c.reltuples::float8, c.relpages::bigint,
           {bytes},
           (SELECT i.inhparent::bigint FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid AND c.relispartition)
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
       AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
"""
_EXACT = """pg_catalog.pg_relation_size(c.oid), coalesce(pg_catalog.pg_indexes_size(c.oid), 0),
           pg_catalog.pg_total_relation_size(c.oid)"""
_BY_PAGES = """c.relpages * current_setting('block_size')::bigint,
           (SELECT coalesce(sum(i.relpages), 0)::bigint * current_setting('block_size')::bigint
              FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid),
           NULL::bigint"""
"""As of the last VACUUM or ANALYZE. It needs no lock, so it works behind a migration that holds one."""
_BLOCK = "SELECT current_setting('block_size')::int"
_OLD_UNKNOWN = 14
"""Before PostgreSQL 14, reltuples is 0 and not -1 for a table that was never analysed."""


@dataclass(frozen=True, slots=True)
class _Row:
    name: Name
    figures: Figures
    partitioned: bool
    parent: int | None


def read_sizes(look: ReadOnly) -> dict[Name, Figures]:
    """The tables and materialized views that are the user's; a partitioned table has the sum of its partitions."""
    rows = dict(_rows(look))
    children: dict[int, list[int]] = {}
    for oid, row in rows.items():
        if row.parent is not None:
            children.setdefault(row.parent, []).append(oid)
    return {row.name: _whole(oid, rows, children) for oid, row in rows.items()}


def _rows(look: ReadOnly) -> Iterator[tuple[int, _Row]]:
    (block,) = look.connection.execute(_BLOCK).fetchone() or (8192,)
    for oid, schema, name, kind, tuples, pages, heap, indexes, total, parent in _asked(look):
        if heap is None:
            continue  # dropped while it was asked
        rows = _estimated(tuples, pages, heap, block, look.version.major)
        figures = Figures(rows, heap, indexes, heap + indexes if total is None else total)
        yield oid, _Row(Name(schema, name), figures, kind == "p", parent)


def _asked(look: ReadOnly) -> Sequence[tuple[Any, ...]]:
    """Sizes by the files; where a migration holds its lock for too long, by the catalog alone."""
    try:
        with look.connection.transaction():
            return look.connection.execute(_RELATIONS.replace("{bytes}", _EXACT)).fetchall()
    except psycopg.errors.LockNotAvailable:
        return look.connection.execute(_RELATIONS.replace("{bytes}", _BY_PAGES)).fetchall()


def _estimated(tuples: float, pages: int, heap: int, block: int, major: int) -> int | None:
    """None where no ANALYZE or VACUUM has counted, and there is something to count."""
    if heap == 0:
        return 0
    if tuples < 0 or (pages == 0 and (tuples == 0 or major < _OLD_UNKNOWN)):
        return None
    return round(tuples / pages * (heap / block)) if pages else round(tuples)


def _whole(oid: int, rows: Mapping[int, _Row], children: Mapping[int, list[int]]) -> Figures:
    """A table's own figures, or the sum over the partitions below it."""
    row = rows[oid]
    if not row.partitioned:
        return row.figures
    parts = [_whole(child, rows, children) for child in children.get(oid, ())]
    counted = [part.rows for part in parts]
    return Figures(
        None if None in counted else sum(count or 0 for count in counted),
        sum(part.heap for part in parts),
        sum(part.indexes for part in parts),
        sum(part.total for part in parts),
    )
