"""A check of many projects says what one analysis after the other says, and the cache knows all that it depends on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path

import pytest

from raincheck.engine.finding import Severity
from raincheck.report.formats import FORMATS, render
from raincheck.report.style import Style
from raincheck.session import portions
from raincheck.session.cache import Cache
from raincheck.session.files import DigestedFiles
from raincheck.session.found import Options, find, unread
from raincheck.session.pending import Selection
from raincheck.session.portions import Wish, check
from raincheck.session.session import Session
from raincheck.sql.document import Document
from support.changes import TABLES
from support.git_repository import Repository
from support.projects import journal

PROJECTS = Path(__file__).parents[1] / "projects"
FAILS = (Severity.DANGER, Severity.RISK)
WISH = Wish(tuple((form, Style(start=str(PROJECTS))) for form in FORMATS), FAILS)
SAID = {
    "raincheck.toml": 'timezone = "UTC"\n[rules]\ntable-dropped = "note"\n[tables]\nusers = "large"\n'
    '[[overrides]]\nfiles = ["drizzle/0000*"]\nrules = { index-blocks-writes = "off" }\n'
    '[[allow]]\nmigration = "0001_index"\nrule = "index-blocks-writes"\nreason = "small"\nexpires = 2026-11-30\n',
    "raincheck.stats.json": '{"schema": 1, "taken_at": "2026-11-01", "postgres": "16.2", "relations": [{"schema": '
    '"public", "name": "users", "rows": 7, "heap_bytes": 1, "index_bytes": 1, "total_bytes": 2}]}',
    "raincheck.baseline.json": '{"schema": 1, "findings": [{"path": "drizzle/0001_index.sql", "rule": "a", '
    '"fingerprint": "b", "count": 1, "statement": ""}]}',
    "drizzle/raincheck.sum": f"{'0' * 16} {'0' * 64} 0000_init\n",
    "drizzle/meta/0000_snapshot.json": '{"id": "a", "prevId": "0", "version": "7", "dialect": "postgresql"}',
}


def untold(*_: int) -> None:
    """Nobody looks at the progress."""


@pytest.fixture
def app(tmp_path) -> Path:
    """A project that has everything that can be said of one, and whose first migration was edited."""
    root = tmp_path / "app"
    (root / "drizzle" / "meta").mkdir(parents=True)
    texts = {"0000_init": TABLES, "0001_index": 'CREATE INDEX "i" ON "users" ("name");\n'}
    files = {f"drizzle/{tag}.sql": text for tag, text in texts.items()} | SAID
    for path, text in files.items():
        (root / path).write_text(text)
    (root / "drizzle" / "meta" / "_journal.json").write_text(journal(list(texts)))
    return root


@pytest.mark.parametrize("folder", ["chain-v0", "chain-v1", "config-variants"])
def test_recorded_projects_are_told_as_by_one_session(folder, tmp_path):
    start, options = str(PROJECTS / folder), Options(Selection(everything=True))
    session = Session(start, options)
    found = session.analyses()
    notes = [f"{one.path}: {one.message} {one.help}".strip() for one in session.problems]
    for cache in (None, Cache(tmp_path), Cache(tmp_path)):
        told = check(start, options, WISH, cache, untold)
        for (form, style), report in zip(WISH.forms, told.reports, strict=True):
            assert report == render(form, found, notes, style, FAILS), form
        assert told.severities == {finding.severity.value for one in found for finding in one.findings}


def test_what_git_tells_is_told_as_by_one_session_and_kept_for_its_next_commit(
    app, tmp_path, monkeypatch, no_user_configuration
):
    """The report names the commit; all else of it is what it was."""
    (app / "drizzle" / "raincheck.sum").unlink()
    repository, asked = Repository.new(app), []
    commits = [repository.commit(), repository.commit("README.md")]
    repository.git("checkout", "-q", "-b", "feature")
    (app / "drizzle" / "0000_init.sql").write_text(TABLES + "SELECT 1;\n")
    (app / "drizzle" / "0001_index.sql").unlink()
    one = portions._one
    monkeypatch.setattr(portions, "_one", lambda found, wish: asked.append(found) or one(found, wish))
    for commit in commits:
        repository.git("update-ref", "refs/heads/main", commit)
        told = check(str(app), Options(), WISH, Cache(tmp_path / "cache"), untold)
        found = Session(str(app)).analyses()
        for (form, style), report in zip(WISH.forms, told.reports, strict=True):
            assert report == render(form, found, (), style, FAILS), form
            assert commit[:7] in report
    assert len(asked) == 1


def test_a_key_is_made_of_all_that_was_found_out(app):
    """Of values that are written whole, and in the same order each time."""
    ((found,), _) = find(DigestedFiles(), str(app), Options(), unread)
    settings = found.settings
    assert all((settings.rules, settings.overrides, settings.allow, settings.tables, settings.known))
    assert settings.sizes.measured
    assert found.project.problems
    assert any(one.baselines for one in found.project.migrations)
    check_written((found.project, settings, WISH))


def check_written(value: object) -> None:
    if is_dataclass(value):
        assert type(value).__repr__.__qualname__ == f"{type(value).__qualname__}.__repr__"
        assert all(field.repr for field in fields(value)), value
        inside = [getattr(value, field.name) for field in fields(value)]
    elif isinstance(value, dict):
        inside = [*value, *value.values()]
    elif isinstance(value, tuple | list):
        inside = list(value)
    else:
        assert value is None or isinstance(value, str | int | float | date | Enum), value
        return
    for each in inside:
        if not isinstance(each, Document):
            check_written(each)


def test_what_changes_while_it_is_checked_is_not_kept(app, tmp_path, monkeypatch):
    """The snapshot that was read for the report is not the one of the key."""
    snapshot = app / "drizzle" / "meta" / "0000_snapshot.json"
    before, one = snapshot.read_text(), portions._one

    def late(found, wish):
        snapshot.write_text(before.replace('"a"', '"c"'))
        return one(found, wish)

    monkeypatch.setattr(portions, "_one", late)
    (app / "drizzle" / "0000_init.sql").write_text("")
    check(str(app), Options(), WISH, Cache(tmp_path / "cache"), untold)
    assert not list(tmp_path.glob("cache/*"))
    monkeypatch.setattr(portions, "_one", one)
    check(str(app), Options(), WISH, Cache(tmp_path / "cache"), untold)
    assert len(list(tmp_path.glob("cache/*"))) == 1


def test_pieces_that_fit_alone_but_not_together_are_made_anew(app, tmp_path):
    shutil.copytree(app, tmp_path / "other")
    cache, wish = Cache(tmp_path / "cache"), Wish((("github", Style()),), FAILS)
    told = check(str(tmp_path), Options(), wish, cache, untold)
    first, _ = paths = sorted((tmp_path / "cache").iterdir())
    for path in paths:
        kept = json.loads(cache.load(path.stem) or "")
        rank = "high" if path == first else 1
        cache.store(path.stem, json.dumps(kept | {"pieces": [[[rank, "::error::lies"]]]}))
    assert check(str(tmp_path), Options(), wish, cache, untold) == told


def test_runs_at_once_share_a_cache(app, tmp_path, monkeypatch):
    """Each in a process with other hashes of texts; the last one finds what the others have kept."""
    command = (
        sys.executable,
        "-c",
        "from raincheck.cli.main import main; main()",
        "check",
        str(app),
        "--all",
    )
    cache = tmp_path / "cache"

    def start(seed: int) -> subprocess.Popen[bytes]:
        more = {"PYTHONHASHSEED": str(seed), "RAINCHECK_CACHE_DIR": str(cache)}
        return subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | more)

    said = [run.communicate()[0] for run in [start(1), start(2)]]
    (kept,) = cache.iterdir()
    lie = Cache(cache).load(kept.stem).replace("index-blocks-writes", "INDEX-BLOCKS-WRITES")
    Cache(cache).store(kept.stem, lie)
    said.append(start(3).communicate()[0].replace(b"INDEX-BLOCKS-WRITES", b"index-blocks-writes"))
    assert said[0] == said[1] == said[2] != b""
