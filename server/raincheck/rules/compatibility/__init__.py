"""Code that still runs while the migration is applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.compatibility.column_renamed import ColumnRenamed
from raincheck.rules.compatibility.required_column_added import RequiredColumnAdded
from raincheck.rules.compatibility.table_renamed import TableRenamed

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

RULES: tuple[Rule, ...] = (
    RequiredColumnAdded(),
    ColumnRenamed(),
    TableRenamed(),
)
