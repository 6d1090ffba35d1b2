"""Decides thing by thing whether two sides mean the same, and keeps account of what could not be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from raincheck.catalog.diff import Difference
from raincheck.catalog.typenames import BUILTIN
from raincheck.live.drift_forms import is_null, same_expression

if TYPE_CHECKING:
    from rpds import HashTrieMap

    from raincheck.catalog.schema import Expression, Schema, Type
    from raincheck.sql.names import Name

_T = TypeVar("_T")
_ON, _OFF = {"true", "on", "yes", "1"}, {"false", "off", "no", "0"}


@dataclass(frozen=True, slots=True)
class Place:
    """The thing that is being compared, as differences name it."""

    what: str
    of: Name
    part: str = ""


class Judge:
    """Says what of the database's side stays in the comparison: its own where it differs, else the migrations'."""

    def __init__(self, replayed: Schema) -> None:
        self._replayed = replayed
        self._uncompared: dict[Difference, None] = {}

    @property
    def uncompared(self) -> tuple[Difference, ...]:
        """What could not be compared, once each; both sides are empty."""
        return tuple(self._uncompared)

    def expression(
        self, place: Place, aspect: str, found: Expression | None, ours: Expression | None, type_: str = ""
    ) -> Expression | None:
        if found is None or ours is None:
            return found
        return self.settled(place, aspect, same_expression(ours, found, type_), (found, ours))

    def default(
        self, place: Place, found: Expression | None, ours: Expression | None, type_: Type
    ) -> Expression | None:
        """As `expression`; DEFAULT NULL is none."""
        if ours is not None and is_null(ours.node):
            return ours if found is None else found
        return self.expression(place, "default", found, ours, type_word(type_))

    def settled(self, place: Place, aspect: str, same: bool | None, sides: tuple[_T, _T]) -> _T:  # noqa: FBT001 - a verdict
        """Of the database's and the migrations' form the one that stays."""
        if same is None:
            self.leave(place, aspect)
        return sides[0] if same is False else sides[1]

    def leave(self, place: Place, aspect: str) -> None:
        """Count an aspect as not compared."""
        self._uncompared[Difference(place.what, place.of, place.part, aspect, "", "")] = None

    def type(self, found: Type, ours: Type) -> Type:
        """Types that no migration creates, those of extensions say, may lie in any schema."""
        is_foreign = ours.name not in self._replayed.types and ours.name.name not in BUILTIN
        alike = (found.name.name, found.mods, found.dimensions) == (
            ours.name.name,
            ours.mods,
            ours.dimensions,
        )
        return ours if is_foreign and alike else found


def type_word(type_: Type) -> str:
    """A type by its name alone: `text[]`."""
    return type_.name.name + "[]" * type_.dimensions


def either_order(found: tuple[_T, ...], ours: tuple[_T, ...]) -> tuple[_T, ...]:
    return ours if set(found) == set(ours) else found


def options(found: HashTrieMap[str, str], ours: HashTrieMap[str, str]) -> HashTrieMap[str, str]:
    """Storage options; a switch may be spelled in several ways."""
    for name, value in found.items():
        if _alike(value, ours.get(name)):
            found = found.insert(name, ours[name])
    return ours if dict(found) == dict(ours) else found


def collation(found: Name | None, ours: Name | None) -> Name | None:
    """A collation by its name alone; "default" is none."""
    if found is None:
        return ours if ours is not None and ours.name == "default" else None
    return ours if ours is not None and found.name == ours.name else found


def _alike(found: str, ours: str | None) -> bool:
    if ours is None:
        return False
    words = {found.lower(), ours.lower()}
    return len(words) == 1 or words <= _ON or words <= _OFF
