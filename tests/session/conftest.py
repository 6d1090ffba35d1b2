"""Real git repositories, each in a folder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.git_repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

CLEAN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")


@pytest.fixture
def no_user_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the machine's own git configuration, and a hook that the tests may run in, out of the tests."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    for name in CLEAN:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def repository(tmp_path: Path, no_user_configuration: None) -> Repository:
    """A repository without a remote, on the branch main, with two migrations committed."""
    path = tmp_path / "repo"
    path.mkdir()
    repository = Repository.new(path)
    repository.commit("drizzle/0000_a.sql", "drizzle/0001_b.sql", "drizzle/meta/_journal.json")
    return repository


@pytest.fixture
def clone(repository: Repository, tmp_path: Path) -> Repository:
    """A clone of it."""
    repository.git("clone", "--quiet", str(repository.path), str(tmp_path / "clone"))
    return Repository(tmp_path / "clone")
