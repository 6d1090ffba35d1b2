"""The base of the rules about what keeps a column's type from changing: what goes before the statement and comes back behind it."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING

from raincheck.rules.phrases import subject
from raincheck.rules.replay.refused import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Table
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

    Pair = tuple[str, str]
    """What drops a thing, and what makes it again, without semicolons; either may be empty."""

_BEHIND = "And behind the last statement of the file that changes the column's type:"
_LITERAL_OVER_LINES = re.compile(r"'[^'\n]*\n[^']*'")


class InTheWay(Refused):
    """A rule about things that have to go before the type changes, and come back behind it."""

    def helped(self, step: Step, action: Action) -> str:
        table = step.before.table(subject(action))
        found = [*self.pairs(step, action, table)] if table is not None else []
        drops = [f"{drop};--> statement-breakpoint" for drop, _ in found if drop]
        makes = [f"--> statement-breakpoint\n{_indented(make)};" for _, make in found if make]
        behind = [_BEHIND, *makes] if makes else []
        return "\n".join([f"{self.cure} Before this statement:", *drops, *behind])

    @abstractmethod
    def pairs(self, step: Step, action: Action, table: Table) -> Iterator[Pair]:
        """What is in the way of an action, in the order in which it has to go."""


def _indented(definition: str) -> str:
    """A definition over several lines reads as one piece of SQL; nothing is put into a string."""
    return definition if _LITERAL_OVER_LINES.search(definition) else re.sub(r"\n(?=\S)", "\n  ", definition)
