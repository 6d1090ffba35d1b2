"""Every fix for what drizzle-kit wrote keeps its promises, also where later migrations of the project are pending too."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from raincheck.session.pending import Selection
from raincheck.session.session import Options, Session
from support.pages import cures, hold

if TYPE_CHECKING:
    from raincheck.engine.analysis import Analysis

PROJECTS = Path(__file__).resolve().parents[1] / "projects"
FOLDERS = [
    "chain-v0",
    "chain-v1",
    "old-kits/k0.28.1",
    *(
        path.relative_to(PROJECTS).as_posix()
        for path in sorted(PROJECTS.glob("variants/*/*"))
        if path.is_dir()
    ),
]
"""Each with one migrations folder."""


def analysis(root: Path, since: str | None) -> Analysis:
    (found,) = Session(str(root), Options(Selection(everything=since is None, since=since))).analyses()
    return found


def test_there_is_something_to_cure():
    assert len(FOLDERS) > 60


@pytest.mark.parametrize("folder", FOLDERS)
def test_fixes(folder, tmp_path):
    root = tmp_path / "original"
    shutil.copytree(PROJECTS / folder, root)
    tags = [migration.tag for migration in analysis(root, None).project.migrations]
    for number, tag in enumerate(tags):
        since = tags[number - 1] if number else None
        before = analysis(root, since)
        path = before.project.migrations[number].path
        for index, finding in enumerate(before.by_path.get(path, ())):
            for fix in cures(before, finding):
                result = tmp_path / f"{number}-{index}"
                hold(
                    f"{folder} {tag}",
                    result,
                    lambda at, since=since: analysis(at, since),
                    before,
                    finding,
                    fix,
                )
                shutil.rmtree(result)
