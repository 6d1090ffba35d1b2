"""raincheck.plan: a migration, or without one the pending run, spread over deploys, as Markdown. Nothing is written.

Argument: the URI of a file. Where nobody can tell what is applied, all before the migration is taken for it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from raincheck.lsp.command import command, migration, subject
from raincheck.lsp.previews import Preview, previewed
from raincheck.report.fixed import Change
from raincheck.report.plan import plan_markdown
from raincheck.session.errors import SessionError
from raincheck.session.pending import Selection
from raincheck.session.planning import plan
from raincheck.session.writing import read_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.workspace import Workspace
    from raincheck.project.project import Migration, Project
    from raincheck.session.session import Options

NAME = "raincheck.plan"


@dataclass(frozen=True, slots=True)
class _Wanted:
    start: str
    options: Options
    tag: str | None
    texts: Mapping[str, str]


@command(NAME)
async def run(server: RaincheckServer, arguments: Sequence[Any]) -> dict[str, object]:
    wanted = await server.background.run(lambda workspace: _wanted(workspace, arguments))
    return await previewed(server, await asyncio.to_thread(_planned, wanted))  # nobody waits for it meanwhile


def _wanted(workspace: Workspace, arguments: Sequence[Any]) -> _Wanted:
    about = subject(workspace, arguments)
    one, project = migration(about), about.analysis.project
    options = workspace.options
    if one is not None and project.pending_from == "unknown":
        options = replace(options, selection=_behind(project, one))
    return _Wanted(project.absolute(project.out), options, one.tag if one else None, about.sources.unsaved)


def _behind(project: Project, migration: Migration) -> Selection:
    """That one and what is behind it is pending."""
    number = project.migrations.index(migration)
    return Selection(since=project.migrations[number - 1].tag) if number else Selection(everything=True)


def _planned(wanted: _Wanted) -> Preview:
    found = plan(wanted.start, wanted.options, wanted.tag, tuple(_unsaved(wanted.texts)))
    if not found:
        raise SessionError("No migration is pending, so there is nothing to plan.")
    title = f"Plan of {wanted.tag}" if wanted.tag else "Plan of the pending migrations"
    return Preview(title, "markdown", "\n".join(plan_markdown(one.plan) for one in found))


def _unsaved(texts: Mapping[str, str]) -> Iterator[Change]:
    """What an editor holds, where it is not what is on disk; files that are not UTF-8 are left as they are there."""
    for path, text in texts.items():
        try:
            before = read_utf8(path)
        except (OSError, ValueError):
            continue
        if before is None or before.removeprefix("\ufeff") != text:
            yield Change(path, before, text)
