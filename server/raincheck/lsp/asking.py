"""What every request about a place in a file does: find its analysis, and ask that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.lsp.convert import path_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from lsprotocol import types

    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject
    from raincheck.lsp.view import Readable
    from raincheck.sql.document import Document

    Answer = TypeVar("Answer")


async def ask(
    server: RaincheckServer,
    document: types.TextDocumentIdentifier,
    answer: Callable[[Subject], Answer],
    otherwise: Answer,
    *,
    hasty: bool = False,
) -> Answer:
    """What there is to say of a document; `otherwise` of one that no analysis knows. `hasty`: as in `Background.read`."""
    path = path_of(document.uri)
    if path is None:
        return otherwise

    def work(view: Readable) -> Answer:
        subject = view.subject(path)
        return otherwise if subject is None else answer(subject)

    return await server.background.read(path, work, hasty=hasty)


def offset_in(subject: Subject, position: types.Position) -> int:
    """The offset of a position in a subject's text."""
    return subject.sources.places(subject.path).offset(position)


def document_of(subject: Subject) -> Document | None:
    """The text of a migration, read; None for any other file."""
    migration = subject.analysis.project.at(subject.path)
    return migration.document if migration else None
