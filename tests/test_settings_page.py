"""docs/settings.md, carried out: its settings are read without a word, its commands print what it shows."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg

from raincheck.engine import durations, sizes
from raincheck.engine.settings_file import File, read_settings
from raincheck.rules import ALL

SOME_POSTGRES = (15,)

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "settings.md").read_text("utf-8")
FENCES = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
PROGRAM = Path(sys.executable).with_name("raincheck")


def plain(text):
    return " ".join(text.split())


def test_it_does_what_it_shows(database, tmp_path):
    folder = tmp_path / "renovation"
    shutil.copytree(ROOT / "examples" / "renovation", folder)
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute('CREATE TABLE "profiles" ("id" uuid)')
    environment = {**os.environ, "DATABASE_URL": database, "COLUMNS": "100", "NO_COLOR": "1"}
    printed = ""
    for kind, text in FENCES:
        if kind == "toml":
            (folder / "raincheck.toml").write_text(text)
        elif kind == "sh":
            for line in text.splitlines():
                done = subprocess.run(
                    [PROGRAM, *shlex.split(line)[1:]],
                    cwd=folder,
                    env=environment,
                    check=False,
                    capture_output=True,
                    text=True,
                )
                assert (done.returncode in {0, 1}, done.stderr) == (True, ""), line
                printed = done.stdout
        else:
            missing = [line for line in text.splitlines() if plain(line) not in plain(printed)]
            assert missing == [], printed


def test_the_settings_that_it_shows_are_read_without_a_word():
    rules = frozenset(rule.name for rule in ALL)
    shown = [text for kind, text in FENCES if kind == "toml"]
    assert [read_settings(text, "raincheck.toml", rules).problems for text in shown] == [()] * len(shown)


def test_every_setting_is_shown():
    shown = "\n".join(text for kind, text in FENCES if kind == "toml")
    for name in File.model_fields:
        assert re.search(rf"^(\[+{name}\]+|{name} =)", shown, re.MULTILINE), name


def test_the_files_that_it_links_to_are_there():
    links = re.findall(r"\]\(([^):#]+)\)", PAGE)
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_the_numbers_that_it_names_are_those_of_the_program():
    assert f"{sizes.SMALL_ROWS:,} rows and {sizes.SMALL_BYTES // 1024**2} MB" in PAGE
    assert f"{sizes.LARGE_ROWS:,} rows or {sizes.LARGE_BYTES // 1024**3} GB" in PAGE
    assert f"{durations.SCANNED // 10**6} MB of heap a second read" in PAGE
    assert f"{durations.INDEXED_ROWS:,} rows a second indexed, {durations.REWRITTEN // 10**6} MB" in PAGE
