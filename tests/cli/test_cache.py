"""What was said before is said again without a look at the SQL, as long as nothing it depends on has changed."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from raincheck.report.formats import FORMATS
from raincheck.session import cache, portions
from raincheck.session.cache import Cache, usual_folder

CHECK = ("check", "--since", "0000_init")
ALLOWED = '[[allow]]\nmigration = "0001_index"\nrule = "index-blocks-writes"\nreason = "small"\nexpires = 2026-11-30\n'


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The cache's folder."""
    monkeypatch.setenv("RAINCHECK_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def analysed(monkeypatch, folder) -> list[str]:
    """The roots of the projects that were analysed, and not answered from the cache."""
    roots: list[str] = []
    analyse = portions.analyse
    monkeypatch.setattr(
        portions, "analyse", lambda project, *more: roots.append(project.root) or analyse(project, *more)
    )
    return roots


@pytest.fixture
def several(project, analysed) -> Path:
    """Three projects in one folder; the test stands in it."""
    root = project.parent / "packages"
    for name in ("api", "jobs", "web"):
        shutil.copytree(project, root / name)
    (root / "jobs" / "drizzle" / "0001_index.sql").write_text('ALTER TABLE "users" ADD COLUMN "ä" text;\n')
    os.chdir(root)
    return root


def everywhere(run, folder: Path, *more: str) -> tuple[int, dict[str, str]]:
    """One run in all forms: its exit code, and what each form says."""
    files = {form: folder / f"report.{form}" for form in FORMATS}
    outputs = [f"--output={form}:{path}" for form, path in files.items()]
    code, out, _ = run(*CHECK, *outputs, *more)
    return code, {"printed": out} | {form: path.read_text() for form, path in files.items()}


def test_a_second_run_says_the_same_in_every_form_without_an_analysis(several, run, tmp_path, analysed):
    cold = everywhere(run, tmp_path)
    assert len(analysed) == 3
    assert everywhere(run, tmp_path) == cold
    assert len(analysed) == 3
    assert everywhere(run, tmp_path, "--no-cache") == cold
    assert len(analysed) == 6
    assert cold[1]["text"].count("risk index-blocks-writes") == 2


def test_processes_say_the_same_as_one(several, run, tmp_path, analysed, monkeypatch):
    alone = everywhere(run, tmp_path, "--no-cache")
    monkeypatch.setattr(portions, "WORTH", 0)
    monkeypatch.setattr(portions, "processors", lambda: 2)
    analysed.clear()
    assert everywhere(run, tmp_path, "--no-cache") == alone
    assert analysed == []  # in this process


@pytest.mark.parametrize("error", [OSError, NotImplementedError])
def test_where_no_process_can_be_started_one_does_it_all(several, run, analysed, monkeypatch, error):
    def refused(*_):
        raise error

    told = run(*CHECK, "--no-cache")
    monkeypatch.setattr(portions, "WORTH", 0)
    monkeypatch.setattr(portions, "processors", lambda: 2)
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", refused)
    analysed.clear()
    assert run(*CHECK, "--no-cache") == told
    assert len(analysed) == 3


def test_only_the_project_that_has_changed_is_analysed_again(several, run, analysed):
    run(*CHECK)
    (several / "web" / "drizzle" / "0001_index.sql").write_text('DROP TABLE "posts";\n')
    analysed.clear()
    assert "web/drizzle/0001_index.sql:1:1" in run(*CHECK).out
    assert analysed == [(several / "web").as_posix()]


CHANGES = {
    "the pending migration": ("drizzle/0001_index.sql", 'DROP TABLE "users";\n'),
    "an applied migration": ("drizzle/0000_init.sql", 'CREATE TABLE "users" ("id" serial, "name" text);\n'),
    "a snapshot": ("drizzle/meta/0001_snapshot.json", '{"id": "b", "prevId": "a", "tables": {}}'),
    "the settings": ("raincheck.toml", '[rules]\nindex-blocks-writes = "danger"\n'),
    "the seal": ("drizzle/raincheck.sum", f"{'0' * 16} {'0' * 64} 0000_init\n"),
    "what was found before": ("raincheck.baseline.json", '{"schema": 1, "findings": []}'),
    "the sizes of tables": ("raincheck.stats.json", "{}"),
    "the configuration": ("drizzle.config.json", '{"dialect": "postgresql", "out": "./drizzle"}'),
    "another file of SQL": ("drizzle/0002_lost.sql", "SELECT 1;\n"),
}


@pytest.mark.parametrize(("path", "text"), CHANGES.values(), ids=CHANGES)
def test_any_file_that_counts_makes_another_answer(project, run, analysed, path, text):
    (project / "drizzle" / "meta" / "0001_snapshot.json").write_text('{"id": "b", "prevId": "a"}')
    run(*CHECK)
    (project / path).write_text(text)
    analysed.clear()
    told = run(*CHECK)
    assert len(analysed) == 1
    assert told == run(*CHECK, "--no-cache")


@pytest.mark.parametrize(
    "other",
    [("--postgres", "12"), ("--format", "json"), ("--fail-on", "danger"), ("--no-baseline",), ("--all",)],
)
def test_another_question_is_not_answered_with_the_same(project, run, analysed, other):
    (project / "raincheck.baseline.json").write_text('{"schema": 1, "findings": []}')
    run(*CHECK)
    analysed.clear()
    run("check", *other) if other == ("--all",) else run(*CHECK, *other)
    assert len(analysed) == 1


def test_only_a_day_on_which_an_allowance_ends_makes_another_answer(project, run, analysed, monkeypatch):
    (project / "raincheck.toml").write_text(ALLOWED)
    told = {}
    for day in (20, 30, 1):
        monkeypatch.setattr(
            "raincheck.session.beside.today", lambda day=day: date(2026, 12 if day == 1 else 11, day)
        )
        told[day] = run(*CHECK).out
    assert told[20] == told[30]
    assert "allowance-expired" in told[1]
    assert len(analysed) == 2


def test_another_program_does_not_believe_it(project, run, analysed, monkeypatch):
    run(*CHECK)
    monkeypatch.setattr(cache, "_program", lambda: "another")
    run(*CHECK)
    assert len(analysed) == 2


def signed(key: str, text: str) -> str:
    """An entry as somebody would write it who knows how."""
    return sha256(f"{key}\n{text}".encode()).hexdigest() + "\n" + text


BROKEN = {
    "empty": lambda key, text: "",
    "cut off": lambda key, text: text[: len(text) // 2],
    "changed": lambda key, text: text.replace("risk", "note"),
    "another's": lambda key, text: signed("0" * 64, text.partition("\n")[2]),
    "not UTF-8": lambda key, text: b"\xff\xfe\x00",
    "no JSON": lambda key, text: signed(key, "{"),
    "nested too deep": lambda key, text: signed(key, "[" * 100_000),
    "another shape": lambda key, text: signed(key, '{"severities": [], "pieces": [[]]}'),
    "fewer forms": lambda key, text: signed(key, '{"severities": [], "pieces": []}'),
    "wrong types": lambda key, text: signed(key, json.dumps({"severities": 1, "pieces": [{"lines": [1]}]})),
}


@pytest.mark.parametrize("damage", BROKEN.values(), ids=BROKEN)
def test_a_broken_entry_is_made_anew(project, run, folder, analysed, damage):
    told = run(*CHECK)
    (path,) = folder.glob("*.json")
    whole = path.read_text()
    broken = damage(path.stem, whole)
    path.write_bytes(broken if isinstance(broken, bytes) else broken.encode())
    assert run(*CHECK) == told
    assert len(analysed) == 2
    assert path.read_text() == whole


def test_a_folder_in_the_place_of_an_entry_is_no_entry(project, run, folder, analysed):
    told = run(*CHECK)
    (path,) = folder.glob("*.json")
    path.unlink()
    path.mkdir()
    assert run(*CHECK) == told


def test_where_nothing_can_be_written_all_is_as_without(project, run, tmp_path, analysed):
    (tmp_path / "file").write_text("")
    told = run(*CHECK, "--cache-dir", str(tmp_path / "file" / "cache"))
    assert told == run(*CHECK, "--no-cache")
    assert told.err == ""


def test_without_a_cache_nothing_is_written(project, run, folder):
    run(*CHECK, "--no-cache")
    assert not folder.exists()


def test_what_was_not_used_for_longest_goes_first_and_nothing_else(tmp_path, monkeypatch):
    kept, names = Cache(tmp_path), [letter * 64 for letter in "abc"]
    (tmp_path / "package.json").write_text("x" * 1000)
    for number, name in enumerate(names):
        kept.store(name, "x" * 100)
        os.utime(tmp_path / f"{name}.json", (number, number))
    assert kept.load(names[0])
    monkeypatch.setattr(cache, "MOST_BYTES", 400)
    kept.prune()
    assert {path.stem for path in tmp_path.iterdir()} == {names[0], names[2], "package"}


def test_runs_at_once_never_see_half_an_entry(tmp_path):
    kept = Cache(tmp_path)
    text = "ä" * 20_000
    kept.store("a", text)

    def use(number: int) -> str | None:
        if number % 4 == 0:
            kept.store("a", text)
        return kept.load("a")

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(use, range(60))) == {text}
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, "/home/u/.cache/raincheck"),
        ("linux", {"XDG_CACHE_HOME": "/caches"}, "/caches/raincheck"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, "/home/u/.cache/raincheck"),
        ("darwin", {}, "/home/u/Library/Caches/raincheck"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/raincheck/cache"),
    ],
)
def test_the_usual_folder_is_where_a_system_has_caches(platform, environment, expected, monkeypatch):
    monkeypatch.setattr("sys.platform", platform)
    assert usual_folder(environment, Path("/home/u")) == Path(expected)


def test_progress_is_for_terminals_and_leaves_nothing(several, run, monkeypatch):
    assert run(*CHECK).err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    err = run(*CHECK, "--no-cache").err
    assert "2 of 3 projects checked" in err
    assert err.endswith("\r\x1b[K")
