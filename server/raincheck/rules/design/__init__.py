"""How tables are made. Matters of taste are off unless `[rules]` switches them on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.design import columns, indexes, tables

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

RULES: tuple[Rule, ...] = (
    tables.ForeignKeyUnindexed(),
    indexes.VectorIndexInTransaction(),
    columns.JsonNotJsonb(),
    columns.TimestampWithoutTimeZone(),
    columns.IntegerPrimaryKey(),
    tables.PrimaryKeyMissing(),
    indexes.IndexWide(),
    indexes.IndexRedundant(),
    tables.ConstraintUnnamed(),
)
