"""Symbols as LSP's, in the kinds that every client knows."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from raincheck.ide.outline import Placed, Symbol, symbol_of
from raincheck.lsp.convert import Places
from raincheck.text import LineIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.lsp.convert import Position, Range
    from raincheck.lsp.sources import Subject

_FILE, _MODULE, _NAMESPACE, _CLASS, _METHOD, _PROPERTY, _FIELD = 1, 2, 3, 5, 6, 7, 8
_ENUM, _INTERFACE, _FUNCTION, _VARIABLE, _CONSTANT, _NUMBER = 10, 11, 12, 13, 14, 16

KINDS = {
    "migration": _FILE,
    "schema": _MODULE,
    "query": _NAMESPACE,
    "table": _CLASS,
    "rows": _METHOD,
    "index": _PROPERTY,
    "column": _FIELD,
    "enum": _ENUM,
    "type": _ENUM,
    "view": _INTERFACE,
    "function": _FUNCTION,
    "session": _VARIABLE,
    "constraint": _CONSTANT,
    "policy": _CONSTANT,
    "sequence": _NUMBER,
}
"""Kinds up to 18: those that a client takes which says nothing of kinds."""


def kind_of(of: str) -> int:
    return KINDS.get(of, _VARIABLE)


def nested(symbols: Iterable[Symbol | Placed], places: Places, encoding: str) -> list[object]:
    """The symbols with those inside them, ready to be sent."""
    return [
        _statement(one.text, *_start(one, places), encoding)
        if isinstance(one, Placed)
        else _nested(
            one, places.range(one.span), places.range(one.name_span), nested(one.children, places, encoding)
        )
        for one in symbols
    ]


def flat(
    symbols: Iterable[Symbol | Placed], subject: Subject, start: int = 0, inside: str = ""
) -> Iterator[dict[str, object]]:
    """The symbols one after the other, at places that count from `start`; each says what it is in."""
    uri, places = subject.sources.uri(subject.path), subject.sources.places(subject.path)
    for one in symbols:
        if isinstance(one, Placed):
            yield from flat([one.symbol], subject, one.start, inside)
            continue
        yield {
            "name": one.name,
            "kind": kind_of(one.of),
            "location": {"uri": uri, "range": places.range(one.span.shifted(start))},
            **({"containerName": inside} if inside else {}),
        }
        yield from flat(one.children, subject, start, one.name)


def _start(one: Placed, places: Places) -> tuple[int, int]:
    position = places.position(one.start)
    return position["line"], position["character"]


@lru_cache(maxsize=16_384)
def _statement(text: str, line: int, character: int, encoding: str) -> orjson.Fragment:
    """A statement that begins at a position. An edit moves few of the others, and all that stay are ready."""
    places = Places(LineIndex(text), encoding)

    def moved(at: int) -> Position:
        found = places.position(at)
        return {
            "line": line + found["line"],
            "character": found["character"] + (0 if found["line"] else character),
        }

    def made(one: Symbol) -> dict[str, object]:
        whole: Range = {"start": moved(one.span.start), "end": moved(one.span.end)}
        name: Range = {"start": moved(one.name_span.start), "end": moved(one.name_span.end)}
        return _nested(one, whole, name, [made(child) for child in one.children if isinstance(child, Symbol)])

    return orjson.Fragment(orjson.dumps(made(symbol_of(text))))


def _nested(one: Symbol, whole: Range, name: Range, children: list[Any]) -> dict[str, object]:
    inside = {"children": children} if children else {}
    return {"name": one.name, "kind": kind_of(one.of), "range": whole, "selectionRange": name, **inside}
