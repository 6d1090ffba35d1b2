"""What a cast does to values that the new type cannot hold: the migration fails, or they are cut or rounded.

Observed on PostgreSQL 12 to 18; what is compared with it stands in tests/postgres/test_narrowing.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raincheck.catalog import loss_tables as facts
from raincheck.catalog.coercions import base, constrained
from raincheck.catalog.lengths import keeps
from raincheck.catalog.render import type_sql
from raincheck.catalog.schema import Enum
from raincheck.sql.names import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.schema import Schema, Type

VALUE = "{value}"
"""Stands in a Loss's condition for the column."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What happens to some values: `what` says which and what, as a clause."""

    what: str
    sqlstate: str = ""
    """With which the statement fails; empty where the value is changed in silence."""
    where: str = ""
    """An SQL condition that holds for the rows concerned, VALUE in it; empty where only trying tells."""
    mild: bool = False
    """Whether what is lost is rarely missed, or depends on the session."""


def losses(old: Type, casts: Iterable[Type], new: Type, schema: Schema) -> tuple[Loss, ...]:
    """What may happen to values of a column: through the casts that are written, then that of the assignment."""
    found: list[Loss] = []
    labels: tuple[str, ...] | None = None
    value = old
    for target, explicit in (*((cast, True) for cast in casts), (new, False)):
        own = schema.type(base(value, schema).name)
        labels = own.values if isinstance(own, Enum) and not value.dimensions else labels
        hop = _Hop(value, target, explicit, schema, labels)
        found += hop.losses()
        value = target
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Hop:
    """One cast, of a column's values or of their elements; `labels` are all the texts there can be, where known."""

    old: Type
    new: Type
    explicit: bool
    schema: Schema
    labels: tuple[str, ...] | None

    def losses(self) -> Iterator[Loss]:
        plain = replace(self.old, mods=()), replace(self.new, mods=())
        if self.old == self.new or plain in self.schema.casts:
            return
        source, target = base(self.old, self.schema), base(self.new, self.schema)
        if self.old.name != self.new.name and constrained(self.new, self.schema):
            yield Loss(
                f"a value that the domain {self.new.name} does not allow fails the migration (23514, or 23502 for a NULL)",
                "23514",
            )
        if source.dimensions and target.dimensions:
            element, becomes = replace(source, dimensions=0), replace(target, dimensions=0)
            within = _Hop(element, becomes, self.explicit, self.schema, None)
            yield from (replace(loss, where="") for loss in within.losses())
        elif source.dimensions == target.dimensions:
            yield from self._of(source, target)
        elif target.dimensions and source.name.name in facts.STRINGS:
            yield Loss(
                f"a value that cannot be read as {type_sql(target)} fails the migration (22P02)", "22P02"
            )

    def _of(self, source: Type, target: Type) -> Iterator[Loss]:
        name, old = target.name.name, source.name.name
        own = self.schema.type(target.name)
        if isinstance(own, Enum):
            yield from self._into_enum(source, own)
        elif target.name.schema != "pg_catalog":
            yield from _vectors(source, target)
        elif name in facts.STRINGS:
            yield from self._into_string(source, target)
        elif source.name.schema != "pg_catalog":
            return
        elif old in facts.STRINGS:
            yield from _read(target)
        elif name in facts.INTEGERS or name in facts.FLOATS or name in {"numeric", "money"}:
            yield from _numbers(source, target)
        elif name in facts.DIGITS_OF_SECONDS:
            yield from _times(source, target)
        elif name in {"bit", "varbit"} and old in {"bit", "varbit"}:
            yield from self._bits(source, target)
        else:
            yield from _listed(old, name)

    def _into_enum(self, source: Type, enum: Enum) -> Iterator[Loss]:
        if source.name == enum.name:
            return
        missing = [label for label in self.labels or () if label not in enum.values]
        if self.labels is None:
            which, values = f"a value that is not one of {enum.name}'s", f"NOT IN ({_list(enum.values)})"
        else:
            which, values = f"a row with {' or '.join(map(literal, missing))}", f"IN ({_list(missing)})"
        if missing or self.labels is None:
            where = f"{VALUE}::text {values}" if missing or enum.values else ""
            yield Loss(f"{which} fails the migration (22P02)", "22P02", where)

    def _into_string(self, source: Type, target: Type) -> Iterator[Loss]:
        name = target.name.name
        if name in facts.BYTES_KEPT and source.name.name not in facts.BYTES_KEPT:
            kept = facts.BYTES_KEPT[name]
            where = f"octet_length({VALUE}::text) > {kept}"
            yield Loss(f"a value of more than {kept} bytes is cut off there in silence", where=where)
        length = _length(target)
        if length is None or self._longest(source) <= length:
            return
        longer = f"a value longer than {length} characters"
        if self.explicit:
            yield Loss(f"{longer} is cut off there in silence", where=f"length({VALUE}::text) > {length}")
        else:
            where = f"length(rtrim({VALUE}::text, ' ')) > {length}"
            yield Loss(f"{longer} fails the migration (22001), unless only spaces are over", "22001", where)

    def _longest(self, source: Type) -> float:
        """The most characters of a value as text."""
        if self.labels is not None:
            return max((len(label) for label in self.labels), default=0)
        known = _length(source) if source.name.name in facts.STRINGS else facts.WIDTHS.get(source.name.name)
        return float("inf") if known is None or source.dimensions else known

    def _bits(self, source: Type, target: Type) -> Iterator[Loss]:
        new = int((*target.mods, 1)[0]) if target.name.name == "bit" or target.mods else None
        old = int(source.mods[0]) if source.mods else None
        fixed = target.name.name == "bit"
        if new is None or (old is not None and (old == new or (not fixed and old <= new))):
            return
        differs = f"another length than {new} bits" if fixed else f"more than {new} bits"
        where = f"length({VALUE}) {'<>' if fixed else '>'} {new}"
        if self.explicit:
            yield Loss(
                f"a value of {differs} is cut{' or filled up' if fixed else ''} in silence", where=where
            )
        else:
            state = "22026" if fixed else "22001"
            yield Loss(f"a value of {differs} fails the migration ({state})", state, where)


