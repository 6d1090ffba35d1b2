"""What no rollback brings back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.data_loss.column_dropped import ColumnDropped
from raincheck.rules.data_loss.rows_updated_without_where import RowsUpdatedWithoutWhere
from raincheck.rules.data_loss.table_dropped import TableDropped

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

RULES: tuple[Rule, ...] = (
    TableDropped(),
    ColumnDropped(),
    RowsUpdatedWithoutWhere(),
)
