"""A review as a pull request comment: the verdict and the statements first, how to mend and undo them folded below."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from raincheck.engine.finding import Severity
from raincheck.ide.blocks import Code, Strong, Table, markdown
from raincheck.locks.words import counted
from raincheck.report import reviewed
from raincheck.report.diffs import hunks
from raincheck.report.markdown import fence, folded, indented, inline, prose
from raincheck.report.offers import cures
from raincheck.report.rollback import GRADES
from raincheck.report.rollback import render as rollback_sql
from raincheck.text import apply_edits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Fix
    from raincheck.ide.blocks import Piece
    from raincheck.plan.review import Line, Review
    from raincheck.plan.verification import Verification

MOST_OPEN = 30
"""Statements that are shown before those without a risk are folded."""
LONGEST = 65_000
"""Characters of a comment: GitHub takes 65,536."""

_HEAD = ("#", "SQL", "Risk", "Lock", "Duration", "Reversible")


def review_markdown(review: Review, longest: int = LONGEST) -> str:
    """The review, with a line end behind it. What would make it longer than `longest` characters is named instead."""
    text = _joined([*_first(review), *_required(review), *_folded(review)])
    if len(text) <= longest:
        return text
    text = _joined([*_first(review), *_required(review), _LEFT_OUT])
    return text if len(text) <= longest else _joined([*_title(review), _LEFT_OUT])


_LEFT_OUT = "_The rest is too long for a comment: `raincheck review`, `raincheck rollback` and `raincheck fix --diff` print it._"


def _joined(blocks: list[str]) -> str:
    return "\n\n".join(blocks) + "\n"


def _title(review: Review) -> Iterator[str]:
    yield f"## Migration Safety Review: {inline(review.name)}"
    yield f"**Verdict: {review.verdict}.** {inline(reviewed.opening(review))}"


def _first(review: Review) -> Iterator[str]:
    yield from _title(review)
    if not review.lines:
        return
    yield "### Statements"
    shown = [line for line in review.lines if len(review.lines) <= MOST_OPEN or line.severity is not None]
    yield _table(review, shown) if shown else "Nothing was found in any of them."
    if len(shown) < len(review.lines):
        rest = [line for line in review.lines if line.severity is None]
        yield folded(f"{len(rest)} statements without a finding", _table(review, rest))
    if review.held:
        yield "### Locks held over the run"
        yield "Drizzle runs all pending migrations in one transaction, and a lock stays until its transaction ends."
        yield "\n".join(f"- {inline(reviewed.holding(review, held))}" for held in review.held)


def _table(review: Review, lines: Sequence[Line]) -> str:
    """One table; a row with its tag begins each of several migrations."""
    rows: list[tuple[Piece, ...]] = []
    for tag, of_file in groupby(lines, key=lambda line: line.step.migration.tag):
        if len(review.migrations) > 1:
            rows.append(("", Strong(tag), "", "", "", ""))
        rows += map(_row, of_file)
    return markdown([Table(_HEAD, tuple(rows))])


def _row(line: Line) -> tuple[Piece, ...]:
    statement, undone = Code(reviewed.sql(line.step)), reviewed.undone(line.reversible)
    locks = reviewed.locks(line.step)
    return str(line.number), statement, reviewed.risk(line), locks, line.lasting.words, undone


def _required(review: Review) -> Iterator[str]:
    if not review.required:
        return
    yield "### Required Actions"
    for number, finding in enumerate(review.required, 1):
        yield "\n".join(_action(review, finding, number)).rstrip()


def _action(review: Review, finding: Finding, number: int) -> Iterator[str]:
    """An item of a list: all that belongs to it is indented."""
    at = review.number(finding.step)
    place = (
        f", statement {at}" if at is not None else f", {inline(f'`{finding.path}`')}" if finding.path else ""
    )
    yield f"{number}. **{finding.severity}** `{finding.rule}`{place}: {inline(finding.message)}"
    yield ""
    fixes = cures(review.analysis, finding)
    if finding.help and not any(fix.preferred for fix in fixes):
        yield from prose(finding.help, "   ")
    for fix in fixes:
        body = folded(f"Fix: {fix.title} ({reviewed.SAFETY[fix.safety]})", _changes(review.analysis, fix))
        yield from indented(body, "   ")
        yield ""
    if finding.related:
        told = "\n".join(f"- {inline(related.message)}" for related in finding.related)
        yield from indented(folded("Also here", told), "   ")


def _changes(analysis: Analysis, fix: Fix) -> str:
    """What a fix changes in SQL files, as diffs; of other files their names."""
    texts = {migration.path: migration.document.text for migration in analysis.project.migrations}
    blocks, others = [], []
    for path, edits in fix.edits.items():
        if path in texts:
            blocks += [
                inline(f"`{path}`"),
                fence(hunks(texts[path], apply_edits(texts[path], edits)), "diff"),
            ]
        else:
            others.append(path)
    for path, text in fix.creates.items():
        if path.endswith(".sql"):
            blocks += [inline(f"`{path}`, a new file"), fence(text, "sql")]
        else:
            others.append(path)
    if others:
        blocks.append(inline(f"And what drizzle-kit keeps: {', '.join(f'`{path}`' for path in others)}."))
    return "\n\n".join(blocks)


def _folded(review: Review) -> Iterator[str]:
    if review.lines:
        yield "### Rollback SQL"
        back = rollback_sql(review.rollback)
        yield folded(f"It {GRADES[review.rollback.grade]}", fence(back, "sql"))
        yield "### Post-Migration Verification"
        yield from verified(review.verification)
    notes = [finding for finding in review.findings if finding.severity is Severity.NOTE]
    if notes:
        told = "\n".join(f"- `{finding.rule}`: {inline(finding.message)}" for finding in notes)
        yield folded(f"Good to know: {counted(len(notes), 'note')}", told)
    yield f"<sub>{inline(reviewed.told_by(review))}</sub>"


def verified(found: Verification) -> Iterator[str]:
    """What shows that it worked: the query, what a person compares, the project's own scripts."""
    if found.checks:
        told = "Run it on the database behind the migration: each line must say true. Before it, none does."
        yield folded(
            f"Catalog query with {counted(len(found.checks), 'check')}",
            _joined([told, fence(f"{found.query};", "sql")]),
        )
    for look in found.looks:
        yield folded(look.says[0].upper() + look.says[1:], fence(f"{look.query};", "sql"))
    if found.rows:
        yield reviewed.rows_changed(found)
    if found.scripts:
        yield "\n".join(f"- [ ] {inline(f'`{script}`')}" for script in found.scripts)
