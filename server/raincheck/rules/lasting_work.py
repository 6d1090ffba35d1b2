"""Work that takes the longer the larger a table is, and which of a statement's lasts the longest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.locks.effects import Work
from raincheck.locks.modes import Mode
from raincheck.rules.phrases import effects_of

if TYPE_CHECKING:
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name

DOES = {
    Work.REWRITE: "rewrites",
    Work.INDEX_BUILD: "builds an index of",
    Work.SCAN: "reads every row of",
    Work.ROWS: "goes through rows of",
}
"""Work that lasts, the longest first."""


def lasting_work(step: Step, action: Action) -> tuple[Work, Name] | None:
    """The longest work on an existing relation under a weaker lock: what needs the strongest itself has its own rule."""
    effects = [
        effect
        for effect in effects_of(step, action).locks
        if effect.mode is not Mode.ACCESS_EXCLUSIVE and effect.work and step.exists(effect.relation)
    ]
    for work in DOES:
        on = next((effect.relation for effect in effects if work in effect.work), None)
        if on is not None:
            return work, on
    return None
