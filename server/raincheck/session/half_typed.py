"""Statements that somebody is typing: while nobody can read one, what it was before is taken for it.

Else a missing quote in the first statement would change what is said of all the others, and change it back with the
next key. Only what is behind the statement profits; it is itself reported as what it is. One that is begun is not read
before something ends it, be it a semicolon or an edit elsewhere: `DROP TABLE user` may become `DROP TABLE user_notes`.

This depends on what was typed before, so only an editor's session does it, and only while the text is not the one on
disk: of saved texts everybody says the same.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from raincheck.project.source import decode
from raincheck.sql.begun import begun_statement, read_with_breakpoint, without_statement
from raincheck.sql.document import read
from raincheck.text import changed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raincheck.project.project import Migration
    from raincheck.sql.document import Statement

    Meant = Mapping[int, tuple[Statement, ...]]


def reread(migration: Migration, content: bytes | str, *, typed: bool) -> Migration:
    """The migration with what its file holds now; `typed`: as somebody is typing it."""
    source, old = decode(content, migration.path), migration.document
    if source.text == old.text and (typed or not (migration.meant or old.due)):
        return migration
    if not typed:
        return replace(migration, document=read(source.text), digest=source.digest, meant={})
    edited = changed(old.text, source.text)
    new = read_with_breakpoint(source.text, old, edited)
    instead = meant(new.statements, old.statements, migration.meant)
    begun = begun_statement(new, edited)
    if begun is not None:
        without = without_statement(new, begun)
        taken = meant(without.statements, old.statements, migration.meant)
        if taken.get(begun) == ():
            new, instead = without, taken
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
    """How many statements say the same, from the first on."""
    return sum(1 for _ in takewhile(_is_same, zip(new, old, strict=False)))


def _is_same(pair: tuple[Statement, Statement]) -> bool:
    """Whether two statements have one text, and it is read, or not: what runs on into the next is not."""
    new, old = pair
    return new.text == old.text and (new.node is None) == (old.node is None)


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
