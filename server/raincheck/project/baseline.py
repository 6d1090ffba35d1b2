"""How a migration's text differs from what it was: in what PostgreSQL sees, or only in how it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from raincheck.project.project import State
from raincheck.project.source import digest_of
from raincheck.sql.chunks import chunks
from raincheck.sql.split import Form, split
from raincheck.sql.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.project.project import Baseline, Migration

Kind = Literal["same", "line-endings", "comments", "breakpoints", "concurrently", "statements"]
"""From the least to the most. "comments" includes white space and the case of unquoted words; "concurrently" means
that CONCURRENTLY, IF EXISTS and IF NOT EXISTS were added, and nothing else."""

Words = tuple[str, ...]

_LINE_END = re.compile(r"\r\n?")
_HARMLESS = (("CONCURRENTLY",), ("IF", "NOT", "EXISTS"), ("IF", "EXISTS"))


@dataclass(frozen=True, slots=True)
class ChangedStatement:
    """A statement that is not what it was. `before` is None where it was added, `after` where it was removed."""

    before: str | None
    after: str | None
    index: int | None
    """Its place among the statements of the new text, from 0."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The kind of a difference and, where statements differ, which."""

    kind: Kind
    changed: tuple[ChangedStatement, ...] = ()


@dataclass(frozen=True, slots=True)
class _Statement:
    chunk: int
    text: str
    words: Words


def contradicting(migration: Migration) -> Baseline | None:
    """The baseline that an applied migration differs from; one whose text is known before one that is a hash.

    What git or a database had counts no more where the seal has the text of today: it was accepted, in view of
    reviewers.
    """
    if migration.state is not State.APPLIED:
        return None
    accepted = is_sealed(migration)
    differing = [
        baseline
        for baseline in migration.baselines
        if baseline.digest != migration.digest and not (accepted and baseline.source in {"git", "database"})
    ]
    return min(differing, key=lambda baseline: baseline.text is None, default=None)


def is_sealed(migration: Migration) -> bool:
    """Whether the seal has the text of today."""
    return any(b.source == "seal" and b.digest == migration.digest for b in migration.baselines)


def difference_from(migration: Migration, baseline: Baseline) -> Difference | None:
    """What changed since; None where only the hash is known, and more than line ends differ."""
    text = migration.document.text
    if baseline.text is not None:
        return classify(baseline.text, text)
    return Difference("line-endings") if differs_only_in_line_ends(text, baseline.digest) else None


def classify(old: str, new: str) -> Difference:
    """How `new` differs from `old`."""
    if old == new:
        return Difference("same")
    if _LINE_END.sub("\n", old) == _LINE_END.sub("\n", new):
        return Difference("line-endings")
    before, after = _statements(old), _statements(new)
    pairs = list(_changed_pairs(before, after))
    changed = tuple(_changed(was, became, after) for was, became in pairs)
    if (
        all(was and became and _adds_harmless_words(was.words, became.words) for was, became in pairs)
        and pairs
    ):
        return Difference("concurrently", changed)
    if changed:
        return Difference("statements", changed)
    moved = [statement.chunk for statement in before] != [statement.chunk for statement in after]
    return Difference("breakpoints" if moved else "comments")


def differs_only_in_line_ends(text: str, digest: str) -> bool:
    """Whether `digest` is that of the text with all its line ends LF, or all CRLF."""
    unix = _LINE_END.sub("\n", text)
    return digest in {digest_of(unix), digest_of(unix.replace("\n", "\r\n"))}


def _statements(text: str) -> list[_Statement]:
    found: list[_Statement] = []
    for chunk in chunks(text):
        piece_text = chunk.span.within(text)
        for piece in split(piece_text):
            if piece.form is not Form.TRIVIA:
                statement = piece_text[piece.start : piece.end if piece.form is Form.COPY else piece.stop]
                found.append(_Statement(chunk.index, statement, _words(statement)))
    return found


def _words(statement: str) -> Words:
    """The tokens, so that spacing, comments and the case of what is not quoted make no difference."""
    return tuple(token.word or statement[token.start : token.end] for token in tokens(statement))


def _changed_pairs(
    before: Sequence[_Statement], after: Sequence[_Statement]
) -> Iterator[tuple[_Statement | None, _Statement | None]]:
    """What became of what, for the statements that differ; those that stand in one gap are paired in order."""
    matcher = SequenceMatcher(None, [s.words for s in before], [s.words for s in after], autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            yield from zip_longest(before[old_start:old_end], after[new_start:new_end])


def _changed(
    was: _Statement | None, became: _Statement | None, after: Sequence[_Statement]
) -> ChangedStatement:
    index = next((n for n, statement in enumerate(after) if statement is became), None)
    return ChangedStatement(was.text if was else None, became.text if became else None, index)


def _adds_harmless_words(before: Words, after: Words) -> bool:
    """Whether `after` is `before` with CONCURRENTLY, IF EXISTS or IF NOT EXISTS put in."""
    at = 0
    rest = list(after)
    while at < len(rest):
        if before[at : at + 1] == tuple(rest[at : at + 1]):
            at += 1
            continue
        phrase = next((words for words in _HARMLESS if tuple(rest[at : at + len(words)]) == words), None)
        if phrase is None:
            return False
        del rest[at : at + len(phrase)]
    return tuple(rest) == before
