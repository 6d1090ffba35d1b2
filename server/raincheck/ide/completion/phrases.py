"""What a statement can begin with: settings for the run, and stages of recipes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from raincheck.ide.completion.completion import About, Completion
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from raincheck.ide.completion.cursor import Cursor

_TIMEOUTS = {True: "SET LOCAL lock_timeout = '2s';", False: "SET lock_timeout = '2s';"}
"""By whether Drizzle opens a transaction: without one, SET LOCAL does nothing."""

_FENCE = re.compile(
    r'^```sql title="(?P<file>(?!0000)\d{4}_\w+\.sql)"(?: custom)?\n(?P<sql>.*?)^```$',
    re.MULTILINE | re.DOTALL,
)
_HEADING = re.compile(r"^## (?P<title>.+)$", re.MULTILINE)
_TOLD = re.compile(r"[ \t]*-- (?:danger|risk|note): \[[^\n]*")
_LINKED = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_QUOTED = re.compile(r'"([^"\n]+)"')


@dataclass(frozen=True, slots=True)
class Stage:
    """One migration of a recipe, of which `sql` is the text."""

    recipe: str
    title: str
    file: str
    sql: str
    about: str
    """What the recipe says before it, in Markdown."""

    @property
    def label(self) -> str:
        return f"{self.recipe}: {self.title}"

    @property
    def key(self) -> str:
        return f"{self.recipe}/{self.file}"


def phrases(cursor: Cursor, *, transactional: bool) -> Iterator[Completion]:
    """SET lock_timeout, whatever of it is typed."""
    text = _TIMEOUTS[transactional]
    wanted = text.upper().split()
    typed = [word.key for word in cursor.before]
    if cursor.quote or typed != wanted[: len(typed)]:
        return
    start = cursor.before[0].start if cursor.before else cursor.typed.start
    detail = "a lock that is not granted in time fails the migration, and keeps nobody waiting"
    yield Completion(text, "phrase", Span(start, cursor.typed.end), text, detail)


def stages_of(recipes: Mapping[str, str]) -> tuple[Stage, ...]:
    """The migrations in the pages of recipes, by their names."""
    return tuple(stage for name, page in recipes.items() for stage in _stages(name, page))


@cache
def _stages(recipe: str, page: str) -> tuple[Stage, ...]:
    found = []
    for fence in _FENCE.finditer(page):
        heading = list(_HEADING.finditer(page, 0, fence.start()))[-1]
        said = page[heading.end() : fence.start()].partition("```")[0].strip()
        sql = _TOLD.sub("", fence["sql"]).rstrip("\n")
        found.append(Stage(recipe, heading["title"], fence["file"], sql, _LINKED.sub(r"\1", said)))
    return tuple(found)


def staged(cursor: Cursor, stages: tuple[Stage, ...]) -> Iterator[Completion]:
    """The stages of recipes, at the beginning of a statement."""
    if cursor.before or cursor.quote:
        return
    for stage in stages:
        about, filled = About(recipe=stage.key), snippet(stage.sql)
        yield Completion(stage.label, "recipe", cursor.typed, stage.sql, stage.file, 9, filled, about)


@cache
def snippet(sql: str) -> str:
    """SQL with a place to fill in for each quoted name; names made of other names follow them.

    Source of the syntax: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#snippet_syntax
    """
    whole = dict.fromkeys(_QUOTED.findall(sql))
    parts = {name: _parts(name, [other for other in whole if other != name]) for name in whole}
    numbers: dict[str, int] = {}
    done: set[str] = set()

    def placed(part: str) -> str:
        if part not in whole:
            return _escaped(part)
        number = numbers.setdefault(part, len(numbers) + 1)
        again = part in done
        done.add(part)
        return f"${{{number}}}" if again else f"${{{number}:{_escaped(part)}}}"

    pieces: list[str] = []
    at = 0
    for found in _QUOTED.finditer(sql):
        pieces += [_escaped(sql[at : found.start()]), '"', *map(placed, parts[found[1]]), '"']
        at = found.end()
    return "".join((*pieces, _escaped(sql[at:])))


def _parts(name: str, others: list[str]) -> list[str]:
    """A name, taken apart where it begins with others: `posts_slug_check` is `posts`, `_`, `slug`, `_check`."""
    parts: list[str] = []
    rest = name
    while rest:
        words = [other for other in others if rest == other or rest.startswith(f"{other}_")]
        if not words:
            break
        longest = max(words, key=len)
        rest = rest.removeprefix(longest)
        parts.append(longest)
        if rest.startswith("_"):
            rest = rest[1:]
            parts.append("_")
    if parts and rest:
        return [*parts, rest]
    return parts or [name]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")
