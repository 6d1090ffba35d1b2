"""What names mean in the migrations of the recorded projects, and how these are outlined, folded and selected."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from raincheck.ide.folding import folds
from raincheck.ide.meaning import meaning
from raincheck.ide.occurrences import Occurrence, occurrences
from raincheck.ide.outline import Placed, Symbol, outline
from raincheck.ide.selection import selections
from raincheck.session.session import Session
from raincheck.sql.mentions import mentions

if TYPE_CHECKING:
    from raincheck.engine.analysis import Analysis

PROJECTS = Path(__file__).parents[1] / "projects"
ROOTS = sorted({path.parent.parent for path in PROJECTS.rglob("_journal.json")})


@cache
def analyses() -> tuple[Analysis, ...]:
    return tuple(one for root in ROOTS for one in Session(str(root)).analyses())


def test_each_name_is_among_its_occurrences_and_made_once_at_most():
    looked_at = 0
    for found in analyses():
        for step in found.timeline.steps:
            for mention in mentions(step.statement.text):
                if meaning(step, mention) is not None:
                    every = occurrences(found, Occurrence(step, mention))
                    assert any(one.step is step and one.mention is mention for one in every)
                    assert sum(one.created for one in every) <= 1
                    looked_at += 1
    assert looked_at > 1000


def within(symbol: Symbol, start: int, end: int) -> bool:
    span, name = symbol.span, symbol.name_span
    inside = start <= span.start <= name.start <= name.end <= span.end <= end
    return inside and all(
        within(one, span.start, span.end) for one in symbol.children if isinstance(one, Symbol)
    )


def test_symbols_are_inside_of_each_other():
    placed = [
        one
        for found in analyses()
        for migration in found.project.migrations
        for one in outline(found.project, migration.path, migration.document)
        if isinstance(one, Placed)
    ]
    assert len(placed) > 300
    assert all(within(one.symbol, 0, len(one.text)) for one in placed)


def test_selections_grow_to_the_text_and_folds_are_of_several_lines():
    for found in analyses():
        for document in (migration.document for migration in found.project.migrations):
            assert all(fold.first < fold.last < len(document.lines) for fold in folds(document))
            for offset in range(0, len(document.text), 17):
                spans = selections(document, offset)
                assert (spans[-1].start, spans[-1].end) == (0, len(document.text))
                assert all(
                    large.start <= small.start and small.end <= large.end and small != large
                    for small, large in pairwise(spans)
                )
