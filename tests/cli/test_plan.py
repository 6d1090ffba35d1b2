from __future__ import annotations

import json

import pytest

REQUIRED = 'ALTER TABLE "users" ADD COLUMN "country" text NOT NULL;\n'
INIT = ("--since", "0000_init")


@pytest.fixture
def required(project):
    """A required column is pending, and there is a snapshot, as new migrations want one."""
    (project / "drizzle" / "0001_index.sql").write_text(REQUIRED)
    snapshot = {"id": "1", "prevId": "0", "version": "7", "dialect": "postgresql", "tables": {}}
    (project / "drizzle" / "meta" / "0001_snapshot.json").write_text(json.dumps(snapshot))
    return project


def files(project):
    return {
        path.relative_to(project).as_posix(): path.read_text()
        for path in project.rglob("*.*")
        if path.is_file()
    }


def test_a_plan_is_shown_and_nothing_is_written(required, run):
    before = files(required)
    code, out, err = run("plan", *INIT)
    assert (code, err) == (0, "")
    assert out.startswith("Migration Plan: 0001_index\n\n2 deploys, 1 script to run beside Drizzle.")
    assert "Between deploys 1 and 2\n" in out
    assert files(required) == before


def test_it_has_the_parts_of_the_form_in_their_order(required, run):
    out = run("plan", *INIT, "--format", "markdown").out
    assert [line for line in out.splitlines() if line.startswith("##")] == [
        "## Migration Plan: 0001_index",
        "### Pre-Migration Checklist",
        "### Deploy 1: `drizzle/0001_index.sql`",
        "### Between deploys 1 and 2",
        "### Deploy 2: `drizzle/0002_users_country_not_null.sql`",
        "### Files",
    ]
    assert "The value that old rows get is written into" in out


def test_writing_writes_what_was_shown_and_what_is_left_is_safe(required, run):
    planned = json.loads(run("plan", *INIT, "--format", "json").out)["plans"][0]
    before = files(required)
    assert run("plan", "0001_index", *INIT, "--write").code == 0
    after = files(required)
    assert {path for path in after if after[path] != before.get(path)} == set(planned["files"])
    assert run("check", *INIT).code == 0
    assert run("check", "--since", "0001_index").code == 0


def test_a_file_that_is_in_the_way_is_kept_and_told(required, run):
    mine = required / "drizzle" / "0002_users_country_not_null.sql"
    mine.write_text("-- mine\n")
    code, out, _ = run("plan", *INIT, "--write")
    assert code == 1
    assert "not applied, for drizzle/0002_users_country_not_null.sql is there already." in " ".join(
        out.split()
    )
    assert mine.read_text() == "-- mine\n"


def test_what_no_fix_can_do_leads_to_its_recipe(project, run):
    (project / "drizzle" / "0001_index.sql").write_text('ALTER TABLE "users" DROP COLUMN "age";\n')
    code, out, _ = run("plan", *INIT)
    assert code == 1
    assert "`raincheck explain drop-a-column` has the whole plan." in " ".join(out.split())
    (plan,) = json.loads(run("plan", *INIT, "--format", "json").out)["plans"]
    assert [left["recipe"] for stage in plan["stages"] for left in stage["left"]] == ["drop-a-column"]


def test_what_is_safe_needs_no_plan(project, run):
    (project / "drizzle" / "0001_index.sql").write_text('CREATE TABLE "n" ("a" integer);\n')
    code, out, _ = run("plan", *INIT)
    assert code == 0
    assert "Nothing has to be spread over deploys: it can run as it is." in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["plan", "0009_x", *INIT], "No migration here is called 0009_x."),
        (["plan", "0000_init", *INIT], "0000_init has run already, and a plan changes what is still to run."),
        (["plan", "--since", "0001_index"], "no migration is pending, so there is nothing to plan."),
        (["plan"], "Which migrations are pending is not known"),
    ],
)
def test_what_cannot_be_planned_is_said(project, run, arguments, told):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert told in err


def test_a_file_that_is_in_no_project_is_planned_as_far_as_it_can_be(tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "change.sql").write_text('ALTER TABLE "users" ALTER COLUMN "age" SET NOT NULL;\n')
    code, out, err = run("plan", "change.sql", "--all")
    assert (code, err) == (1, "")
    assert "set-not-null-scans" in out
