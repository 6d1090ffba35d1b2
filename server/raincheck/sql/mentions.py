"""Where a statement names relations, columns, constraints and types: each at its token."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from raincheck.sql.mention_statements import read
from raincheck.sql.parse import parse
from raincheck.sql.plpgsql import body_statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.sql.mention import Mention


@lru_cache(maxsize=16_384)
def mentions(text: str) -> tuple[Mention, ...]:
    """All mentions in a statement's text that are certain, in the order in which they take effect. Never raises."""
    return tuple(mention for one in _texts(text) for mention in read(one))


def _texts(text: str) -> Iterator[str]:
    """The statement; of a DO block those in it, each at its place."""
    node = parse(text).node
    if node is None or "DoStmt" not in node:
        yield text
        return
    for inner in body_statements(text) or ():
        if not inner.opaque and inner.span.within(text) == inner.text:
            yield " " * inner.span.start + inner.text
