"""What statements of a file do, lock and risk, as a Markdown page of an editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.ide.blocks import markdown
from raincheck.ide.hover import hover
from raincheck.report.excerpt import visible
from raincheck.report.markdown import fence, inline, prose
from raincheck.report.offers import cures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding
    from raincheck.engine.step import Step
    from raincheck.text import Span


def explained(analysis: Analysis, path: str, span: Span, address: Callable[[str], str]) -> str:
    """The statements that a span touches, with a line end behind them; empty where there is none.

    `address` turns a path of the project into what a link to the file says.
    """
    steps = [step for step in analysis.steps_by_path.get(path, ()) if step.statement.whole.meets(span)]
    blocks = [block for step in steps for block in _statement(analysis, step, address)]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _statement(analysis: Analysis, step: Step, address: Callable[[str], str]) -> Iterator[str]:
    span = step.statement.span
    yield f"## {step.migration.tag}, line {step.line}"
    yield fence(visible(step.statement.text), "sql")
    told = hover(analysis, step.migration.path, span.start, address)
    if told is not None:
        yield markdown(told.blocks)
    here = step.statement.whole
    for finding in analysis.by_path.get(step.migration.path, ()):
        if finding.step is not None and finding.span is not None and finding.span.meets(here):
            yield from _finding(analysis, finding)


def _finding(analysis: Analysis, finding: Finding) -> Iterator[str]:
    yield f"### {finding.severity}: {finding.rule}"
    yield "\n".join(prose(f"{finding.message}\n{finding.help}")).strip()
    fixes = [inline(fix.title) for fix in cures(analysis, finding)]
    if fixes:
        yield "In the editor's menu at this statement:\n\n" + "\n".join(f"- {title}" for title in fixes)
