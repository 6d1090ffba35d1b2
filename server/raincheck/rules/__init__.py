"""All rules, in the order in which people read about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules import (
    compatibility,
    data_loss,
    design,
    history,
    locking,
    reading,
    replay,
    rewriting,
    transactions,
)

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

FAMILIES = (
    locking,
    rewriting,
    data_loss,
    compatibility,
    transactions,
    replay,
    history,
    design,
    reading,
)

ALL: tuple[Rule, ...] = tuple(rule for family in FAMILIES for rule in family.RULES)
