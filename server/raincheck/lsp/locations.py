"""Where names lead, as LSP's locations and links."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raincheck.ide.navigation import Definition
    from raincheck.lsp.convert import Location
    from raincheck.lsp.sources import Sources, Subject
    from raincheck.text import Span


def location(path: str, span: Span, sources: Sources) -> Location:
    return {"uri": sources.uri(path), "range": sources.places(path).range(span)}


def leading(found: Definition, subject: Subject, *, links: bool) -> list[dict[str, object]]:
    """The targets of a definition. `links`: the client takes links, which also say where they start and what is around."""
    sources = subject.sources
    if not links:
        return [dict(location(target.path, target.span, sources)) for target in found.targets]
    origin = (
        {} if found.origin is None else {"originSelectionRange": _range(subject.path, found.origin, sources)}
    )
    return [
        {
            **origin,
            "targetUri": sources.uri(target.path),
            "targetRange": _range(target.path, target.around, sources),
            "targetSelectionRange": _range(target.path, target.span, sources),
        }
        for target in found.targets
    ]


def _range(path: str, span: Span, sources: Sources) -> object:
    return sources.places(path).range(span)
