"""How tables are made. Matters of taste are off unless `[rules]` switches them on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.design.columns import JsonNotJsonb, TimestampWithoutTimeZone
from raincheck.rules.design.constraint_unnamed import ConstraintUnnamed
from raincheck.rules.design.foreign_key_unindexed import ForeignKeyUnindexed
from raincheck.rules.design.index_redundant import IndexRedundant
from raincheck.rules.design.index_wide import IndexWide
from raincheck.rules.design.integer_primary_key import IntegerPrimaryKey
from raincheck.rules.design.primary_key_missing import PrimaryKeyMissing
from raincheck.rules.design.vector_index_in_transaction import VectorIndexInTransaction

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

RULES: tuple[Rule, ...] = (
    ForeignKeyUnindexed(),
    VectorIndexInTransaction(),
    JsonNotJsonb(),
    TimestampWithoutTimeZone(),
    IntegerPrimaryKey(),
    PrimaryKeyMissing(),
    IndexWide(),
    IndexRedundant(),
    ConstraintUnnamed(),
)
