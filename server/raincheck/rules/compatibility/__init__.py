"""Code that still runs while the migration is applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.compatibility.cached_plan_broken import CachedPlanBroken
from raincheck.rules.compatibility.column_renamed import ColumnRenamed
from raincheck.rules.compatibility.default_dropped import DefaultDropped
from raincheck.rules.compatibility.enum_value_renamed import EnumValueRenamed
from raincheck.rules.compatibility.key_dropped import KeyDropped
from raincheck.rules.compatibility.not_null_breaks_writers import NotNullBreaksWriters
from raincheck.rules.compatibility.policy_narrowed import PolicyNarrowed
from raincheck.rules.compatibility.privilege_revoked import PrivilegeRevoked
from raincheck.rules.compatibility.required_column_added import RequiredColumnAdded
from raincheck.rules.compatibility.row_security_disabled import RowSecurityDisabled
from raincheck.rules.compatibility.row_security_without_policy import RowSecurityWithoutPolicy
from raincheck.rules.compatibility.schema_changed import SchemaChanged
from raincheck.rules.compatibility.table_renamed import TableRenamed

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

RULES: tuple[Rule, ...] = (
    CachedPlanBroken(),
    RequiredColumnAdded(),
    ColumnRenamed(),
    TableRenamed(),
    SchemaChanged(),
    EnumValueRenamed(),
    NotNullBreaksWriters(),
    DefaultDropped(),
    KeyDropped(),
    RowSecurityWithoutPolicy(),
    RowSecurityDisabled(),
    PolicyNarrowed(),
    PrivilegeRevoked(),
)
