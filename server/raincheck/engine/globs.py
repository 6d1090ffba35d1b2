"""Globs over paths, as `files` of `[[overrides]]` has them: those of ESLint's and Prettier's configurations.

`*` and `?` stand for characters within one name, `**` for any number of folders, `[abc]` for one of these, `{a,b}` for
one of those. A pattern without a slash may stand at any depth, and one that names a folder stands for all that is in it.
"""

from __future__ import annotations

import re
from functools import cache

_PIECE = re.compile(
    r"(?P<any>\*\*/)|(?P<rest>\*\*)|(?P<star>\*)|(?P<one>\?)|(?P<set>\[!?[^\]/]+\])|(?P<other>.)", re.DOTALL
)
_CHOICE = re.compile(r"\{([^{}]*,[^{}]*)\}")
MOST_CHOICES = 256
"""What braces may multiply to; a pattern with more is taken as it is written."""


def matches(glob: str, path: str) -> bool:
    """Whether a path (relative, with forward slashes) is one of those that a pattern stands for."""
    return any(pattern.fullmatch(path) for pattern in _patterns(glob))


@cache
def _patterns(glob: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_expression(one), re.DOTALL) for one in _spelled_out(glob))


def _spelled_out(glob: str) -> list[str]:
    """The pattern without braces: one for each choice in them."""
    done: list[str] = []
    open_ones = [glob]
    while open_ones and len(done) + len(open_ones) <= MOST_CHOICES:
        one = open_ones.pop()
        found = _CHOICE.search(one)
        if found is None:
            done.append(one)
        else:
            open_ones += [one[: found.start()] + word + one[found.end() :] for word in found[1].split(",")]
    return done if not open_ones else [glob]


def _expression(glob: str) -> str:
    anchored = glob.startswith(("/", "./"))
    glob = glob.removeprefix("./").strip("/")
    anywhere = "" if anchored or "/" in glob else "(?:.*/)?"
    return f"{anywhere}{''.join(map(_piece, _PIECE.finditer(glob)))}(?:/.*)?"


def _piece(found: re.Match[str]) -> str:
    text = found.group()
    match found.lastgroup:
        case "any":
            return "(?:.*/)?"
        case "rest":
            return ".*"
        case "star":
            return "[^/]*"
        case "one":
            return "[^/]"
        case "set":
            inside = text[1:-1].removeprefix("!").replace("\\", r"\\").replace("[", r"\[").replace("^", r"\^")
            return f"[{'^' if text.startswith('[!') else ''}{inside}]"
    return re.escape(text)
