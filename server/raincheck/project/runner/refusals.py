"""What stops a migrator before it runs anything, in Drizzle's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from raincheck.project.folders import name_order
from raincheck.project.runner.migrator import Migrator, Release

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raincheck.project.runner.disk import Disk
    from raincheck.project.runner.records import Local, Row

Stage = Literal["read", "check", "upgrade"]
"""Reading the folder; drizzle-kit 1.0's `check` before its `migrate`; taking over 0.x's table."""

_FIRST = "00000000-0000-0000-0000-000000000000"
"""The parent of the first snapshot."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """`said` is the message; drizzle-kit 0.x's `migrate` prints none, and exits with 1."""

    said: str
    stage: Stage


def refusal(disk: Disk, migrations: Sequence[Local], migrator: Migrator) -> Refusal | None:
    """What stops this migrator at this folder, whatever the database says."""
    said = _outdated(disk, migrator) or _unreadable(disk, migrations, migrator.release)
    if said:
        return Refusal(said, "read")
    if migrator.via == "drizzle-kit migrate" and migrator.release is Release.V1:
        broken = next(_broken_history(disk), None)
        return Refusal(broken, "check") if broken else None
    return None


def unmatched(rows: Iterable[Row]) -> Refusal:
    """1.0 finds rows in 0.x's table that belong to no folder."""
    ids = [str(row.id) for row in rows]
    return Refusal(
        f"While upgrading your database migrations table we found {len(ids)} migrations (ids: {', '.join(ids)}) in "
        "the database that do not match any local migration. This means that some migrations were applied to the "
        "database but are missing from the local environment",
        "upgrade",
    )


def _outdated(disk: Disk, migrator: Migrator) -> str:
    if disk.journal is None or migrator.release is not Release.V1:
        return ""
    if migrator.via == "drizzle-kit migrate":
        return "Your migrations folder format is outdated, please run drizzle-kit up"
    return (
        "We detected that you have old drizzle-kit migration folders. You must upgrade drizzle-kit and run "
        '"drizzle-kit up"'
    )


def _unreadable(disk: Disk, migrations: Sequence[Local], release: Release) -> str:
    if disk.journal is None and release is Release.V0:
        return "Can't find meta/_journal.json file"
    if not disk.exists:
        return f"ENOENT: no such file or directory, scandir '{disk.path}'"
    if disk.journal is not None and disk.journal.broken:
        return disk.journal.broken
    missing = next((migration for migration in migrations if migration.digest is None), None)
    return f"No file {disk.path}/{missing.tag}.sql found in {disk.path} folder" if missing else ""


def _broken_history(disk: Disk) -> Iterator[str]:
    """What drizzle-kit 1.0 says of snapshots that do not hang together. It asks nothing else of the folders."""
    folders = {link.id: folder for folder, link in disk.links}
    for folder, link in sorted(disk.links):
        for parent in link.parents:
            if parent not in folders and parent != _FIRST:
                yield (
                    f"Cannot reconstruct snapshot {folder}: snapshot {parent} is missing from the migrations folder. "
                    f"Restore the missing migration folder from git, or delete {folder} and every later migration, "
                    "then run generate again."
                )
            elif parent in folders and not _sorts_after(folder, folders[parent]):
                yield (
                    f"Migration {folder} sorts before its parent {folders[parent]}, so migrate can run it first. "
                    f"Rename the folders so that {folder} sorts after {folders[parent]}."
                )


def _sorts_after(folder: str, parent: str) -> bool:
    """By code units and as localeCompare does, both."""
    return folder > parent and name_order(folder) > name_order(parent)
