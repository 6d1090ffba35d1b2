"""Statements that somebody is typing: while nobody can read one, what it was before is taken for it.

Else a missing quote in the first statement would change what is said of all the others, and change it back with the
next key. Only what is behind the statement profits; it is itself reported as what it is. This depends on what was
typed before, so only an editor's session does it, and only while the text is not the one on disk: of saved texts
everybody says the same.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from raincheck.project.source import decode
from raincheck.sql.document import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raincheck.project.project import Migration
    from raincheck.sql.document import Statement

    Meant = Mapping[int, tuple[Statement, ...]]


def reread(migration: Migration, content: bytes | str, *, typed: bool) -> Migration:
    """The migration with what its file holds now; `typed`: as somebody is typing it."""
    source, document = decode(content, migration.path), migration.document
    if source.text == document.text:
        return migration if typed or not migration.meant else replace(migration, meant={})
    new = read(source.text)
    instead = meant(new.statements, document.statements, migration.meant) if typed else {}
    return replace(migration, document=new, digest=source.digest, meant=instead)


def meant(new: Sequence[Statement], old: Sequence[Statement], known: Meant) -> Meant:
    """For each unreadable statement of a text (by index) what to take for it, after what was taken in the text before.

    Nothing where a new statement is begun. Without an entry where it could not be read from the beginning either.
    """
    if all(statement.node is not None for statement in new):
        return {}
    first = _alike(new, old)
    behind = _alike(new[first:][::-1], old[first:][::-1])
    found = {index: known[index] for index in range(first) if index in known}
    moved = len(new) - len(old)
    for index in range(len(old) - behind, len(old)):
        if index in known:
            found[index + moved] = known[index]
    of_changed = _of_changed(new[first : len(new) - behind], old[first : len(old) - behind], known)
    everything = {**found, **of_changed}
    return {index: tuple(_at(one, new[index]) for one in of) for index, of in everything.items()}


def _alike(new: Sequence[Statement], old: Sequence[Statement]) -> int:
    """How many statements have the same text, from the first on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0].text == pair[1].text, zip(new, old, strict=False)))


def _of_changed(new: Sequence[Statement], old: Sequence[Statement], known: Meant) -> Meant:
    """Those of the statements that an edit has changed; where it has made others of them, of all of them together."""
    broken = [statement for statement in new if statement.node is None]
    before = [known.get(one.index, (one,) if one.node is not None else None) for one in old]
    if len(new) == len(old):
        pairs = zip(new, before, strict=True)
        return {one.index: of for one, of in pairs if one.node is None and of is not None}
    found: dict[int, tuple[Statement, ...]] = {one.index: () for one in broken}
    if broken and len(broken) == len(new):
        found[broken[0].index] = tuple(one for of in before for one in of or ())
    return found


def _at(statement: Statement, broken: Statement) -> Statement:
    return statement._replace(index=broken.index, chunk=broken.chunk, span=broken.span)
