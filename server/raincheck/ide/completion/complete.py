"""What can be typed at a place, put together; and what there is to read about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.render import formatted
from raincheck.catalog.schema import EMPTY, Table
from raincheck.ide.blocks import Code, Strong, paragraph
from raincheck.ide.blocks import Table as Grid
from raincheck.ide.completion.comments import in_comment
from raincheck.ide.completion.completion import Offer
from raincheck.ide.completion.cursor import cursor_at
from raincheck.ide.completion.names import MOST, names
from raincheck.ide.completion.phrases import phrases, staged
from raincheck.ide.places import step_at
from raincheck.project.project import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.engine.analysis import Analysis
    from raincheck.ide.blocks import Block
    from raincheck.ide.completion.phrases import Stage
    from raincheck.project.project import Migration
    from raincheck.sql.names import Name

_MOST_COLUMNS = 30


def complete(analysis: Analysis, path: str, offset: int, stages: tuple[Stage, ...]) -> Offer:
    """What can be typed at an offset of a migration; nothing in other files. `stages` are those of the recipes."""
    migration = analysis.project.at(path)
    cursor = cursor_at(migration.document, offset) if migration else None
    if migration is None or cursor is None:
        return Offer()
    if cursor.comment is not None:
        return in_comment(analysis, path, cursor.comment, inside=bool(cursor.before))
    transactional = analysis.settings.runner == "transaction"
    schema = schema_at(analysis, migration, offset)
    found = (
        *phrases(cursor, transactional=transactional),
        *names(cursor, schema),
        *staged(cursor, stages),
    )
    return Offer(tuple(dict.fromkeys(found)), whole=len(schema.relations) <= MOST)


def schema_at(analysis: Analysis, migration: Migration, offset: int) -> Schema:
    """The schema before the statement at a place, or behind the last one before it."""
    step = step_at(analysis, migration.path, offset)
    if step is not None:
        chunk = migration.document.chunk_at(offset)
        open_ = step.statement.semicolon is None and step.statement.chunk == chunk.index
        return step.before if open_ or offset < step.statement.whole.end else step.after
    steps = analysis.steps_by_path.get(migration.path, [])
    return steps[0].before if steps else _before(analysis, migration)


def _before(analysis: Analysis, migration: Migration) -> Schema:
    """The schema that a migration without any statement finds: what was applied, and what is pending before it."""
    places = {one.path: number for number, one in enumerate(analysis.project.migrations)}
    mine = places[migration.path]
    for step in reversed(analysis.timeline.steps):
        other = step.migration
        runs = other.state is not State.SKIPPED
        if runs and (not other.pending or places[other.path] < mine):
            return step.after
    return EMPTY


def relation_page(schema: Schema, name: Name) -> Iterator[Block]:
    """What a table is made of; of other relations only what they are."""
    relation = schema.relations.get(name)
    if relation is None:
        return
    yield paragraph(Strong(type(relation).__name__), " ", Code(str(name)))
    if isinstance(relation, Table) and relation.columns:
        rows = tuple(
            (Code(one.name), formatted(one.type), "NOT NULL" if one.not_null else "")
            for one in relation.columns[:_MOST_COLUMNS]
        )
        yield Grid(("Column", "Type", ""), rows)
        if len(relation.columns) > _MOST_COLUMNS:
            yield paragraph(f"And {len(relation.columns) - _MOST_COLUMNS} more.")
