"""What somebody asks `raincheck explain` about: a rule, a recipe, a lock, all locks, or SQL.

One word is the name of a rule, of a recipe or of a lock mode, or else a statement that is one word (VACUUM). `lock` and
the name of a mode is about that mode, `recipe` and a name about that recipe; a LOCK statement is written LOCK TABLE. All
else is SQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

import click

from raincheck.locks.modes import Mode, named
from raincheck.rules import ALL, recipes
from raincheck.sql.parse import parse

_LOCK = re.compile(r"locks?\s+(?!table\b|only\b)(?!.*\b(in|nowait)\b)(?P<mode>.+)", re.IGNORECASE | re.DOTALL)
_RECIPE = re.compile(r"recipes?(?:\s+(?P<name>[^\s;]+))?", re.IGNORECASE)
_WORD = re.compile(r"[^\s;]*")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that there is, or all of them where the name is empty."""

    name: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe that there is, or all of them where the name is empty."""

    name: str


@dataclass(frozen=True, slots=True)
class Lock:
    mode: Mode


@dataclass(frozen=True, slots=True)
class Locks:
    """All modes."""


@dataclass(frozen=True, slots=True)
class Sql:
    text: str


def asked(text: str, *, sql: bool = False) -> Rule | Recipe | Lock | Locks | Sql:
    """What a text asks about; `sql` where it is known to be SQL. Raises ClickException where there is no such thing."""
    text = text if sql else text.strip()
    if sql:
        return Sql(text)
    if text.lower() in {"lock", "locks"}:
        return Locks()
    if found := _LOCK.fullmatch(text):
        return Lock(_mode(found["mode"]))
    if found := _RECIPE.fullmatch(text):
        return Recipe(_recipe(found["name"] or ""))
    return _word(text) if _WORD.fullmatch(text) else Sql(text)


def _word(word: str) -> Rule | Recipe | Lock | Sql:
    rules = [rule.name for rule in ALL]
    if not word or word in rules:
        return Rule(word)
    if word in recipes.names():
        return Recipe(word)
    if mode := named(word):
        return Lock(mode)
    if parse(word).node is not None:
        return Sql(word)
    if word.endswith(".sql"):
        raise click.ClickException(
            f"{word} is a file: `raincheck check {word}`, or `raincheck explain - < {word}`"
        )
    near = get_close_matches(word, [*rules, *recipes.names(), *(mode.value for mode in Mode)], 1)
    meant = f"did you mean {near[0]}?" if near else "`raincheck explain` lists them all"
    raise click.ClickException(f"there is no rule {word}; {meant}")


def _recipe(name: str) -> str:
    if not name or name in recipes.names():
        return name
    near = get_close_matches(name, recipes.names(), 1)
    meant = f"did you mean {near[0]}?" if near else "`raincheck explain recipes` lists them"
    raise click.ClickException(f"there is no recipe {name}; {meant}")


def _mode(words: str) -> Mode:
    mode = named(words)
    if mode is not None:
        return mode
    spelled = {one.sql.lower(): one.sql for one in Mode} | {one.value.lower(): one.value for one in Mode}
    near = get_close_matches(" ".join(words.lower().split()), spelled, 1)
    meant = f"did you mean {spelled[near[0]]}?" if near else "`raincheck explain locks` lists them"
    raise click.ClickException(
        f"there is no lock mode {words}; {meant} The statement is written LOCK TABLE {words}"
    )
