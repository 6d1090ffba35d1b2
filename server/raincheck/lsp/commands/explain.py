"""raincheck.explain: what the statements at a place do, lock and risk, as Markdown; or the page of a rule.

Arguments: the URI of a migration and a position or a range in it (without one, the whole file); or the name of a rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raincheck.lsp.command import command, place, subject
from raincheck.lsp.previews import Preview, previewed
from raincheck.report.explained_markdown import explained
from raincheck.rules.pages import page
from raincheck.session.errors import SessionError
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.workspace import Workspace

NAME = "raincheck.explain"


@command(NAME)
async def run(server: RaincheckServer, arguments: Sequence[Any]) -> dict[str, object]:
    rule = _page(arguments)
    if rule is not None:
        return await previewed(server, rule)
    return await previewed(server, await server.background.run(lambda w: _statements(w, arguments)))


def _page(arguments: Sequence[Any]) -> Preview | None:
    """The page of the rule that the first argument names."""
    try:
        return Preview(arguments[0], "markdown", page(arguments[0]))
    except (IndexError, KeyError, TypeError):
        return None


def _statements(workspace: Workspace, arguments: Sequence[Any]) -> Preview:
    if not arguments:
        raise SessionError(f"{NAME} takes a file and a place in it, or the name of a rule.")
    about = subject(workspace, arguments)
    places = about.sources.places(about.path)
    where = place(arguments)
    span = places.span(where) if where else Span(0, len(about.sources.text(about.path)))
    text = explained(about.analysis, about.path, span, about.sources.uri)
    if not text:
        raise SessionError("There is no statement at this place.")
    return Preview(f"Explanation of {about.path}", "markdown", text)
