from __future__ import annotations

import json
import os

import psycopg
import pytest

from raincheck.report.trace_json import TraceReport
from support.drizzle_folder import DrizzleFolder
from support.postgres_binaries import fetch, majors

MAJOR = majors()[-1]
SINCE = ("trace", "--since", "0000_init")


@pytest.fixture
def programs(monkeypatch) -> str:
    """Where a server is, which is the only one here."""
    monkeypatch.setattr("raincheck.live.binaries.USUAL_PLACES", ())
    monkeypatch.setenv("PATH", os.pathsep.join(["/usr/bin", "/bin"]))
    return str(fetch(MAJOR))


def test_a_server_is_started_and_the_run_is_as_predicted(project, run, programs):
    code, out, err = run(*SINCE, "--postgres-bin", programs)
    assert (code, err) == (0, "")
    assert f"PostgreSQL {MAJOR}." in out
    assert f"started here from {programs}" in " ".join(out.split())
    assert "  =   1  CREATE INDEX" in out
    assert "SHARE on public.users; builds an index" in out
    assert "1 statement run, each as predicted." in out
    assert "have no rows" in " ".join(out.split())


def test_the_server_that_is_found_is_taken(project, run, programs, monkeypatch):
    monkeypatch.setenv("PATH", programs, prepend=os.pathsep)
    code, out, _ = run(*SINCE, "--format", "json", "--postgres", "12")
    report = TraceReport.model_validate_json(out)
    assert code == 0
    assert report.projects[0].postgres == MAJOR
    asked = f"PostgreSQL 12 was asked for, and {MAJOR} is what there is."
    assert report.notes == (() if MAJOR == 12 else (asked,))
    assert [one.verdict for one in report.projects[0].migrations[0].statements] == ["equal"]


def test_a_run_that_fails_exits_with_1(tmp_path, run, programs, monkeypatch):
    index = 'CREATE INDEX CONCURRENTLY "i" ON "t" ("id");'
    DrizzleFolder(tmp_path, {"0000_init": 'CREATE TABLE "t" ("id" int);', "0001_index": index})
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(*SINCE, "--postgres-bin", programs)
    assert code == 1
    assert "25001 CREATE INDEX CONCURRENTLY cannot run inside a transaction block, as predicted" in " ".join(
        out.split()
    )
    assert "1 run failed." in out


def test_nothing_pending_exits_with_0(project, run, programs):
    code, out, _ = run("trace", "--since", "0001_index", "--postgres-bin", programs)
    assert code == 0
    assert "No migration is pending: there is nothing to trace." in out


def test_a_disposable_database_is_used_and_left_as_it_was(project, run, postgres):
    with psycopg.connect(postgres.dsn(), autocommit=True) as admin:
        admin.execute("CREATE DATABASE app_scratch")
        try:
            code, out, _ = run(*SINCE, "--database-url", postgres.dsn("app_scratch"))
            assert code == 0
            assert 'the database "app_scratch" behind the local socket' in " ".join(out.split())
            names = admin.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'raincheck%'"
            ).fetchall()
            assert names == []
        finally:
            admin.execute("DROP DATABASE app_scratch")


def test_any_other_database_wants_a_word(project, run, postgres, database):
    code, out, err = run(*SINCE, "--database-url", database)
    assert (code, out) == (2, "")
    assert "so it is not touched" in err
    assert run(*SINCE, "--database-url", database, "--disposable").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--disposable",), "--disposable goes with --database-url"),
        (
            ("--database-url", "postgres://h/x", "--postgres-bin", "."),
            "--postgres-bin goes without it",
        ),
        (("--database-url", "postgres://u:s3cret@127.0.0.1:1/x_tmp"), "nothing listens there"),
        (("--database-url", "mysql://u:s3cret@h/x_tmp"), "begins with neither"),
        (("--database-url", ""), "The database URL is empty"),
        (("--postgres-bin", "."), "no initdb and pg_ctl in"),
    ],
)
def test_what_keeps_it_from_running_is_one_line(project, run, arguments, said):
    code, out, err = run(*SINCE, *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "s3cret" not in err
    assert err.count("\n") == 1


def test_without_a_server_it_says_what_to_do(project, run, programs):
    code, _, err = run(*SINCE)
    assert code == 2
    assert "--postgres-bin" in err
    assert "--database-url" in err


def test_a_loose_file_is_refused(tmp_path, run, programs, monkeypatch):
    (tmp_path / "loose.sql").write_text("SELECT 1;")
    monkeypatch.chdir(tmp_path)
    code, _, err = run("trace", "loose.sql", "--postgres-bin", programs)
    assert code == 2
    assert "no Drizzle project" in err


def test_json_names_everything(project, run, programs):
    _, out, _ = run(*SINCE, "--format", "json", "--postgres-bin", programs)
    report = json.loads(out)
    assert report["schema"] == 1
    (statement,) = report["projects"][0]["migrations"][0]["statements"]
    assert statement["predicted"]["locks"] == statement["taken"]["locks"] == {"public.users": "ShareLock"}
    assert report["verdicts"]["equal"] == 1
