"""`raincheck check --write-baseline`: an old project goes silent, and what is new is heard."""

from __future__ import annotations

import json

import pytest

SINCE = ("check", "--since", "0000_init")
DROP = 'DROP TABLE "users" CASCADE;\n'


@pytest.fixture
def old(project, run):
    """The project, with its findings written down."""
    code, out, err = run(*SINCE, "--write-baseline")
    assert (code, err) == (0, "")
    assert out.startswith("raincheck.baseline.json was written: ")
    return project


def append(project, sql):
    path = project / "drizzle" / "0001_index.sql"
    path.write_text(f"{path.read_text()}--> statement-breakpoint\n{sql}")


def test_what_was_there_is_silent(old, run):
    code, out, _ = run(*SINCE)
    assert code == 0
    assert "2 findings are in raincheck.baseline.json and not told again; --no-baseline tells them." in out
    assert "Nothing new to say" in out


def test_a_new_finding_is_heard(old, run):
    append(old, DROP)
    code, out, _ = run(*SINCE)
    assert code == 1
    assert "danger table-dropped" in out
    assert "index-blocks-writes" not in out


def test_a_second_equal_statement_is_heard(project, run):
    update = 'UPDATE "users" SET "name" = 1;\n'
    append(project, update)
    run(*SINCE, "--write-baseline")
    assert run(*SINCE).code == 0
    append(project, f"-- as above\n{update}")
    code, out, _ = run(*SINCE)
    assert code == 1
    assert out.count("rows-updated-without-where  drizzle/0001_index.sql:6:1") == 1
    assert out.count("rows-updated-without-where  drizzle") == 1


def test_everything_can_be_heard(old, run):
    code, out, _ = run(*SINCE, "--no-baseline")
    assert code == 1
    assert "index-blocks-writes" in out
    assert "baseline" not in out


def test_json_counts_what_is_hidden(old, run):
    report = json.loads(run(*SINCE, "--format", "json").out)
    assert report["projects"][0]["hidden"] == 2
    assert report["summary"]["risk"] == 0


def test_three_hundred_findings(project, run):
    indexes = [f'CREATE INDEX "i{n}" ON "users" ("name");' for n in range(300)]
    (project / "drizzle" / "0001_index.sql").write_text("--> statement-breakpoint\n".join(indexes))
    run(*SINCE, "--write-baseline")
    assert "301 findings are in" in run(*SINCE).out
    append(project, DROP)
    assert run(*SINCE, "--fail-on", "danger").code == 1


def test_it_is_updated_under_the_other_name_too_and_then_forgets_what_was_cured(old, run):
    (old / "drizzle" / "0001_index.sql").write_text("SELECT 1;\n")
    code, out, _ = run(*SINCE)
    assert code == 0
    assert "note baseline-outdated  raincheck.baseline.json" in out
    assert out.count("baseline-outdated") == 2  # the finding, and where to read about it
    run(*SINCE, "--update-baseline")
    assert json.loads((old / "raincheck.baseline.json").read_text())["findings"] == []
    assert "baseline" not in run(*SINCE).out


def test_it_lies_beside_the_settings(project, run):
    (project.parent / "raincheck.toml").write_text("postgres = 16\n")
    out = run(*SINCE, "--write-baseline").out
    assert out.startswith(f"{project.parent.as_posix()}/raincheck.baseline.json was written")
    written = json.loads((project.parent / "raincheck.baseline.json").read_text())
    assert {one["path"] for one in written["findings"]} == {"app/drizzle/0001_index.sql"}
    assert run(*SINCE).code == 0


def test_a_broken_one_hides_nothing_and_is_told(old, run):
    (old / "raincheck.baseline.json").write_text("<<<<<<< HEAD\n{}")
    code, out, _ = run(*SINCE)
    assert code == 1
    assert "risk settings-invalid  raincheck.baseline.json" in out
    assert "index-blocks-writes" in out


def test_it_holds_no_path_of_this_machine(old):
    assert str(old) not in (old / "raincheck.baseline.json").read_text()


def test_nothing_is_left_half_written(old, run, monkeypatch):
    """A replacement that fails leaves what was there, and no other file."""
    before = (old / "raincheck.baseline.json").read_bytes()
    append(old, DROP)

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", refuse)
    code, _, err = run(*SINCE, "--write-baseline")
    assert (code, "No space left" in err) == (2, True)
    assert (old / "raincheck.baseline.json").read_bytes() == before
    assert sorted(path.name for path in old.iterdir()) == ["drizzle", "raincheck.baseline.json"]


def test_status_tells_the_history_all_the_same(project, run):
    journal = project / "drizzle" / "meta" / "_journal.json"
    journal.write_text(journal.read_text().replace("0001_index", "0001_gone"))
    before = run("status").out
    run("check", "--since", "0000_init", "--write-baseline")
    assert run("status").out == before
    assert "0001_index" in before
