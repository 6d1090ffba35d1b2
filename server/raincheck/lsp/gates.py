"""The deploy gate of a migration, for what shows it: `plan` judges it, and `ide` does not know `plan`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.ide.lenses import Gate
from raincheck.plan.gate import Gate as Colour
from raincheck.plan.gate import reasons

if TYPE_CHECKING:
    from raincheck.lsp.sources import Subject


def gate_of(subject: Subject) -> Gate | None:
    """The deploy gate of a pending migration; None for a file that does not run."""
    migration = subject.analysis.project.at(subject.path)
    if migration is None or not migration.pending:
        return None
    found = reasons(subject.analysis, migration)
    colour = found[0].gate if found else Colour.GREEN
    because = tuple(verdict.because for verdict in found if verdict.gate is colour)
    return Gate(colour, colour.asks, because, calm=colour is Colour.GREEN)
