"""Work as long as the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.rewriting.cast_missing import CastMissing
from raincheck.rules.rewriting.column_type_rewrites import ColumnTypeRewrites
from raincheck.rules.rewriting.default_volatile_rewrites import DefaultVolatileRewrites
from raincheck.rules.rewriting.type_is_not_a_type import TypeIsNotAType

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

RULES: tuple[Rule, ...] = (
    ColumnTypeRewrites(),
    CastMissing(),
    TypeIsNotAType(),
    DefaultVolatileRewrites(),
)
