"""What turns one state of the user's own types into another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog import definitions as sql
from raincheck.catalog.schema import Domain, Enum
from raincheck.sql.names import Name, always_quoted, literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import UserType


def renamed(now: UserType, then: UserType) -> Iterator[str]:
    kind = "DOMAIN" if isinstance(now, Domain) else "TYPE"
    if now.name.schema != then.name.schema:
        yield f"ALTER {kind} {sql.relation_sql(now.name)} SET SCHEMA {always_quoted(then.name.schema)}"
    if now.name.name != then.name.name:
        at = sql.relation_sql(Name(then.name.schema, now.name.name))
        yield f"ALTER {kind} {at} RENAME TO {always_quoted(then.name.name)}"


def changed(now: UserType, then: UserType) -> Iterator[str]:
    at = sql.relation_sql(then.name)
    if isinstance(now, Enum) and isinstance(then, Enum) and len(now.values) == len(then.values):
        for value, old in zip(now.values, then.values, strict=True):
            if value != old:
                yield f"ALTER TYPE {at} RENAME VALUE {literal(value)} TO {literal(old)}"
    if isinstance(now, Domain) and isinstance(then, Domain):
        if now.not_null != then.not_null:
            yield f"ALTER DOMAIN {at} {'SET' if then.not_null else 'DROP'} NOT NULL"
        if now.default != then.default:
            default = sql.expression_sql(then.default) if then.default else ""
            yield f"ALTER DOMAIN {at} " + (f"SET DEFAULT {default}" if default else "DROP DEFAULT")
        for check in (each for each in now.checks if each not in then.checks):
            yield f"ALTER DOMAIN {at} DROP CONSTRAINT {always_quoted(check.name)}"
        for check in (each for each in then.checks if each not in now.checks):
            yield f"ALTER DOMAIN {at} ADD {sql.constraint_sql(check)}"