def _vectors(source: Type, target: Type) -> Iterator[Loss]:
    both = {source.name.name, target.name.name} <= facts.VECTORS and source.name.schema != "pg_catalog"
    if both and target.mods and source.mods != target.mods:
        what = f"a vector that has not {target.mods[0]} dimensions fails the migration (22000)"
        known = source.name.name != "sparsevec"
        yield Loss(what, "22000", f"vector_dims({VALUE}) <> {target.mods[0]}" if known else "")


def _read(target: Type) -> Iterator[Loss]:
    """What becomes of text that is no such value."""
    states = facts.UNREADABLE.get(target.name.name, "22P02")
    if states:
        sql = type_sql(target)
        yield Loss(f"a value that cannot be read as {sql} fails the migration ({states})", states[:5])
    if target.name.name == "numeric" and target.mods:
        yield replace(_rounded(target), where="")


def _numbers(source: Type, target: Type) -> Iterator[Loss]:
    old, new = source.name.name, target.name.name
    if old == "jsonb":
        yield Loss(f"a value that is no JSON number fails the migration ({facts.NO_NUMBER})", facts.NO_NUMBER)
    elif old not in facts.NUMBERS:
        return
    if new in facts.INTEGERS:
        yield from _into_integer(source, new)
    elif new in facts.FLOATS:
        yield from _into_float(source, new)
    elif new == "money" or target.mods:
        yield from _into_numeric(source, target)
    elif old in facts.FLOATS:
        kept = facts.DECIMALS_OF_FLOATS[old]
        yield Loss(f"a value is rounded to {kept} digits in silence", mild=True)


