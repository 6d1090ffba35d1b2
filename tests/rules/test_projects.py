"""What is found in migrations that drizzle-kit itself wrote: each of them taken as the only pending one.

`projects.txt` has the answer for every migration, gone through by hand; a line without findings says that silence is
right. To see what changed, run `pytest tests/rules/test_projects.py`; to accept it, write the answer there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.recorded import analyses, folders, project_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.finding import Finding

TESTS = Path(__file__).resolve().parents[1]
EXPECTED = TESTS / "rules" / "projects.txt"
EVERYWHERE = "lock-timeout-missing"
"""Written as `+timeout`: nearly every migration of an existing table has it."""


def expected() -> dict[str, list[str]]:
    """The lines of the answer by project."""
    found: dict[str, list[str]] = {}
    lines = (line for line in EXPECTED.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    for line in lines:
        if line.startswith(" "):
            found[name].append(line.strip())  # noqa: F821 - the first line is a project
        else:
            name = line
            found[name] = []
    return found


def told(folder: str) -> Iterator[str]:
    yield from (problem.rule for problem in project_in(folder).problems)
    for analysis in analyses(folder):
        migration = analysis.project.migrations[-1]
        findings = analysis.by_path.get(migration.path, [])
        yield " ".join([f"{migration.tag}:", *_words(findings, migration.document.lines)]).rstrip(":")


def _words(findings: list[Finding], lines) -> Iterator[str]:
    for finding in findings:
        if finding.rule != EVERYWHERE:
            yield f"{lines.position(finding.span.start)[0] + 1} {finding.severity} {finding.rule};"
    if any(finding.rule == EVERYWHERE for finding in findings):
        yield "+timeout"


@pytest.mark.parametrize("folder", folders())
def test_findings(folder):
    assert list(told(folder)) == expected()[folder]


def test_every_project_has_its_answer():
    assert sorted(expected()) == folders()
