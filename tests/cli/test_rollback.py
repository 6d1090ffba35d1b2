from __future__ import annotations

import json

from raincheck.report.rollback_json import RollbacksReport


def test_the_pending_run_is_undone(project, run):
    code, out, err = run("rollback", "--since", "0000_init")
    assert (code, err) == (0, "")
    assert 'DROP INDEX "public"."i";' in out
    assert "0000_init" not in out


def test_a_tag_is_undone_with_what_is_behind_it(project, run):
    code, out, _ = run("rollback", "0000_init", "--all")
    assert code == 0
    assert out.startswith("-- Rollback of 0001_index, 0000_init, by Raincheck ")
    assert 'DROP TABLE "public"."users";' in out


def test_a_file_can_be_named(project, run):
    assert run("rollback", "drizzle/0001_index.sql", "--all").out.startswith("-- Rollback of 0001_index, by ")


def test_json_has_each_part_and_the_script(project, run):
    (project / "drizzle" / "0001_index.sql").write_text('DROP TABLE "posts";')
    code, out, err = run("rollback", "--since", "0000_init", "--format", "json")
    assert (code, err) == (1, "")
    report = RollbacksReport.model_validate_json(out)
    (found,) = report.rollbacks
    assert (report.schema_, found.migrations, found.grade) == (1, ("0001_index",), "loses-data")
    assert [part.how for part in found.parts] == ["its rows are lost"]
    assert found.script == run("rollback", "--since", "0000_init").out


def test_what_is_not_there_is_said(project, run):
    code, out, err = run("rollback", "0009_x", "--all")
    assert (code, out) == (2, "")
    assert err.startswith("raincheck: no migration here is called 0009_x.")


def test_what_does_not_come_back_is_an_exit_code(project, run):
    (project / "drizzle" / "0001_index.sql").write_text('DROP TABLE "users" CASCADE;')
    code, out, _ = run("rollback", "--since", "0000_init")
    assert code == 1
    assert "-- loses data: its rows are lost" in out


def test_a_migration_without_statements_is_taken_off_the_record(project, run):
    (project / "drizzle" / "0001_index.sql").write_text("-- nothing yet\n")
    out = run("rollback", "--since", "0000_init").out
    assert out.startswith("-- Rollback of 0001_index, by ")
    assert 'DELETE FROM "drizzle"."__drizzle_migrations"' in out


def test_what_drizzle_never_ran_is_not_undone(project, run):
    journal = project / "drizzle" / "meta" / "_journal.json"
    content = json.loads(journal.read_text())
    late = {**content["entries"][0], "idx": 2, "tag": "0002_late", "when": content["entries"][0]["when"] - 1}
    journal.write_text(json.dumps({**content, "entries": [*content["entries"], late]}))
    (project / "drizzle" / "0002_late.sql").write_text('CREATE TABLE "late" ("id" integer);')
    out = run("rollback", "0001_index", "--since", "0001_index").out
    assert "0001_index" in out
    assert "late" not in out
