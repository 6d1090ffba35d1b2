"""All that drizzle-kit has written: every action has its row on every version, and nothing of it is unknown."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from raincheck.catalog.evolve import evolve
from raincheck.catalog.schema import EMPTY, Schema
from raincheck.locks.effects import effects
from raincheck.locks.row import NEWEST, OLDEST
from raincheck.sql.document import read

PROJECTS = Path(__file__).resolve().parents[1] / "projects"


def root_of(file: Path) -> Path:
    """The folder of migrations a file belongs to: above the folders of the 1.0 layout."""
    return file.parent.parent if file.name == "migration.sql" else file.parent


FILES = sorted(PROJECTS.rglob("*.sql"))
HISTORIES = {str(root.relative_to(PROJECTS)): list(files) for root, files in groupby(FILES, root_of)}


def unknown(files: list[Path]) -> set[str]:
    found: set[str] = set()
    schema = EMPTY
    for file in files:
        for statement in read(file.read_text(encoding="utf-8")).statements:
            for action in statement.actions:
                for version in range(OLDEST, NEWEST + 1):
                    found.update(effects(action, schema, version).unknown)
            for action in statement.actions:
                schema = evolve(schema, action, statement.text)
    return found


@pytest.mark.parametrize("history", HISTORIES)
def test_nothing_is_unknown(history: str) -> None:
    assert unknown(HISTORIES[history]) == set()


def test_nothing_is_raised_where_nothing_is_known() -> None:
    for file in FILES:
        for statement in read(file.read_text(encoding="utf-8")).statements:
            for action in statement.actions:
                for version in range(OLDEST, NEWEST + 1):
                    done = effects(action, Schema(), version)
                    assert all(effect.relation.name for effect in done.locks)
