"""What the replayed history shows: statements that PostgreSQL refuses, and SQL that does not do what its snapshot says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.replay import columns, partitions, relations, remade, retyped, types
from raincheck.rules.replay.constraint_recreated import ConstraintRecreated
from raincheck.rules.replay.enum_value_used_in_run import EnumValueUsedInRun
from raincheck.rules.replay.identifier_truncated import IdentifierTruncated
from raincheck.rules.replay.index_recreated import IndexRecreated
from raincheck.rules.replay.new_database_fails import NewDatabaseFails
from raincheck.rules.replay.primary_key_drop_unwritten import PrimaryKeyDropUnwritten
from raincheck.rules.replay.snapshot_differs import SnapshotDiffers

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

RULES: tuple[Rule, ...] = (
    EnumValueUsedInRun(),
    relations.RelationExists(),
    relations.RelationMissing(),
    columns.ColumnExists(),
    columns.ColumnMissing(),
    columns.ConstraintExists(),
    columns.ConstraintMissing(),
    partitions.PartitionKeyNotInKey(),
    retyped.ColumnUsedByView(),
    retyped.ColumnUsedByPolicy(),
    retyped.ColumnUsedByTrigger(),
    remade.ColumnUsedByGenerated(),
    remade.ComparisonImpossible(),
    types.TypeExists(),
    types.TypeMissing(),
    types.EnumValueExists(),
    types.EnumValueMissing(),
    types.ExtensionMissing(),
    relations.SchemaExists(),
    relations.SchemaMissing(),
    relations.PolicyExists(),
    relations.PolicyMissing(),
    IndexRecreated(),
    ConstraintRecreated(),
    SnapshotDiffers(),
    PrimaryKeyDropUnwritten(),
    NewDatabaseFails(),
    IdentifierTruncated(),
)
