"""raincheck.review: the safety review of a migration, or without one of the pending run, as Markdown.

Argument: the URI of a file. An applied migration is reviewed as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raincheck.lsp.command import command, migration, subject
from raincheck.lsp.previews import Preview, previewed
from raincheck.plan.review import review
from raincheck.report.review import review_markdown
from raincheck.session.reviewing import asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.workspace import Workspace

NAME = "raincheck.review"
ALL = 10_000_000
"""Characters: an editor shows a review of any length."""


@command(NAME)
async def run(server: RaincheckServer, arguments: Sequence[Any]) -> dict[str, object]:
    return await previewed(
        server, await server.background.run(lambda workspace: _review(workspace, arguments))
    )


def _review(workspace: Workspace, arguments: Sequence[Any]) -> Preview:
    about = subject(workspace, arguments)
    one = migration(about)
    (found,) = asked([about.analysis], one.tag if one else None)
    text = review_markdown(review(found.analysis, found.migrations, applied=found.applied), ALL)
    return Preview(f"Review of {one.tag}" if one else "Review of the pending migrations", "markdown", text)
