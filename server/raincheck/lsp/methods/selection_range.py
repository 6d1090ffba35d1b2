"""textDocument/selectionRange: from the word at each cursor to the whole file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.selection import selections
from raincheck.lsp.asking import ask, document_of
from raincheck.lsp.features import request

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject
    from raincheck.sql.document import Document


@request(types.TEXT_DOCUMENT_SELECTION_RANGE, otherwise=None)
async def feature(
    server: RaincheckServer, params: types.SelectionRangeParams
) -> list[dict[str, object]] | None:
    """One answer for each position, in their order; None for a file that is no migration."""

    def answer(subject: Subject) -> list[dict[str, object]] | None:
        document = document_of(subject)
        return [_grown(subject, document, one) for one in params.positions] if document else None

    return await ask(server, params.text_document, answer, None)


def _grown(subject: Subject, document: Document, position: types.Position) -> dict[str, object]:
    places = subject.sources.places(subject.path)
    grown: dict[str, object] = {}
    for span in reversed(selections(document, places.offset(position))):
        grown = {"range": places.range(span), **({"parent": grown} if grown else {})}
    return grown
