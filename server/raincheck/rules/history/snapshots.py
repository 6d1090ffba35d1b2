"""Problems of the snapshots, and of what they say about branches."""

from __future__ import annotations

from raincheck.engine.finding import Severity
from raincheck.engine.rule import Rule


class SnapshotMissing(Rule):
    """A migration without its snapshot."""

    name = "snapshot-missing"
    severity = Severity.NOTE


class SnapshotUnreadable(Rule):
    """A snapshot that drizzle-kit cannot read."""

    name = "snapshot-unreadable"
    severity = Severity.RISK


class SnapshotCollision(Rule):
    """Two snapshots of drizzle-kit 0.x that were made from one."""

    name = "snapshot-collision"
    severity = Severity.DANGER


class BranchesConflict(Rule):
    """Two branches of migrations of Drizzle 1.0 that change the same object."""

    name = "branches-conflict"
    severity = Severity.DANGER


class FolderBeforeParent(Rule):
    """A migration of Drizzle 1.0 whose time is earlier than that of the one it was made after."""

    name = "folder-before-parent"
    severity = Severity.DANGER
