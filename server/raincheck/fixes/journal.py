"""Mending `meta/_journal.json`: a later `when`, an entry less, both sides of a merge in the order that runs both."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from raincheck.engine.finding import Fix
from raincheck.fixes.writing import line_end
from raincheck.project.conflicts import sides
from raincheck.project.journal import read_journal
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.project.journal import Entry
    from raincheck.project.project import Project

_WHEN = re.compile(r'("when"\s*:\s*)(-?[\d.eE+]+)')
_DEFAULT_BRANCHES = {"main", "master"}


def entry_at(project: Project, span: Span | None) -> tuple[Entry, ...]:
    """The journal's entries up to and with the one at a place of its text; none where no entry stands there."""
    journal = read_journal(project.journal_path, project.journal_text or "")
    place = next((n for n, entry in enumerate(journal.entries) if entry.span == span), -1)
    return journal.entries[: place + 1]


def later(project: Project, entry: Entry) -> Fix | None:
    """Give an entry a `when` above all others, and the last place, so that every database runs it."""
    text = project.journal_text or ""
    entries = read_journal(project.journal_path, text).entries
    written = entry.span.within(text)
    newest = max((other.when for other in entries if other.when is not None), default=0)
    retimed, found = _WHEN.subn(rf"\g<1>{newest + 1}", written)
    if not found:
        return None
    title = f"Give {entry.tag} a `when` above the newest, so that it runs"
    if entry.span == entries[-1].span:
        return Fix(title, "exact", {project.journal_path: (Edit(entry.span, retimed),)}, preferred=True)
    # Where drizzle-kit counts on from the last entry's idx, that must stay the highest.
    highest = max((other.idx for other in entries if other.idx is not None), default=len(entries))
    moved = re.sub(r'("idx"\s*:\s*)\d+', rf"\g<1>{highest + 1}", retimed)
    last = Span(entries[-1].span.end, entries[-1].span.end)
    indent = text[text.rfind("\n", 0, entry.span.start) + 1 : entry.span.start]
    gap = line_end(text) + indent if not indent.strip() else " "
    edits = (_removal(text, entry), Edit(last, f",{gap}{moved}"))
    return Fix(title, "exact", {project.journal_path: edits}, preferred=True)


def without(project: Project, entry: Entry) -> Fix:
    """Take an entry out."""
    edit = _removal(project.journal_text or "", entry)
    return Fix(
        f"Delete this second entry of {entry.tag}", "exact", {project.journal_path: (edit,)}, preferred=True
    )


def _removal(text: str, entry: Entry) -> Edit:
    """The entry with the comma and the white space before it; the first one with those behind it."""
    before = re.search(r",\s*$", text[: entry.span.start])
    if before:
        return Edit(Span(before.start(), entry.span.end), "")
    behind = re.match(r"\s*,\s*", text[entry.span.end :])
    return Edit(Span(entry.span.start, entry.span.end + (behind.end() if behind else 0)), "")


def merged(project: Project) -> Iterator[Fix]:
    """Both sides of a merge: the deployed side's entries first, the other's behind them, each `when` above the last.

    Which side is deployed is told by git's labels: the one named like the default branch; else the one that was
    checked out, onto which the other was put (so it is in a rebase).
    """
    text = project.journal_text or ""
    found = sides(text)
    ours, theirs = (_decoded(side) for side in (found.ours, found.theirs)) if found else (None, None)
    if found is None or ours is None or theirs is None:
        return
    base = project.deployed.split(" ")[0]
    names = {name for branch in {*_DEFAULT_BRANCHES, base} for name in (branch, f"origin/{branch}")}
    first = theirs if found.theirs_label in names else ours
    for deployed, other, label in (
        (ours, theirs, found.theirs_label or "theirs"),
        (theirs, ours, found.ours_label or "ours"),
    ):
        value = _in_order(deployed, other)
        if value is not None:
            written = json.dumps(value, indent=2, ensure_ascii=False).replace("\n", line_end(text))
            edit = Edit(Span(0, len(text)), written + ("\n" if text.endswith("\n") else ""))
            title = f"Keep both sides; what {label} added runs last"
            yield Fix(title, "exact", {project.journal_path: (edit,)}, preferred=deployed is first)


def _decoded(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    entries = value.get("entries") if isinstance(value, dict) else None
    whole = isinstance(entries, list) and all(
        isinstance(entry, dict) and isinstance(entry.get("tag"), str) and isinstance(entry.get("when"), int)
        for entry in entries
    )
    return value if whole else None


def _in_order(deployed: dict[str, Any], other: dict[str, Any]) -> dict[str, Any] | None:
    """The journal with the other side's new entries behind the deployed ones; None where one tag is two migrations."""
    entries = list(deployed["entries"])
    known = {entry["tag"]: entry for entry in entries}
    for entry in other["entries"]:
        if entry["tag"] in known:
            if entry["when"] != known[entry["tag"]]["when"]:
                return None
            continue
        newest = max((one["when"] for one in entries), default=0)
        idx = max((one["idx"] for one in entries if isinstance(one.get("idx"), int)), default=-1) + 1
        entries.append({**entry, "idx": idx, "when": max(entry["when"], newest + 1)})
    return {**deployed, "entries": entries}
