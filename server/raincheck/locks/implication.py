"""Formulas of facts, and when one implies the other, as PostgreSQL proves it without a look at rows.

Source: predicate_implied_by_recurse and operator_predicate_proof in its source code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Every:
    """All of its parts hold; of none, it is simply true."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """One of its parts holds; of none, it is false."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """What is not taken apart: an expression by its fingerprint, and whether it is NOT that.

    `operator` and `value` are set where it compares (`what`, a column) with a constant.
    """

    what: str
    negated: bool = False
    operator: str = ""
    value: Any = None


Formula = Every | Some | Fact

TRUE, FALSE = Every(()), Some(())


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A constant of which only what is written is known: in no order with any other, but equal to itself."""

    written: str

    def __lt__(self, _: object) -> bool:
        return False

    __gt__ = __lt__

    def __le__(self, other: object) -> bool:
        return self == other

    __ge__ = __le__


def negation(of: Formula) -> Formula:
    match of:
        case Every(parts):
            return Some(tuple(map(negation, parts)))
        case Some(parts):
            return Every(tuple(map(negation, parts)))
        case Fact(what, _, operator, value) if operator:
            return Fact(what, operator=_NEGATED[operator], value=value)
    return Fact(of.what, negated=not of.negated)


def implies(given: Formula, wanted: Formula) -> bool:
    """Whether PostgreSQL sees that what is wanted holds wherever the given does (predicate_implied_by_recurse)."""
    match given, wanted:
        case _, Every(parts):
            return all(implies(given, part) for part in parts)
        case Every(parts), Some(others):
            return any(implies(given, each) for each in others) or any(implies(p, wanted) for p in parts)
        case Every(parts), _:
            return any(implies(part, wanted) for part in parts)
        case Some(parts), _:
            return bool(parts) and all(implies(part, wanted) for part in parts)
        case Fact(), Some(parts):
            return any(implies(given, part) for part in parts)
        case Fact(), Fact():
            return given == wanted or _compares(given, wanted)


_NEGATED = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "=": "<>", "<>": "="}

_IMPLIED: dict[tuple[str, str], Callable[[Any, Any], bool]] = {
    ("=", "="): lambda given, wanted: bool(given == wanted),
    ("=", "<>"): lambda given, wanted: not isinstance(given, Unplaced) and bool(given != wanted),
    **dict.fromkeys((("=", "<"), ("<=", "<"), ("<=", "<>")), lambda given, wanted: bool(given < wanted)),
    **dict.fromkeys((("=", ">"), (">=", ">"), (">=", "<>")), lambda given, wanted: bool(given > wanted)),
    **dict.fromkeys(
        (("=", "<="), ("<", "<="), ("<=", "<="), ("<", "<"), ("<", "<>")),
        lambda given, wanted: bool(given <= wanted),
    ),
    **dict.fromkeys(
        (("=", ">="), (">", ">="), (">=", ">="), (">", ">"), (">", "<>")),
        lambda given, wanted: bool(given >= wanted),
    ),
}
"""Given and wanted operator → whether the one implies the other, by their constants (BT_implic_table)."""


def _compares(given: Fact, wanted: Fact) -> bool:
    test = _IMPLIED.get((given.operator, wanted.operator))
    return given.what == wanted.what and test is not None and test(given.value, wanted.value)
