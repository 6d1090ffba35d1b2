from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRunRule
from raincheck.sql.names import Name, always_quoted, quoted_name
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Project

PLACEHOLDER = '"<constraint_name>"'
_WRITTEN = re.compile(
    rf'^-- *(ALTER TABLE (?:"([^"]+)"\.)?"([^"]+)" DROP CONSTRAINT {PLACEHOLDER};?)', re.MULTILINE
)


class PrimaryKeyDropUnwritten(AllowableRunRule):
    """drizzle-kit 0.x wrote the removal of a primary key as a comment, so nothing is removed."""

    name = "primary-key-drop-unwritten"
    severity = Severity.DANGER

    def check(self, project: Project, timeline: Timeline) -> Iterator[Finding]:
        for migration in project.migrations:
            for match in _WRITTEN.finditer(migration.document.text) if migration.pending else ():
                table = Name(match[2] or "public", match[3])
                message = (
                    f"drizzle-kit did not know the name of the primary key of {quoted_name(table)} and wrote its removal as "
                    "a comment. As it stands this removes nothing, while the snapshot says that the key is gone."
                )
                span = Span(match.start(1), match.end(1))
                yield Finding(
                    self.name, self.severity, message, _help(table, timeline.schema), span, migration.path
                )


def _help(table: Name, schema: Schema) -> str:
    found = schema.table(table)
    key = found.primary_key if found else None
    name = key.name if key else f"{table.name}_pkey"
    return (
        "Delete the comment and write the statement:\n"
        f"ALTER TABLE {quoted_name(table)} DROP CONSTRAINT {always_quoted(name)};"
    )
