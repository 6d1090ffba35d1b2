"""What no rollback brings back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.data_loss.column_drop_takes_more import ColumnDropTakesMore
from raincheck.rules.data_loss.column_dropped import ColumnDropped
from raincheck.rules.data_loss.drop_and_add_looks_like_rename import DropAndAddLooksLikeRename
from raincheck.rules.data_loss.drop_cascades import DropCascades
from raincheck.rules.data_loss.extension_dropped import ExtensionDropped
from raincheck.rules.data_loss.next_number_taken import NextNumberTaken
from raincheck.rules.data_loss.numbers_begin_again import NumbersBeginAgain
from raincheck.rules.data_loss.numbers_run_out import NumbersRunOut
from raincheck.rules.data_loss.rows_deleted import RowsDeleted
from raincheck.rules.data_loss.rows_updated_without_where import RowsUpdatedWithoutWhere
from raincheck.rules.data_loss.schema_dropped import DatabaseDropped, SchemaDropped
from raincheck.rules.data_loss.sequence_dropped import SequenceDropped
from raincheck.rules.data_loss.table_dropped import TableDropped
from raincheck.rules.data_loss.view_dropped import TypeDropped, ViewDropped

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

RULES: tuple[Rule, ...] = (
    TableDropped(),
    ColumnDropped(),
    ColumnDropTakesMore(),
    DropAndAddLooksLikeRename(),
    RowsDeleted(),
    RowsUpdatedWithoutWhere(),
    SchemaDropped(),
    DatabaseDropped(),
    TypeDropped(),
    SequenceDropped(),
    NextNumberTaken(),
    NumbersBeginAgain(),
    NumbersRunOut(),
    ViewDropped(),
    ExtensionDropped(),
    DropCascades(),
)
