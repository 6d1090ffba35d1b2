"""What is found in migrations that drizzle-kit itself wrote: each of them taken as the only pending one.

`projects.txt` has the answer for every migration, gone through by hand; a line without findings says that silence is
right. To see what changed, run `pytest tests/rules/test_projects.py`; to accept it, write the answer there.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from raincheck.engine.analysis import analyse
from raincheck.engine.settings import Settings
from raincheck.project.discover import discover
from raincheck.project.project import State
from raincheck.rules import ALL
from raincheck.session.files import DiskFiles
from raincheck.session.pulled import with_pulled_baseline
from raincheck.session.recorded import with_recorded
from raincheck.sql.document import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.finding import Finding
    from raincheck.project.project import Project

TESTS = Path(__file__).resolve().parents[1]
PROJECTS = TESTS / "projects"
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


def folders() -> list[str]:
    """Every migrations folder below the projects."""
    journals = {path.parent.parent for path in PROJECTS.rglob("meta/_journal.json")}
    named = {path.parent.parent for path in PROJECTS.rglob("migration.sql")}
    return sorted(path.relative_to(PROJECTS).as_posix() for path in journals | named)


def told(folder: str) -> Iterator[str]:
    files = DiskFiles({})
    found = discover(files, (PROJECTS / folder).as_posix(), read)
    here = (one for one in found.projects if (PROJECTS / folder).samefile(Path(one.root, one.out)))
    for project in (with_pulled_baseline(one, files) for one in here):
        yield from (f"{problem.rule}" for problem in project.problems)
        for number, migration in enumerate(project.migrations):
            only = with_recorded(_only(project, number), files)
            findings = analyse(only, Settings(), ALL).by_path.get(migration.path, [])
            yield " ".join([f"{migration.tag}:", *_words(findings, migration.document.lines)]).rstrip(":")


def _only(project: Project, number: int) -> Project:
    """The project with everything before one migration applied, that one pending, and nothing behind it."""
    applied = [replace(migration, state=State.APPLIED) for migration in project.migrations[:number]]
    pending = replace(project.migrations[number], state=State.PENDING)
    return replace(project, migrations=(*applied, pending), pending_from="since", problems=())


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
