"""One thing that can be typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from raincheck.sql.names import Name
    from raincheck.text import Span

Sort = Literal["relation", "column", "value", "index", "constraint", "type", "rule", "phrase", "recipe"]


@dataclass(frozen=True, slots=True)
class About:
    """What is explained when somebody looks at it: a rule, a recipe's stage, or a relation."""

    rule: str = ""
    recipe: str = ""
    relation: Name | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """Put `text` in the place of `span`. `order` sorts what is likely before the rest, from 0 on."""

    label: str
    sort: Sort
    span: Span
    text: str
    detail: str = ""
    order: int = 0
    snippet: str = ""
    """The same with places to fill in, in LSP's syntax; empty where there are none."""
    about: About | None = None
    match: str = ""
    """What is compared with what is typed, where that is not the label: it begins with the quote, say."""


@dataclass(frozen=True, slots=True)
class Offer:
    """`whole`: whether these are all that there are, so that nobody need ask again while the word is typed."""

    items: tuple[Completion, ...] = ()
    whole: bool = True
