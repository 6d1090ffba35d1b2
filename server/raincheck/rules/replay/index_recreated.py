from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.instead import kept, renamed, swapped, swapping
from raincheck.fixes.writing import in_chunks
from raincheck.rules.allowable import AllowableRunRule
from raincheck.rules.made_again import indexes
from raincheck.rules.outcomes import placed
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Index
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Project
    from raincheck.rules.made_again import Pair


class IndexRecreated(AllowableRunRule):
    """An index is dropped and built again: the same one, or a changed one without the old in its place meanwhile."""

    name = "index-recreated"
    severity = Severity.DANGER
    grows = True

    def check(self, project: Project, timeline: Timeline) -> Iterator[Finding]:  # noqa: ARG002
        for pair in indexes(timeline):
            finding = Finding(self.name, pair.severity, *_said(pair), covers=pair.covers)
            yield placed(finding, pair.dropped, 0)

    def cures(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        for pair in indexes(analysis.timeline):
            if finding.covers == pair.covers:
                yield from _instead(pair)


def _said(pair: Pair[Index]) -> tuple[str, str]:
    old, new = always_quoted(pair.old.name.name), always_quoted(pair.new.name.name)
    if not pair.same:
        return _changed(pair)
    if old != new:
        message = (
            f"This drops {old} and builds the same index anew as {new}, for as long as the table is large. Only the name is "
            "another; drizzle-kit 0.x cannot rename an index."
        )
        return message, f"Rename it, which takes an instant:\n{_rename(pair)}"
    message = (
        f"This drops {old} and builds the very same index again, for as long as the table is large. drizzle-kit 0.x writes it "
        "so where .concurrently() was added to the index or taken away, or a column of it was renamed."
    )
    return message, f"Leave {old} as it is: take both statements out; the snapshot stays right."


def _changed(pair: Pair[Index]) -> tuple[str, str]:
    index, table = always_quoted(pair.old.name.name), quoted_name(pair.old.table)
    held = "the lock of the DROP stays, which blocks reads and writes"
    gap = held if pair.dropped.transaction.open else "queries that need it read all of the table"
    message = f"This drops {index} before its new form is built. While {table} has neither, {gap}."
    chunks = swapping(pair.dropped, pair.added, pair.old)
    return message, f"Build the new one first, under another name:\n{in_chunks(chunks)}" if chunks else ""


def _rename(pair: Pair[Index]) -> str:
    return f"ALTER INDEX {quoted_name(pair.old.name)} RENAME TO {always_quoted(pair.new.name.name)};"


def _instead(pair: Pair[Index]) -> Iterator[Fix]:
    old, new = always_quoted(pair.old.name.name), always_quoted(pair.new.name.name)
    if not pair.same:
        return swapped(pair.dropped, pair.added, pair.old)
    if old != new:
        return renamed(pair.dropped, pair.added, _rename(pair), f"Rename {old} to {new} instead")
    return kept(pair.dropped, pair.added, f"Leave {old} as it is")
