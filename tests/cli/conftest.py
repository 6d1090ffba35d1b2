from __future__ import annotations

import gc
from typing import TYPE_CHECKING, NamedTuple

import pytest

from support.changes import TABLES
from support.projects import journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

INDEX = 'CREATE INDEX "i" ON "users" ("name");\n'


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _collecting() -> Iterator[None]:
    """Commands turn garbage collection off, as nothing runs after them; here something does."""
    yield
    gc.enable()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without git, in which the test stands: two tables, then an index."""
    folder = tmp_path / "app" / "drizzle"
    (folder / "meta").mkdir(parents=True)
    texts = {"0000_init": TABLES, "0001_index": INDEX}
    for tag, text in texts.items():
        (folder / f"{tag}.sql").write_text(text)
    (folder / "meta" / "_journal.json").write_text(journal(list(texts)))
    monkeypatch.chdir(tmp_path / "app")
    monkeypatch.delenv("RAINCHECK_DEBUG", raising=False)
    return tmp_path / "app"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run a command in this process."""
    from raincheck.cli.main import run as run_command

    def ran(*arguments: str) -> Outcome:
        code = run_command(arguments)
        return Outcome(code, *capsys.readouterr())

    return ran
