from __future__ import annotations

import json


def test_the_pending_run_is_reviewed(project, run):
    code, out, err = run("review", "--since", "0000_init")
    assert (code, err) == (1, "")
    assert out.startswith("Migration Safety Review: 0001_index\n")
    assert "0000_init" not in out


def test_a_migration_that_has_run_is_reviewed_as_it_was(project, run):
    code, out, _ = run("review", "0000_init", "--since", "0001_index", "--format", "markdown")
    assert code == 0
    assert out.startswith("## Migration Safety Review: 0000_init\n\n**Verdict: SAFE.**")
    assert "It has run already, and is reviewed as it was, alone." in out


def test_a_file_or_a_folder_can_be_named(project, run):
    assert run("review", "drizzle/0001_index.sql", "--since", "0000_init").out.startswith(
        "Migration Safety Review: 0001_index\n"
    )
    assert run("review", ".", "--all").out.startswith("Migration Safety Review: 2 pending migrations\n")


def test_a_file_that_is_in_no_project_is_reviewed_alone(tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "change.sql").write_text('DROP TABLE "users";')
    code, out, _ = run("review", "change.sql")
    assert code == 1
    assert "Verdict: BLOCKED" in out


def test_what_is_not_there_is_said(project, run):
    code, out, err = run("review", "0009_x", "--all")
    assert (code, out) == (2, "")
    assert err == "raincheck: No migration here is called 0009_x.\n"


def test_the_exit_code_follows_the_verdict_asked_for(project, run):
    assert run("review", "--since", "0000_init", "--fail-on", "blocked").code == 0
    assert run("review", "--since", "0000_init", "--fail-on", "never").code == 0
    (project / "drizzle" / "0001_index.sql").write_text('DROP TABLE "users" CASCADE;')
    assert run("review", "--since", "0000_init", "--fail-on", "blocked").code == 1


def test_json_names_the_project_s_own_scripts(project, run):
    (project / "raincheck.toml").write_text('verify = ["npm run db:check-tables"]\n')
    (one,) = json.loads(run("review", "--since", "0000_init", "--format", "json").out)["reviews"]
    assert one["verification"]["scripts"] == ["npm run db:check-tables"]


def test_nothing_pending_is_safe(project, run):
    code, out, _ = run("review", "--since", "0001_index", "--format", "markdown")
    assert code == 0
    assert out.startswith("## Migration Safety Review: 0 pending migrations\n\n**Verdict: SAFE.**")
