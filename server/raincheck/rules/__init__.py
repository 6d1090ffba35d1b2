"""All rules, in the order in which people read about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.compatibility.column_renamed import ColumnRenamed
from raincheck.rules.compatibility.required_column_added import RequiredColumnAdded
from raincheck.rules.compatibility.table_renamed import TableRenamed
from raincheck.rules.data_loss.column_dropped import ColumnDropped
from raincheck.rules.data_loss.rows_updated_without_where import RowsUpdatedWithoutWhere
from raincheck.rules.data_loss.table_dropped import TableDropped
from raincheck.rules.history import files, journal, seal, snapshots
from raincheck.rules.history.migration_edited import MigrationEdited
from raincheck.rules.locking.index_blocks_writes import IndexBlocksWrites
from raincheck.rules.locking.index_drop_blocks_reads import IndexDropBlocksReads
from raincheck.rules.locking.lock_timeout_missing import LockTimeoutMissing
from raincheck.rules.locking.set_not_null_scans import SetNotNullScans
from raincheck.rules.reading import settings, texts
from raincheck.rules.replay import columns, relations, types
from raincheck.rules.replay.enum_value_used_in_run import EnumValueUsedInRun
from raincheck.rules.replay.identifier_truncated import IdentifierTruncated
from raincheck.rules.replay.new_database_fails import NewDatabaseFails
from raincheck.rules.replay.primary_key_drop_unwritten import PrimaryKeyDropUnwritten
from raincheck.rules.replay.snapshot_differs import SnapshotDiffers
from raincheck.rules.rewriting.cast_missing import CastMissing
from raincheck.rules.rewriting.column_type_rewrites import ColumnTypeRewrites
from raincheck.rules.rewriting.default_volatile_rewrites import DefaultVolatileRewrites
from raincheck.rules.rewriting.type_is_not_a_type import TypeIsNotAType
from raincheck.rules.transactions.fails_in_transaction import FailsInTransaction

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

ALL: tuple[Rule, ...] = (
    IndexBlocksWrites(),
    IndexDropBlocksReads(),
    SetNotNullScans(),
    LockTimeoutMissing(),
    ColumnTypeRewrites(),
    CastMissing(),
    TypeIsNotAType(),
    DefaultVolatileRewrites(),
    TableDropped(),
    ColumnDropped(),
    RowsUpdatedWithoutWhere(),
    RequiredColumnAdded(),
    ColumnRenamed(),
    TableRenamed(),
    FailsInTransaction(),
    EnumValueUsedInRun(),
    relations.RelationExists(),
    relations.RelationMissing(),
    columns.ColumnExists(),
    columns.ColumnMissing(),
    columns.ConstraintExists(),
    columns.ConstraintMissing(),
    types.TypeExists(),
    types.TypeMissing(),
    types.EnumValueExists(),
    types.EnumValueMissing(),
    types.ExtensionMissing(),
    relations.SchemaExists(),
    relations.SchemaMissing(),
    relations.PolicyExists(),
    relations.PolicyMissing(),
    SnapshotDiffers(),
    PrimaryKeyDropUnwritten(),
    NewDatabaseFails(),
    IdentifierTruncated(),
    MigrationEdited(),
    files.MigrationRemoved(),
    files.MigrationRunsAgain(),
    journal.JournalUnreadable(),
    journal.JournalDuplicate(),
    journal.JournalOutOfOrder(),
    journal.JournalEntryEdited(),
    journal.JournalTimeInFuture(),
    files.JournalEntryWithoutFile(),
    files.FileWithoutJournalEntry(),
    files.FolderWithoutTimestamp(),
    snapshots.FolderBeforeParent(),
    snapshots.BranchesConflict(),
    files.LayoutMixed(),
    snapshots.SnapshotMissing(),
    snapshots.SnapshotUnreadable(),
    snapshots.SnapshotCollision(),
    seal.SealUnreadable(),
    seal.SealStale(),
    texts.SyntaxError_(),
    texts.ByteOrderMark(),
    texts.NotUtf8(),
    texts.PsqlOnlyCommand(),
    texts.BreakpointSplitsLiteral(),
    texts.PulledBaselineCommented(),
    texts.StatementTooComplex(),
    settings.PendingUnknown(),
    settings.ConfigUnreadable(),
    settings.ConfigNotStatic(),
    settings.NoMigrations(),
    settings.OtherDatabase(),
    settings.SearchCutShort(),
    settings.SettingsInvalid(),
    settings.AllowanceUnused(),
    settings.AllowanceWithoutReason(),
    settings.InternalError(),
)
