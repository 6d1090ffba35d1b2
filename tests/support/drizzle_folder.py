"""A Drizzle project in the journal layout, written by hand into a folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from support.projects import journal

if TYPE_CHECKING:
    from pathlib import Path


class DrizzleFolder:
    """Migrations by tag, in the order in which they are given."""

    def __init__(self, root: Path, migrations: dict[str, str]) -> None:
        self.root = root
        self._tags: list[str] = []
        (root / "drizzle" / "meta").mkdir(parents=True)
        (root / ".git").mkdir()  # nothing above it is looked at
        for tag, sql in migrations.items():
            self.add(tag, sql)

    @property
    def journal(self) -> Path:
        return self.root / "drizzle" / "meta" / "_journal.json"

    def path(self, tag: str) -> Path:
        return self.root / "drizzle" / f"{tag}.sql"

    def add(self, tag: str, sql: str) -> Path:
        """Write a migration and its line in the journal."""
        self._tags.append(tag)
        self.path(tag).write_bytes(sql.encode())
        self.journal.write_text(journal(self._tags))
        return self.path(tag)

    def snapshots(self) -> None:
        """Write a snapshot for the newest migration, for fixes that add one."""
        snapshot = {
            "id": "1f1ee1a8-0000-4000-8000-000000000001",
            "prevId": "1f1ee1a8-0000-4000-8000-000000000000",
            "version": "7",
            "dialect": "postgresql",
            **{key: {} for key in ("tables", "enums", "schemas", "sequences", "roles", "policies", "views")},
            "_meta": {"columns": {}, "schemas": {}, "tables": {}},
        }
        path = self.journal.with_name(f"{self._tags[-1][:4]}_snapshot.json")
        path.write_text(json.dumps(snapshot, indent=2))

    def remove(self, tag: str) -> None:
        self._tags.remove(tag)
        self.path(tag).unlink()
        self.journal.write_text(journal(self._tags))
