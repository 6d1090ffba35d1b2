from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Table
from raincheck.engine.finding import Finding, Related, Severity
from raincheck.locks.modes import Mode
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import listed, used
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name

MANY = 3
"""So many tables under the strongest lock at once are more than a transaction of the application is likely to take in
the same order."""


class ExclusiveLocksPileUp(AllowableRule):
    """One transaction collects the strongest lock on three or more existing tables."""

    name = "exclusive-locks-pile-up"
    severity = Severity.RISK
    telling = "apart"
    kinds = frozenset()

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        if action is not step.actions[0]:
            return
        new = [
            name for name, mode in step.kept.items() if mode is Mode.ACCESS_EXCLUSIVE and step.exists(name)
        ]
        if not new:
            return
        held = step.transaction.held
        first: dict[Name, int] = {}
        for name in step.transaction.closed:
            if len(first) < MANY and used(step, name):
                first.setdefault(_root(step.after, name), held[name].step)
        tables = dict.fromkeys((*first, *(_root(step.after, name) for name in new if used(step, name))))
        if len(first) >= MANY or len(tables) < MANY:
            return
        names = listed([quoted_name(name) for name in tables])
        message = (
            f"With this the transaction holds an ACCESS EXCLUSIVE lock on {len(tables)} existing tables at once: {names}. A "
            "request that uses two of them in another order deadlocks with it, and PostgreSQL then ends one of the two "
            "(40P01); all others wait for all of the tables until the end."
        )
        related = tuple(
            Related(f"ACCESS EXCLUSIVE on {quoted_name(name)} is held since here.", step=ordinal)
            for name, ordinal in first.items()
        )
        yield Finding(self.name, self.severity, message, _HELP, related=related)


_HELP = (
    "Deploy the migrations a table or two at a time: each deployment is a transaction of its own. Keep a lock_timeout set, "
    "so that the migration is the one that gives up."
)


def _root(schema: Schema, name: Name) -> Name:
    """The table, or the partitioned table that it is a part of: partitions are locked in one order by everybody."""
    found = schema.relations.get(name)
    while isinstance(found, Table) and found.partition_bound is not None and found.parents:
        name = found.parents[0]
        found = schema.relations.get(name)
    return name