def _into_integer(source: Type, new: str) -> Iterator[Loss]:
    low, high = facts.INTEGERS[new]
    precision, scale = _whole_digits(source), _scale(source)
    if precision is None or precision >= len(str(high)):
        where = f"{VALUE} NOT BETWEEN {low} AND {high}" if source.name.name != "jsonb" else ""
        yield Loss(f"a value outside {low} to {high} fails the migration (22003)", "22003", where)
    if scale != 0:
        where = f"{VALUE} <> trunc({VALUE})" if source.name.name != "jsonb" else ""
        yield Loss("a fraction is rounded away in silence", where=where)


def _into_float(source: Type, new: str) -> Iterator[Loss]:
    kept = facts.DIGITS_OF_FLOATS[new]
    whole, scale = _whole_digits(source), _scale(source)
    digits = None if whole is None or scale is None else whole + scale
    if source.name.name == new or (source.name.name, new) == ("float4", "float8"):
        return
    if digits is None or digits > kept:
        where = f"{VALUE}::{type_sql(_plain(new))}::numeric <> {VALUE}::numeric"
        yield Loss(
            f"a value of more than {kept} digits is rounded in silence",
            where=where if whole is not None else "",
        )
    if source.name.name == "float8" or (source.name.name == "numeric" and whole is None):
        yield Loss(f"a value too large for {type_sql(_plain(new))} fails the migration (22003)", "22003")


def _into_numeric(source: Type, target: Type) -> Iterator[Loss]:
    precision, scale = _precision(target)
    whole, fraction = _whole_digits(source), _scale(source)
    if whole is None or whole > precision - scale:
        where = f"abs(round({VALUE}::numeric, {scale})) >= 1e{precision - scale}"
        digits = f"{precision - scale} digits before the point"
        yield Loss(
            f"a value of more than {digits} fails the migration (22003)",
            "22003",
            where if source.name.name != "jsonb" else "",
        )
    if fraction is None or fraction > scale:
        yield _rounded(target)


def _rounded(target: Type) -> Loss:
    _, scale = _precision(target)
    where = f"{VALUE}::numeric <> round({VALUE}::numeric, {scale})"
    return Loss(f"a value is rounded to {scale} digits behind the point in silence", where=where)


def _times(source: Type, target: Type) -> Iterator[Loss]:
    old, new = source.name.name, target.name.name
    yield from _listed(old, new)
    same = replace(source, name=target.name)
    if old in facts.DIGITS_OF_SECONDS and not keeps(target.name, same.mods, target.mods):
        yield Loss(
            f"a value is cut or rounded to what {type_sql(target)} keeps, in silence",
            where=f"{VALUE} <> {VALUE}::{type_sql(target)}" if old == new else "",
        )


def _listed(old: str, new: str) -> Iterator[Loss]:
    found = facts.OTHERS.get((old, new))
    if found is not None:
        yield Loss(*found)


def _length(type_: Type) -> int | None:
    """The most characters that a string type holds, where it has a limit."""
    if type_.name.name == "bpchar" and not type_.mods:
        return None
    return int(type_.mods[0]) if type_.mods else None


def _whole_digits(type_: Type) -> int | None:
    """The most digits before the point, where there is a limit."""
    name = type_.name.name
    if name in facts.INTEGERS:
        return len(str(facts.INTEGERS[name][1]))
    if name == "money":
        return facts.DIGITS_OF_MONEY
    return int(type_.mods[0]) - int(type_.mods[1]) if name == "numeric" and type_.mods else None


def _scale(type_: Type) -> int | None:
    """The digits behind the point, where there is a limit."""
    name = type_.name.name
    if name in facts.INTEGERS:
        return 0
    if name == "money":
        return 2
    return int(type_.mods[1]) if name == "numeric" and type_.mods else None


def _precision(type_: Type) -> tuple[int, int]:
    if type_.name.name == "money":
        return facts.DIGITS_OF_MONEY + 2, 2
    return int(type_.mods[0]), int(type_.mods[1])


def _plain(name: str) -> Type:
    from raincheck.catalog.typenames import builtin

    return builtin(name)


def _list(values: Iterable[str]) -> str:
    return ", ".join(map(literal, values))
