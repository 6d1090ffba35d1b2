"""What parsing yields: libpg_query's JSON nodes, and problems as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from raincheck.text import Span

Node = dict[str, Any]
"""One node of libpg_query's JSON, decoded; every `location` in it is in code points from the statement's start."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the text, at its place. `rule` is the slug under which it is reported, if it is."""

    rule: str
    message: str
    span: Span
    help: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A statement's tree, or why there is none; never both. Spans are relative to the statement's start."""

    node: Node | None
    problem: Problem | None
