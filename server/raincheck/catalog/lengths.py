"""Which changes of a type's modifiers leave every stored value alone: varchar(10) to varchar(20), say.

Source: the support functions of the length casts in PostgreSQL's source code (varchar_support, varbit_support,
numeric_support, TemporalSimplify, interval_support). Those of char and bit have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raincheck.sql.names import Name

Modifiers = tuple[int | str, ...]

FINEST = 6
"""Digits of a second that PostgreSQL keeps."""

_ALL_FIELDS = 0x7FFF
_LEAST = ((0x1000, 0), (0x0800, 1), (0x0400, 2), (0x0008, 3), (0x0002, 4), (0x0004, 5))
"""The bits of SECOND, MINUTE, HOUR, DAY, MONTH and YEAR in an interval's modifier, finest first."""


def keeps(name: Name, old: Modifiers, new: Modifiers) -> bool:
    """Whether a cast of a type to itself, from one length to another, is left out; `old` is empty where not known."""
    if old == new or not new:
        return True
    if name.schema != "pg_catalog":
        return False
    match name.name, old, new:
        case "varchar" | "varbit", (int(before),), (int(after),):
            return after >= before
        case "numeric", (int(before), int(old_scale)), (int(after), int(new_scale)):
            return after >= before and new_scale == old_scale
        case "timestamp" | "timestamptz" | "time" | "timetz", before_mods, (int(after),):
            return after >= FINEST or any(isinstance(b, int) and after >= b for b in before_mods)
        case "interval", _, _:
            return _interval_keeps(old, new)
    return False


def _interval_keeps(old: Modifiers, new: Modifiers) -> bool:
    """As interval_support decides: the finest field kept is as fine, and so are the digits of its seconds."""
    (old_least, old_digits), (new_least, new_digits) = _interval(old), _interval(new)
    return new_least <= old_least and (old_least > 0 or new_digits >= FINEST or new_digits >= old_digits)


def _interval(mods: Modifiers) -> tuple[int, int]:
    fields = int(mods[0]) if mods else _ALL_FIELDS
    digits = int(mods[1]) if len(mods) > 1 else FINEST
    return next((rank for bit, rank in _LEAST if fields & bit), 0), digits
