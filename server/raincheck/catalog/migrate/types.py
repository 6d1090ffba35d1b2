"""What turns one state of the user's own types into another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog import definitions as sql
from raincheck.catalog.schema import Domain, Enum
from raincheck.catalog.spelling import spelled
from raincheck.sql.names import Name, always_quoted, literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema, UserType


def brought_back(now: Schema, then: Schema) -> Iterator[str]:
    """Types that are gone, or have another name or another content."""
    pair = _renamed(now, then)
    if pair is not None:
        yield from _rename(*pair)
    else:
        yield from (text for one in _only(then, now) if (text := sql.type_definition(one)))
    for name, old in then.types.items():
        known = now.types.get(name)
        if known is not None and known is not old:
            yield from _changed(known, old)


def drops(now: Schema, then: Schema) -> Iterator[str]:
    """Types that were not there then."""
    for one in [] if _renamed(now, then) else _only(now, then):
        yield f"DROP {'DOMAIN' if isinstance(one, Domain) else 'TYPE'} {sql.relation_sql(one.name)}"


def _only(here: Schema, there: Schema) -> list[UserType]:
    return [one for name, one in here.types.items() if name not in there.types]


def _renamed(now: Schema, then: Schema) -> tuple[UserType, UserType] | None:
    """The one type that is the same under another name: as it is now, and as it was then."""
    new, gone = _only(now, then), _only(then, now)
    alone = len(new) == len(gone) == 1 and replace(new[0], name=gone[0].name) == gone[0]
    return (new[0], gone[0]) if alone else None


def _rename(now: UserType, then: UserType) -> Iterator[str]:
    kind = "DOMAIN" if isinstance(now, Domain) else "TYPE"
    if now.name.schema != then.name.schema:
        yield f"ALTER {kind} {sql.relation_sql(now.name)} SET SCHEMA {always_quoted(then.name.schema)}"
    if now.name.name != then.name.name:
        at = sql.relation_sql(Name(then.name.schema, now.name.name))
        yield f"ALTER {kind} {at} RENAME TO {always_quoted(then.name.name)}"


def _changed(now: UserType, then: UserType) -> Iterator[str]:
    at = sql.relation_sql(then.name)
    if isinstance(now, Enum) and isinstance(then, Enum) and len(now.values) == len(then.values):
        for value, old in zip(now.values, then.values, strict=True):
            if value != old:
                yield f"ALTER TYPE {at} RENAME VALUE {literal(value)} TO {literal(old)}"
    if isinstance(now, Domain) and isinstance(then, Domain):
        if now.not_null != then.not_null:
            yield f"ALTER DOMAIN {at} {'SET' if then.not_null else 'DROP'} NOT NULL"
        if now.default != then.default:
            default = spelled(then.default) if then.default else ""
            yield f"ALTER DOMAIN {at} " + (f"SET DEFAULT {default}" if default else "DROP DEFAULT")
        for check in (each for each in now.checks if each not in then.checks):
            yield f"ALTER DOMAIN {at} DROP CONSTRAINT {always_quoted(check.name)}"
        for check in (each for each in then.checks if each not in now.checks):
            yield f"ALTER DOMAIN {at} ADD {sql.constraint_sql(check)}"
