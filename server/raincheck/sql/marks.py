"""Which token of a statement each name in its tree is: exactly, for quoted, folded, cut and odd names alike.

libpg_query gives places to few names. So each identifier of the text is replaced by a mark of its own and the text is
parsed once more: the tree has the marks where it had the names. A word that the grammar also takes for a keyword
(`name`, `type`) is marked alone, and only counts where the tree stays the same otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pglast.keywords import COL_NAME_KEYWORDS, RESERVED_KEYWORDS, TYPE_FUNC_NAME_KEYWORDS, UNRESERVED_KEYWORDS

from raincheck.sql.names import cut
from raincheck.sql.parse import POSITIONS, parse, parse_at
from raincheck.sql.tokens import Shape, tokens
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from raincheck.sql.nodes import Node

_MARK = "\x01"
"""Begins each mark; a statement that holds one gets none."""
_DOUBLE = COL_NAME_KEYWORDS | TYPE_FUNC_NAME_KEYWORDS | UNRESERVED_KEYWORDS
_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
_PREFIXED = {"&'", '&"'}
_FOLDED = str.maketrans(_UPPER, _LOWER)


class Identifier(NamedTuple):
    """A token that may be a name, and the name that it is. `word`: written without quotes."""

    span: Span
    name: str
    word: bool


class Marked(NamedTuple):
    """A statement's tree with marks in the place of names, and the token that each mark stands for."""

    node: Node
    places: dict[str, Identifier]


def mark(text: str, wanted: Collection[str] = ()) -> Marked | None:
    """The marked tree of a statement; None where it has none. `wanted`: also these names, where keywords spell them."""
    plain = parse(text).node
    if plain is None or _MARK in text:
        return None
    sure, doubtful = _sorted(text)
    found = _with_marks(text, sure)
    if found is None:
        # The grammar compares some words with its own: the strategy of a partitioning, a role's options.
        doubtful = [*doubtful, *(one for one in sure if one.word)]
        sure = [one for one in sure if not one.word]
    proven = [one for one in doubtful if one.name in wanted and _is_name(text, one, plain)]
    if found is None or proven:
        found = _with_marks(text, [*sure, *proven])
    return found


def folded(word: str) -> str:
    """An unquoted name as PostgreSQL keeps it: only the letters of ASCII lose their case."""
    return cut(word.translate(_FOLDED))


def _sorted(text: str) -> tuple[list[Identifier], list[Identifier]]:
    """The tokens that are names for certain, and those that may be names or keywords."""
    sure: list[Identifier] = []
    doubtful: list[Identifier] = []
    for token in tokens(text):
        start, end = token.start, token.end
        if token.shape is Shape.QUOTED and text[start] == '"':
            if sure and sure[-1].span.end == start and not sure[-1].word:  # one name, with a quote in it
                start = sure.pop().span.start
            if text[start - 1 : start] != "&":  # U&"..." spells its name in another way
                name = cut(text[start + 1 : end - 1].replace('""', '"'))
                sure.append(Identifier(Span(start, end), name, word=False))
        elif (
            token.shape is Shape.WORD and text[end : end + 1] != "'" and text[end : end + 2] not in _PREFIXED
        ):
            one = Identifier(Span(start, end), folded(text[start:end]), word=True)
            if one.name in _DOUBLE:
                doubtful.append(one)
            elif one.name not in RESERVED_KEYWORDS:
                sure.append(one)
    return sure, doubtful


def _with_marks(text: str, found: Sequence[Identifier]) -> Marked | None:
    parts: list[str] = []
    places: dict[str, Identifier] = {}
    at = 0
    for number, one in enumerate(sorted(found)):
        mark = f"{_MARK}{number}"
        places[mark] = one
        parts += (text[at : one.span.start], '"', mark, '"')
        at = one.span.end
    parts.append(text[at:])
    node = parse_at("".join(parts), 0).node
    return None if node is None else Marked(node, places)


def _is_name(text: str, one: Identifier, plain: Node) -> bool:
    """Whether a word is a name: with a mark for it, the tree has that mark in its place and is else the same."""
    found = _with_marks(text, [one])
    try:
        return found is not None and _alike(plain, found.node, one.name)
    except RecursionError:
        return False


def _alike(plain: Any, marked: Any, name: str) -> bool:
    if isinstance(plain, dict):
        return (
            isinstance(marked, dict)
            and plain.keys() == marked.keys()
            and all(key in POSITIONS or _alike(value, marked[key], name) for key, value in plain.items())
        )
    if isinstance(plain, list):
        pairs = (
            zip(plain, marked, strict=True)
            if isinstance(marked, list) and len(plain) == len(marked)
            else ((1, 0),)
        )
        return all(_alike(one, other, name) for one, other in pairs)
    return bool(plain == (name if isinstance(marked, str) and marked.startswith(_MARK) else marked))
