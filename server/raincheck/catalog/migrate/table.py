"""What turns one state of what hangs on a table into another: triggers, policies, options; constraints by their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from raincheck.catalog import definitions as sql
from raincheck.catalog.migrate import constraints
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from raincheck.catalog.schema import Schema, Table

_Part = TypeVar("_Part")


def drops(now: Table, then: Table, schema: Schema) -> Iterator[str]:
    """What has to go: triggers, policies, constraints, indexes and columns that are new, or are otherwise than then.

    `schema` is the one of now.
    """
    on = f" ON {sql.relation_sql(now.name)}"
    for trigger in _lost(now.triggers, then.triggers):
        yield f"DROP TRIGGER {always_quoted(trigger.name)}{on}"
    for policy in _lost(now.policies, then.policies):
        yield f"DROP POLICY {always_quoted(policy.name)}{on}"
    yield from constraints.drops(now, then, schema)


def attached(now: Table | None, then: Table) -> Iterator[str]:
    """Row security, options, policies and triggers as they were."""
    alter = sql.altered(then)
    if then.row_security != (now is not None and now.row_security):
        yield f"{alter} {'ENABLE' if then.row_security else 'DISABLE'} ROW LEVEL SECURITY"
    if then.force_row_security != (now is not None and now.force_row_security):
        yield f"{alter} {'FORCE' if then.force_row_security else 'NO FORCE'} ROW LEVEL SECURITY"
    if now is not None:
        yield from _options(now, then, alter)
    for policy in _lost(then.policies, now.policies if now is not None else ()):
        yield sql.policy_sql(policy, then.name)
    for trigger in _lost(then.triggers, now.triggers if now is not None else ()):
        if trigger.definition:
            yield trigger.definition
        if not trigger.enabled:
            yield f"{alter} DISABLE TRIGGER {always_quoted(trigger.name)}"


def _options(now: Table, then: Table, alter: str) -> Iterator[str]:
    gone = sorted(set(now.options) - set(then.options))
    if gone:
        yield f"{alter} RESET ({', '.join(gone)})"
    new = [f"{key} = {value}" for key, value in sorted(then.options.items()) if now.options.get(key) != value]
    if new:
        yield f"{alter} SET ({', '.join(new)})"
    if now.persistence != then.persistence and "temporary" not in {now.persistence, then.persistence}:
        yield f"{alter} SET {'UNLOGGED' if then.persistence == 'unlogged' else 'LOGGED'}"


def _lost(these: Iterable[_Part], those: Collection[_Part]) -> list[_Part]:
    return [each for each in these if each not in those]
