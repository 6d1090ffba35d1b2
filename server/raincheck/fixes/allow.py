"""Allowing a finding where it stands; the reason is left for the user to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.allowances import PLACEHOLDER
from raincheck.engine.finding import Fix
from raincheck.fixes.writing import line_end
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding
    from raincheck.project.project import Migration


def allow(analysis: Analysis, finding: Finding) -> Iterator[Fix]:
    """A comment before the statement, or at the top of a file that the finding is about.

    For an applied migration, whose text must not change, a line of settings.
    """
    migration = analysis.project.at(finding.path) if finding.path else None
    if migration is None:
        return
    title = f"Allow {finding.rule} here, because ..."
    if not migration.pending:
        yield _in_settings(analysis, migration, finding.rule, title)
    elif finding.step is not None or finding.span is None or finding.span.end == 0:
        at = 0 if finding.step is None else analysis.place(finding.step)[1].start
        comment = (
            f"-- raincheck: allow {finding.rule} because {PLACEHOLDER}{line_end(migration.document.text)}"
        )
        yield Fix(title, "manual", {migration.path: (Edit(Span(at, at), comment),)})


def _in_settings(analysis: Analysis, migration: Migration, rule: str, title: str) -> Fix:
    path, text = analysis.project.settings_path, analysis.project.settings_text
    entry = "".join(
        f"{key} = {_toml(value)}\n"
        for key, value in (("migration", migration.tag), ("rule", rule), ("reason", PLACEHOLDER))
    )
    if text is None:
        return Fix(title, "manual", creates={path: f"[[allow]]\n{entry}"})
    gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
    end_of_line = line_end(text)
    addition = f"{gap}[[allow]]\n{entry}".replace("\n", end_of_line)
    return Fix(title, "manual", {path: (Edit(Span(len(text), len(text)), addition),)})


def _toml(value: str) -> str:
    """A basic string of TOML."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
