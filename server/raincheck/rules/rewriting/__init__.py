"""Work as long as the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.rewriting.cast_missing import CastMissing
from raincheck.rules.rewriting.column_type_narrows import ColumnTypeNarrows
from raincheck.rules.rewriting.column_type_rewrites import ColumnTypeRewrites
from raincheck.rules.rewriting.default_volatile_rewrites import DefaultVolatileRewrites
from raincheck.rules.rewriting.enum_recreated import EnumRecreated
from raincheck.rules.rewriting.generated_column_rewrites import GeneratedColumnRewrites
from raincheck.rules.rewriting.serial_or_identity_rewrites import SerialOrIdentityRewrites
from raincheck.rules.rewriting.table_rewritten import TableRewritten
from raincheck.rules.rewriting.type_is_not_a_type import TypeIsNotAType

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

RULES: tuple[Rule, ...] = (
    EnumRecreated(),
    ColumnTypeNarrows(),
    ColumnTypeRewrites(),
    CastMissing(),
    TypeIsNotAType(),
    DefaultVolatileRewrites(),
    SerialOrIdentityRewrites(),
    GeneratedColumnRewrites(),
    TableRewritten(),
)
