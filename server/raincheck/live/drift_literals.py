"""Whether two constants are the same value, one as people write it and one as PostgreSQL prints it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from raincheck.catalog.extensions import extension_of_type
from raincheck.catalog.typenames import BUILTIN


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant and the type it is cast to by name (`text[]`), empty where it has no cast; None stands for NULL."""

    text: str | None
    type: str = ""


_VERBATIM = {"text", "varchar", "bpchar", "char", "name", "citext", "json", "xml", "unknown", "regclass"}
_NUMBERS = {"int2", "int4", "int8", "numeric", "float4", "float8", "oid"}
_MOMENTS = {"date", "timestamp", "timestamptz"}
_TRUE, _FALSE = {"t", "true", "y", "yes", "on"}, {"f", "false", "n", "no", "off"}
_ZONES = timedelta(hours=26)
"""No two time zones are further apart."""
_INTERVAL = re.compile(
    r"(?P<number>[+-]?\d+(?:\.\d+)?)\s*(?P<unit>year|month|mon|week|day|hour|minute|min|second|sec)s?\b"
    r"|(?P<sign>[+-]?)(?P<hours>\d+):(?P<minutes>\d\d)(?::(?P<seconds>\d\d(?:\.\d+)?))?|(?P<other>\S)",
    re.IGNORECASE,
)
_UNITS = {
    "year": (12, 0, 0),
    "mon": (1, 0, 0),
    "month": (1, 0, 0),
    "week": (0, 7, 0),
    "day": (0, 1, 0),
    "hour": (0, 0, 3600),
    "minute": (0, 0, 60),
    "min": (0, 0, 60),
    "second": (0, 0, 1),
    "sec": (0, 0, 1),
}
"""Months, days and seconds in each, which PostgreSQL keeps apart."""


def same_literal(written: Literal, printed: Literal) -> bool | None:
    """None where it cannot be told."""
    if written.text == printed.text:
        return True
    if written.text is None or printed.text is None:
        return False
    return _same(written.text, printed.text, printed.type or written.type)


def _same(one: str, other: str, type_: str) -> bool | None:
    if type_.endswith("[]"):
        return _same_array(one, other, type_.removesuffix("[]"))
    if type_ == "bool" or (not type_ and other in {"true", "false"}):
        return _truth(one, type_) == _truth(other, type_)
    if type_ in _NUMBERS or not type_:
        return _same_number(one, other)
    if type_ == "regclass":
        return one.rpartition(".")[2].strip('"') == other.rpartition(".")[2].strip('"')
    if type_ == "jsonb":
        return _same_json(one, other)
    if type_ == "uuid":
        return _same_uuid(one, other)
    if type_ in _MOMENTS:
        return _same_moment(one, other)
    if type_ == "time":
        return _same_time(one, other)
    if type_ == "interval":
        return _same_interval(one, other)
    is_reprinted = type_ not in _VERBATIM and (type_ in BUILTIN or bool(extension_of_type(type_)))
    return None if is_reprinted else False


def _truth(text: str, type_: str) -> bool | str:
    word = text.strip().lower()
    if type_ and word in {"0", "1"}:
        return word == "1"
    return word in _TRUE if word in _TRUE | _FALSE else word


def _same_number(one: str, other: str) -> bool:
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False


def _same_json(one: str, other: str) -> bool | None:
    try:
        return bool(json.loads(one) == json.loads(other))
    except (ValueError, RecursionError):
        return None


def _same_uuid(one: str, other: str) -> bool | None:
    try:
        return UUID(one) == UUID(other)
    except ValueError:
        return None


def _same_moment(one: str, other: str) -> bool | None:
    """A text without a time zone means that of the session that ran the migration, which nobody knows."""
    try:
        first, second = datetime.fromisoformat(one), datetime.fromisoformat(other)
    except ValueError:
        return None
    if (first.tzinfo is None) == (second.tzinfo is None):
        return first == second
    apart = abs(first.replace(tzinfo=first.tzinfo or UTC) - second.replace(tzinfo=second.tzinfo or UTC))
    return False if apart > _ZONES else None


def _same_time(one: str, other: str) -> bool | None:
    try:
        return time.fromisoformat(one) == time.fromisoformat(other)
    except ValueError:
        return None


def _same_interval(one: str, other: str) -> bool | None:
    first, second = _interval(one), _interval(other)
    return None if first is None or second is None else first == second


def _interval(text: str) -> tuple[Decimal, Decimal, Decimal] | None:
    months, days, seconds = Decimal(0), Decimal(0), Decimal(0)
    for found in _INTERVAL.finditer(text):
        if found["other"]:
            return None
        if found["number"]:
            number = Decimal(found["number"])
            month, day, second = _UNITS[found["unit"].lower()]
            if number % 1 and not second:
                return None
            months, days, seconds = months + number * month, days + number * day, seconds + number * second
        else:
            clock = int(found["hours"]) * 3600 + int(found["minutes"]) * 60 + Decimal(found["seconds"] or 0)
            seconds += -clock if found["sign"] == "-" else clock
    return months, days, seconds


def _same_array(one: str, other: str, element: str) -> bool | None:
    first, second = _elements(one), _elements(other)
    if first is None or second is None:
        return None
    if len(first) != len(second):
        return False
    same = {a == b or _same(a, b, element) for a, b in zip(first, second, strict=True)}
    return False if False in same else None if None in same else True


def _elements(text: str) -> list[str] | None:
    """The elements of a one-dimensional array's text; None for any other."""
    inner = text.strip()
    if not (inner.startswith("{") and inner.endswith("}")) or "{" in inner[1:] or "\\" in inner:
        return None
    found = re.findall(r'\s*(?:"([^"]*)"|([^,"]+?))\s*(?:,|\Z)', inner[1:-1])
    return [quoted or plain for quoted, plain in found]
