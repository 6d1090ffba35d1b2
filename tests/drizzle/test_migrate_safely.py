"""The script of the recipe "migrate-safely", taken from its page, with the real drizzle-orm on a real server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from contextlib import contextmanager
from queue import Queue
from typing import TYPE_CHECKING

import psycopg
import pytest

from support import recipes
from support.drizzle import HERE

if TYPE_CHECKING:
    from pathlib import Path

ONE_POSTGRES = True
WAITING = 60
"""Seconds until a script that says nothing fails the test."""
(SCRIPT,) = (fence for fence in recipes.fences("migrate-safely") if fence.title == "scripts/migrate.mjs")
(KIT,) = (fence for fence in recipes.fences("migrate-safely") if fence.title == "drizzle-kit")
MIGRATIONS = [fence for fence in recipes.fences("migrate-safely") if fence.migration]


@pytest.fixture(params=["v0", "v1"], scope="module")
def project(request, tmp_path_factory):
    """The page's project, with its script."""
    root = tmp_path_factory.mktemp("safely") / "project"
    recipes.build("migrate-safely", request.param, root)
    (root / "scripts").mkdir()
    (root / SCRIPT.title).write_text(SCRIPT.text)
    return root


class Script:
    """A run of the script, whose lines can be waited for; `ends` must be called."""

    def __init__(self, root: Path, dsn: str, **environment: str) -> None:
        self._process = subprocess.Popen(
            ["node", SCRIPT.title],
            cwd=root,
            env={**os.environ, "DATABASE_URL": dsn, "LOCK_TIMEOUT": "200ms", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        with self._process.stdout as said:
            for line in said:
                self._lines.put(line.rstrip("\n"))

    def says(self, words: str) -> None:
        """Wait for a line with these words."""
        while words not in self._lines.get(timeout=WAITING):
            pass

    def ends(self) -> tuple[int, str]:
        code = self._process.wait(WAITING)
        self._reader.join()
        return code, "\n".join(self._lines.queue)


@contextmanager
def in_use(dsn):
    """Somebody has a table open in a transaction that does not end; yields what ends it."""
    with psycopg.connect(dsn) as other:
        other.execute("SELECT FROM users")
        yield other.commit


def applied(dsn):
    with psycopg.connect(dsn) as conn:
        return conn.execute("SELECT count(*) FROM drizzle.__drizzle_migrations").fetchone()[0]


@pytest.fixture
def first_applied(project, database, tmp_path):
    """A database that has the first migration; the project's second is pending."""
    here = recipes.upto(project, 1, tmp_path / "first")
    assert Script(here, database).ends() == (0, "All migrations are applied.")
    assert applied(database) == 1
    return database


def test_it_applies_what_is_pending_once(project, first_applied):
    for _ in range(2):
        assert Script(project, first_applied).ends() == (0, "All migrations are applied.")
        assert applied(first_applied) == 2


def test_it_tries_again_until_it_gets_the_lock(project, first_applied):
    with in_use(first_applied) as let_go:
        script = Script(project, first_applied)
        script.says("canceling statement due to lock timeout (55P03): trying again, 9 left.")
        assert applied(first_applied) == 1
        let_go()
        code, said = script.ends()
    assert code == 0, said
    assert applied(first_applied) == 2


def test_it_gives_up_and_changes_nothing(project, first_applied):
    with in_use(first_applied):
        code, said = Script(project, first_applied, TRIES="2").ends()
    assert code == 1
    assert said.count("trying again, 1 left.") == 1
    assert said.endswith("canceling statement due to lock timeout (55P03)")
    assert applied(first_applied) == 1


def test_what_no_second_try_mends_is_not_tried_again(project, first_applied):
    with psycopg.connect(first_applied) as conn:
        conn.execute("ALTER TABLE users ADD COLUMN nick integer")
    code, said = Script(project, first_applied).ends()
    assert code == 1
    assert "trying again" not in said
    assert said.endswith('column "nick" of relation "users" already exists (42701)')


def test_two_of_them_run_one_after_the_other(project, first_applied):
    with in_use(first_applied) as let_go:
        script = Script(project, first_applied)
        script.says("trying again")
        other = Script(project, first_applied)
        other.says("Another migrator is at work: waiting for it.")
        let_go()
        assert script.ends()[0] == other.ends()[0] == 0
    assert applied(first_applied) == 2


def test_a_server_that_is_gone_is_said(project, database):
    code, said = Script(project, re.sub("host=.*", "host=/nowhere", database)).ends()
    assert code == 1
    assert "ENOENT" in said or "ECONNREFUSED" in said


def test_the_limits_reach_drizzle_kit_from_outside(project, first_applied, tmp_path):
    here = shutil.copytree(project, tmp_path / "project", symlinks=True)
    (here / "drizzle.config.ts").write_text(
        'export default { dialect: "postgresql", out: "./drizzle", schema: "./schema.ts", '
        f'dbCredentials: {{ url: "{first_applied}" }} }};'
    )
    kit = HERE / ("v0" if (here / "drizzle" / "meta").exists() else "v1") / "node_modules" / ".bin"
    line = KIT.text.replace("lock_timeout=2s", "lock_timeout=200ms")
    with in_use(first_applied):
        done = subprocess.run(
            line,
            shell=True,
            cwd=here,
            env={**os.environ, "PATH": f"{kit}{os.pathsep}{os.environ['PATH']}"},
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=WAITING,
        )
    assert done.returncode == 1  # drizzle-kit 0.31 does not say why; without a limit it would wait
    assert applied(first_applied) == 1
