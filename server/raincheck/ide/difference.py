"""What an applied migration was, beside what it is, as a unified diff."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff
from typing import TYPE_CHECKING

from raincheck.project.baseline import contradicting

if TYPE_CHECKING:
    from raincheck.project.project import Migration


@dataclass(frozen=True, slots=True)
class Difference:
    """A text to be shown, under a file name that says what it is."""

    title: str
    name: str
    text: str


def difference(migration: Migration) -> Difference | None:
    """None where the migration is what it was, or only the hash of what it was is known."""
    baseline = contradicting(migration)
    if baseline is None or baseline.text is None:
        return None
    before, after = (text.splitlines(keepends=True) for text in (baseline.text, migration.document.text))
    lines = unified_diff(before, after, baseline.said_by, migration.path)
    ended = (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
    title = f"Show the difference from {baseline.said_by}"
    return Difference(title, f"{migration.tag}.diff", "".join(ended))
