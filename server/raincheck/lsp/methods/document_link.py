"""textDocument/documentLink: migration, snapshot and journal to each other, allow comments to the pages of their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.links import FileLink, RuleLink, links
from raincheck.lsp.asking import ask
from raincheck.lsp.diagnostics import page_of
from raincheck.lsp.features import request

if TYPE_CHECKING:
    from raincheck.ide.links import Link
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject


@request(
    types.TEXT_DOCUMENT_DOCUMENT_LINK,
    otherwise=None,
    options=types.DocumentLinkOptions(resolve_provider=True),
)
async def feature(server: RaincheckServer, params: types.DocumentLinkParams) -> list[dict[str, object]]:
    tooltips = server.client.navigation.tooltips

    def answer(subject: Subject) -> list[dict[str, object]]:
        found = links(subject.analysis.project, subject.path, subject.sources.text(subject.path))
        made = (_link(one, subject, params.text_document.uri, tooltips=tooltips) for one in found)
        return [link for link in made if link]

    return await ask(server, params.text_document, answer, [])


def _link(one: Link, subject: Subject, uri: str, *, tooltips: bool) -> dict[str, object] | None:
    """The link with its target; one that has to be looked for gets it when it is followed."""
    where = subject.sources.places(subject.path).range(one.span)
    if isinstance(one, FileLink):
        found, says = {"target": subject.sources.uri(one.path)}, one.says
    elif isinstance(one, RuleLink):
        page = page_of(one.rule)
        if page is None:
            return None
        found, says = {"target": page}, f"What {one.rule} means"
    else:
        return {"range": where, "data": {"uri": uri, "snapshot": one.id}}
    return {"range": where, **found, **({"tooltip": says} if tooltips else {})}
