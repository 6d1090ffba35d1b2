"""One statement's text to its tree, through libpg_query's JSON. Never raises: what is wrong comes back as a problem.

The JSON form is many times faster than pglast's objects, releases the GIL, and keeps to PostgreSQL's limit of the
stack instead of crashing the process. It counts in UTF-8 bytes; here every position becomes code points. What the
parser cannot take (a NUL byte cuts the text short, some runs of operators take quadratic time) is kept from it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from typing import Any

import orjson
from pglast.parser import ParseError, parse_sql_json

from raincheck.sql.advice import advice
from raincheck.sql.nodes import Parsed, Problem
from raincheck.sql.tokens import tokens
from raincheck.text import Span

MOST_CHARACTERS = 16 * 1024 * 1024
"""A longer statement is not parsed; libpg_query takes 70 ms for a literal of 10 MB."""

MOST_JSON = 12 * 1024 * 1024
"""A larger tree is not decoded: that is about one second, and ten times as many bytes of Python objects."""

POSITIONS = frozenset(
    {"location", "name_location", "arg_location", "payload_location", "conninfo_location", "stmt_location"}
    | {"rexpr_list_start", "rexpr_list_end", "list_start", "list_end"}
)
"""The fields that hold places in the text, in libpg_query 18; a tablespace's `location` is a string, and is none."""

_LONG = 32_768
_LONGEST_MESSAGE = 120
_OPERATORS = re.compile(r"[-+*/<>=~!@#%^&|`?]{1000,}")
_TOO_DEEP = ("stack depth limit exceeded", "memory exhausted")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_LAST_WORD = re.compile(r"(?:[\w$]+|.)\Z", re.DOTALL)
_CONFLICT = re.compile(r' at or near "(?:<{7}|={7}|>{7}|\|{7})(?![-+*/<>=~!@#%^&|`?])')
_LEFT_BY_A_MERGE = (
    "A merge left git's conflict markers in this file: keep the lines of one side, and remove the markers."
)
_QUOTED_IN_MESSAGE = re.compile(r' at or near "(.*)"\Z', re.DOTALL)


def parse(text: str) -> Parsed:
    """The tree of one statement, without its semicolon, or the problem with it. Equal texts share one answer."""
    return _parsed(text) if len(text) < _LONG else _parsed_long(text)


def parse_at(text: str, offset: int) -> Parsed:
    """The tree of a statement inside another one, its places counted from the start of that other."""
    return _parse(" " * offset + text)


def last_word(text: str) -> Span:
    """The last word of a text that ends with a token; where a parser stands that wanted more."""
    found = _LAST_WORD.search(text, max(0, len(text) - _LONGEST_MESSAGE))
    return Span(*found.span()) if found else Span(0, len(text))


def _parse(text: str) -> Parsed:
    problem = _unparsable(text)
    if problem:
        return Parsed(None, problem)
    try:
        answer = parse_sql_json(text)
        if len(answer) > MOST_JSON:
            return Parsed(None, _too_complex(text, "its syntax tree is too large"))
        statements = orjson.loads(answer)["stmts"]
    except ParseError as error:
        return Parsed(None, _syntax_error(text, *error.args))
    except UnicodeEncodeError as error:
        return Parsed(
            None, _problem("invalid character: half of a surrogate pair", Span(error.start, error.end))
        )
    except orjson.JSONDecodeError:
        return Parsed(None, _too_complex(text, "it is nested too deeply"))
    except Exception as error:  # noqa: BLE001 - a parser that fails in a new way must not take the file with it
        return Parsed(None, _too_complex(text, f"the parser gave up ({type(error).__name__})"))
    return _single(text, statements)


_parsed = lru_cache(maxsize=16_384)(_parse)
_parsed_long = lru_cache(maxsize=8)(_parse)


def _single(text: str, statements: list[Any]) -> Parsed:
    if not statements:
        return Parsed(None, _problem("there is no statement here", Span(0, len(text))))
    if len(statements) > 1:
        return Parsed(None, _problem("more than one statement", Span(0, len(text))))
    node = statements[0]["stmt"]
    if not text.isascii():
        _count_code_points(node, text)
    return Parsed(node, None)


def _unparsable(text: str) -> Problem | None:
    nul = text.find("\0")
    if nul >= 0:
        return _problem('invalid byte sequence for encoding "UTF8": 0x00', Span(nul, nul + 1))
    if len(text) > MOST_CHARACTERS:
        return _too_complex(text, f"it is longer than {MOST_CHARACTERS:,} characters")
    for run in _OPERATORS.finditer(text):
        if run.group().count("/*") + run.group().count("+") > 100:
            return _too_complex(text, "it holds a very long run of operators or opened comments")
    return None


def _syntax_error(text: str, message: str, index: int | None = None) -> Problem:
    if message.startswith(_TOO_DEEP):
        return _too_complex(text, "it is nested too deeply")
    span = last_word(text) if index is None else _token_at(text, index)
    problem = _problem(_shortened(message), span)
    return problem if problem.help else replace(problem, help=advice(message, text, span.start))


def _shortened(message: str) -> str:
    """The message, with what it quotes cut to one line; of an unclosed quote PostgreSQL quotes all that follows."""
    found = _QUOTED_IN_MESSAGE.search(message)
    if found is None or len(message) <= _LONGEST_MESSAGE:
        return message
    quoted = found[1].splitlines()[0][: _LONGEST_MESSAGE - found.start()]
    return f'{message[: found.start()]} at or near "{quoted}…"'


def _token_at(text: str, index: int) -> Span:
    """The token at an index, or just its first character where none begins there."""
    token = next(tokens(text, index), None)
    return Span(index, token.end if token and token.start == index else index + 1)


def _problem(message: str, span: Span) -> Problem:
    conflict = _CONFLICT.search(message) is not None
    return Problem("syntax-error", message, span, _LEFT_BY_A_MERGE if conflict else "")


def _too_complex(text: str, why: str) -> Problem:
    return Problem("statement-too-complex", f"this statement was not read: {why}", _token_at(text, 0))


def _count_code_points(node: Any, text: str) -> None:
    """Turn every place in a tree from bytes to code points, in the tree itself."""
    wide = [(match.start(), len(match.group().encode())) for match in _NOT_ASCII.finditer(text)]
    excess = [0, *accumulate(width - 1 for _, width in wide)]
    ends = [start + before + width for (start, width), before in zip(wide, excess, strict=False)]
    left = [node]
    while left:
        item = left.pop()
        for key, value in item.items() if isinstance(item, dict) else enumerate(item):
            if isinstance(value, dict | list):
                left.append(value)
            elif key in POSITIONS and isinstance(value, int) and value > 0:
                item[key] = value - excess[bisect_right(ends, value)]
