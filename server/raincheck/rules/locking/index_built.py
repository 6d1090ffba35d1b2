"""The base of the rules about constraints whose index is built under the strongest lock."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.locks.effects import Work
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.definitions import has
from raincheck.rules.phrases import certain, effects_of, felt, held, held_along, lock, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class BuildsIndex(AllowableRule):
    """The base of the rules about constraints whose index is built under the strongest lock."""

    severity = Severity.DANGER
    grows = True

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        locks = felt(step, action, Work.INDEX_BUILD)
        if not locks or not certain(action) or _beside_worse(step, action):
            return
        table = named(step, subject(action))
        message = (
            f"{self.what(step, action)} under {lock(locks, table)}. {self.fails(step, action)} fails the migration. "
            f"{held(step)}"
        )
        help_ = self.help(step, action)
        yield Finding(self.name, self.severity, message.rstrip(), help_, related=held_along(step))

    @abstractmethod
    def what(self, step: Step, action: Action) -> str:
        """The work, up to the lock."""

    @abstractmethod
    def fails(self, step: Step, action: Action) -> str:
        """What among the rows there are makes it fail."""

    @abstractmethod
    def help(self, step: Step, action: Action) -> str: ...


def _beside_worse(step: Step, action: Action) -> bool:
    """Whether the key is written inside a new column that rewrites the table, or fails where it has rows: told of that."""
    if not action.inline:
        return False
    column = next(one for one in step.actions if one.kind is Kind.ADD_COLUMN and one.column == action.column)
    rewrites = any(Work.REWRITE in effect.work for effect in effects_of(step, column).locks)
    filled = has(column, "CONSTR_DEFAULT")
    return rewrites or (not filled and has(column, "CONSTR_NOTNULL", "CONSTR_PRIMARY"))
