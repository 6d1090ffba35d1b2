"""Whether two values that the fold carries along are the same in everything that a step could see of them.

Stricter than `==`, which leaves out what is no part of a schema as PostgreSQL keeps it: here the words in which a
default was written count too, since messages show them.
"""

from __future__ import annotations

from dataclasses import is_dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from rpds import HashTrieMap

from raincheck.catalog.parts import Expression

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Place = tuple[Any, ...]
"""Where two values differ: names of fields and keys of maps, from the outside in."""

_MISSING = object()
_LENGTH = object()
"""In a place, stands for the number of a map's keys: told at once, where a statement more or less shifts all others."""


def difference(new: object, old: object) -> Place | None:
    """One place in which they differ; None where they are the same. What they share costs nothing."""
    if new is old:
        return None
    if type(new) is not type(old):
        return ()
    if isinstance(new, Expression) and isinstance(old, Expression):
        return None if new.source == old.source and new == old else ()
    if isinstance(new, HashTrieMap) and isinstance(old, HashTrieMap):
        return _of_maps(new, old)
    if is_dataclass(new) and not isinstance(new, type):
        return _of_fields(new, old)
    if isinstance(new, tuple) and isinstance(old, tuple):
        pairs = zip_longest(new, old, fillvalue=_MISSING)
        return () if any(difference(*pair) is not None for pair in pairs) else None
    return None if new == old else ()


def differ_at(new: object, old: object, place: Place) -> bool:
    """Whether they differ where others did before: quickly told, and likely for those that come from them."""
    for part in place:
        if new is old or type(new) is not type(old):
            break
        if isinstance(new, HashTrieMap) and isinstance(old, HashTrieMap):
            if part is _LENGTH:
                return len(new) != len(old) or difference(new, old) is not None
            new, old = new.get(part, _MISSING), old.get(part, _MISSING)
        else:
            new, old = getattr(new, part), getattr(old, part)
    return difference(new, old) is not None


def _of_maps(new: HashTrieMap[Any, Any], old: HashTrieMap[Any, Any]) -> Place | None:
    if len(new) != len(old):
        return (_LENGTH,)
    for key, value in new.items():
        other = old.get(key, _MISSING)
        if value is not other and (found := difference(value, other)) is not None:
            return (key, *found)
    return None


def _of_fields(new: DataclassInstance, old: object) -> Place | None:
    for name in new.__dataclass_fields__:
        found = difference(getattr(new, name), getattr(old, name))
        if found is not None:
            return (name, *found)
    return None
