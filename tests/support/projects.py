"""Projects in memory, for tests of everything above `project`: SQL texts in, an analysis out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from raincheck.engine.analysis import Analysis, analyse
from raincheck.engine.settings import Settings
from raincheck.project.discover import discover
from raincheck.rules import ALL
from raincheck.session.git import GitSilence
from raincheck.session.pending import Selection, settle
from raincheck.sql.document import read
from support.memory_files import MemoryFiles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raincheck.engine.rule import Rule
    from raincheck.project.project import Project

BREAKPOINT = "--> statement-breakpoint\n"


def journal(tags: Sequence[str]) -> str:
    """A journal as drizzle-kit 0.31 writes it, a second between entries."""
    entries = [
        {"idx": n, "version": "7", "when": 1_795_000_000_000 + n * 1000, "tag": tag, "breakpoints": True}
        for n, tag in enumerate(tags)
    ]
    return json.dumps({"version": "7", "dialect": "postgresql", "entries": entries}, indent=2)


def chunked(*statements: str) -> str:
    """A migration's text with a breakpoint between its statements."""
    return BREAKPOINT.join(statements)


def project(migrations: Mapping[str, str], *, since: str | None = None, everything: bool = False) -> Project:
    """A project of these migrations (by tag) in the journal layout; `since` is the last that is applied."""
    texts = {f"/app/drizzle/{tag}.sql": sql for tag, sql in migrations.items()}
    files = MemoryFiles({**texts, "/app/drizzle/meta/_journal.json": journal(list(migrations))})
    (found,) = discover(files, "/app", read).projects
    selection = Selection(everything=everything, since=since)
    return settle(found, selection, None, GitSilence("there is no git in memory"))


def analysis(
    migrations: Mapping[str, str],
    *,
    since: str | None = None,
    everything: bool = False,
    settings: Settings | None = None,
    rules: Sequence[Rule] = ALL,
    previous: Analysis | None = None,
) -> Analysis:
    """The analysis of such a project."""
    found = project(migrations, since=since, everything=everything)
    return analyse(found, settings or Settings(), rules, previous)


def told(found: Analysis) -> list[str]:
    """Its findings, a line each: `0001_index.sql:1 risk index-blocks-writes`."""
    texts = {migration.path: migration.document for migration in found.project.migrations}
    lines = []
    for finding in found.findings:
        document = texts.get(finding.path)
        line = document.lines.position(finding.span.start)[0] + 1 if document else 0
        name = finding.path.rpartition("/")[2]
        lines.append(f"{name}:{line} {finding.severity} {finding.rule}")
    return lines
