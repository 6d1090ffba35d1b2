"""`raincheck explain SQL` for people: each statement's locks, work and transaction, and what the answer depends on."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from raincheck.ide.blocks import Block, Code, listed, paragraph
from raincheck.ide.statement import MOST, does, held, locks, runs, sources, undo
from raincheck.report.blocks import lines
from raincheck.report.depending import Depending, Variant, depending
from raincheck.report.excerpt import visible
from raincheck.report.style import hanging, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding
    from raincheck.engine.step import Step
    from raincheck.report.style import Style

MOST_LINES = 12
"""How many lines of a statement are shown."""


def render(
    analysis: Analysis, steps: Sequence[Step], schema: Sequence[str], notes: Sequence[str], style: Style
) -> str:
    """The answer as text, with a line end behind it. `schema` are the paths that what is known comes from."""
    text: list[str] = []
    for note in notes:
        text += [*paragraphs(f"note: {note}", style.width), ""]
    text += [*paragraphs(_basis(analysis, steps, schema, style), style.width), ""]
    for step in steps:
        text += _statement(analysis, step, style)
    return "\n".join(text).rstrip("\n") + "\n"


def _basis(analysis: Analysis, steps: Sequence[Step], schema: Sequence[str], style: Style) -> str:
    assumed = "" if analysis.settings.target_from != "default" else " (assumed; --postgres says which)"
    version = f"PostgreSQL {analysis.settings.target}{assumed}"
    if schema:
        return f"{version}, behind {', '.join(map(style.path, schema))}."
    if any(effects.unknown for step in steps for effects in step.effects):
        return f"{version}. No schema is known (--schema FILE gives one), so what depends on it is listed."
    return f"{version}."


def _statement(analysis: Analysis, step: Step, style: Style) -> Iterator[str]:
    yield from _source(step, style)
    yield ""
    yield from lines(does(step), style, 2)
    yield from lines(locks(step), style, 2)
    for one in depending(step):
        yield from _depends(one, style)
    if not step.statement.problem:
        yield from lines([*_transaction(step), undo(step)], style, 2)
    for finding in analysis.step_findings[step.ordinal]:
        yield from _finding(analysis, step, finding, style)
    yield from lines(sources(step), style, 2)


def _source(step: Step, style: Style) -> Iterator[str]:
    text = visible(step.statement.text).splitlines()
    yield from (style.paint(line, "bold") for line in islice(text, MOST_LINES))
    if len(text) > MOST_LINES:
        yield style.paint(f"… {len(text) - MOST_LINES} lines more", "dim")


def _depends(one: Depending, style: Style) -> Iterator[str]:
    what = "".join(piece if isinstance(piece, str) else piece.text for piece in one.words)
    choice = "the first of these that is true holds" if len(one.variants) > 1 else "in general"
    yield from _indented(f"{what}: {choice}:", style)
    for number, variant in enumerate(one.variants, 1):
        label, otherwise = (f"{number}.", "otherwise:") if len(one.variants) > 1 else ("", "")
        yield from hanging(label, _variant(variant, otherwise), style, indent=4, room=4)
    for cost, types in one.old_types:
        yield from hanging("", f"{cost} from {', '.join(types)}", style, indent=4, room=4)
    yield ""


def _variant(variant: Variant, otherwise: str) -> str:
    """A line for the condition, if there is one, and one for each lock and piece of work."""
    when = f"if {variant.when}:" if variant.when else otherwise
    taken = [f"{mode.sql} on {on}" for mode, on in variant.locks] or ["locks nothing"]
    refused = f"refused in a transaction block ({variant.outside_transaction})"
    work = [*variant.work, *([refused] if variant.outside_transaction else [])]
    return "\n".join([*filter(None, [when]), *taken, *(work or ["changes only the catalog"])])


def _transaction(step: Step) -> Iterator[Block]:
    yield paragraph(runs(step))
    already = [(Code(str(relation)), f" {one.mode.sql}") for relation, one in held(step)]
    if already:
        yield paragraph("Already held: ", *listed(already, MOST), ".")


def _finding(analysis: Analysis, step: Step, finding: Finding, style: Style) -> Iterator[str]:
    """The rule that speaks of it, and what it says to do; what happens has been said."""
    page = f"  raincheck explain {finding.rule}" if analysis.rule(finding.rule) else ""
    yield f"  {style.paint(finding.severity.value, 'bold')} {finding.rule}{style.paint(page, 'dim')}"
    if finding.help:
        yield from hanging("help", finding.help, style)
    elif step.statement.problem is None:
        yield from hanging("", finding.message, style)
    yield ""


def _indented(text: str, style: Style) -> Iterator[str]:
    yield from (f"  {line}" for line in paragraphs(text, style.width - 2))
