"""A review for a terminal: the same parts in the same order, nothing folded."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from raincheck.engine.finding import Severity
from raincheck.plan.review import Verdict
from raincheck.report import reviewed
from raincheck.report.blocks import columns
from raincheck.report.offers import cures
from raincheck.report.rollback import GRADES
from raincheck.report.rollback import render as rollback_sql
from raincheck.report.style import hanging, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.plan.review import Line, Review
    from raincheck.report.style import Style

_COLOURS = {Verdict.SAFE: "green", Verdict.NEEDS_CHANGES: "yellow", Verdict.BLOCKED: "red"}
_SEVERITIES = {Severity.DANGER: "red", Severity.RISK: "yellow", Severity.NOTE: "blue"}


def review_text(review: Review, style: Style) -> str:
    """The review as text, with a line end behind it."""
    parts = [
        _title(review, style),
        _statements(review, style),
        _held(review, style),
        _required(review, style),
    ]
    if review.lines:
        parts += [_rollback(review, style), _verification(review, style)]
    blocks = ["\n".join(part) for part in parts]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _title(review: Review, style: Style) -> Iterator[str]:
    yield style.paint(f"Migration Safety Review: {review.name}", "bold")
    yield from paragraphs(reviewed.told_by(review), style.width)
    yield ""
    yield f"Verdict: {style.paint(review.verdict, 'bold', _COLOURS[review.verdict])}"
    yield from paragraphs(reviewed.opening(review), style.width)


def _statements(review: Review, style: Style) -> Iterator[str]:
    """A block a statement: six columns with SQL in them fit on no terminal."""
    for path, lines in groupby(review.lines, key=lambda line: line.step.migration.path):
        yield style.paint(path, "bold")
        for line in lines:
            yield from _statement(line, style)


def _statement(line: Line, style: Style) -> Iterator[str]:
    severity = line.severity
    word = reviewed.risk(line)
    shown = word if severity is None else style.paint(word, _SEVERITIES[severity])
    yield f"  {line.number:>2}  {reviewed.sql(line.step)}"
    rows = [["lock", reviewed.locks(line.step)], ["duration", line.lasting.words]]
    rows.append(["reversible", reviewed.undone(line.reversible)])
    yield f"      {'risk':<10}  {shown}"
    yield from (f"      {text}" for text in columns((), rows, style, 6))


def _held(review: Review, style: Style) -> Iterator[str]:
    if review.held:
        yield style.paint("Locks held over the run", "bold")
        for held in review.held:
            yield from hanging("-", reviewed.holding(review, held), style, indent=2, room=2)


def _required(review: Review, style: Style) -> Iterator[str]:
    if review.required:
        yield style.paint("Required actions", "bold")
    for number, finding in enumerate(review.required, 1):
        at = review.number(finding.step)
        place = f"statement {at}" if at is not None else finding.path
        severity = style.paint(finding.severity.value, "bold", _SEVERITIES[finding.severity])
        yield f"  {number:>2}  {severity} {style.paint(finding.rule, 'bold')}  {place}"
        yield from hanging("", finding.message, style, indent=6, room=0)
        fixes = cures(review.analysis, finding)
        if finding.help and not any(fix.preferred for fix in fixes):
            yield from hanging("help", finding.help, style, indent=6)
        for fix in fixes:
            yield from hanging("fix", f"{fix.title} ({reviewed.SAFETY[fix.safety]})", style, indent=6)
        for related in finding.related:
            yield from hanging("see", related.message, style, indent=6)
    if any(cures(review.analysis, finding) for finding in review.required):
        yield style.paint("  `raincheck fix --diff` shows the fixes.", "dim")


def _rollback(review: Review, style: Style) -> Iterator[str]:
    yield style.paint("Rollback SQL", "bold")
    yield f"  It {GRADES[review.rollback.grade]}."
    yield from (f"  {line}".rstrip() for line in rollback_sql(review.rollback).splitlines())


def _verification(review: Review, style: Style) -> Iterator[str]:
    found = review.verification
    yield style.paint("Post-migration verification", "bold")
    yield "  Each line must say true behind the migration; before it, none does."
    yield from (f"  {line}" for line in f"{found.query};".splitlines())
    for look in found.looks:
        yield from hanging("", f"{look.says}:\n{look.query};", style, indent=2, room=0)
    if found.rows:
        yield f"  {reviewed.rows_changed(found)}"
    yield from (f"  $ {script}" for script in found.scripts)
