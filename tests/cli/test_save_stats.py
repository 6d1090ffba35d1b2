"""`raincheck status --save-stats`: the sizes of a real database's tables, and what `check` makes of them."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime

import psycopg
import pytest

SOME_POSTGRES = (15,)
SINCE = ("check", "--since", "0000_init")
TODAY = datetime.now(UTC).date().isoformat()


@pytest.fixture
def filled(database):
    """A database in which the project's table has rows."""
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute('CREATE TABLE "users" ("id" integer PRIMARY KEY, "name" text)')
        conn.execute("INSERT INTO users SELECT n, 'secret ' || n FROM generate_series(1, 3000) n")
        conn.execute("ANALYZE users")
    return database


def test_names_and_numbers_are_written_and_no_data(project, run, filled):
    _, out, err = run("status", "--database-url", filled, "--save-stats")
    assert err == ""
    assert "raincheck.stats.json was written: 1 table." in out
    text = (project / "raincheck.stats.json").read_text()
    assert "secret" not in text
    assert "host" not in text
    found = json.loads(text)
    assert (found["schema"], found["taken_at"], found["postgres"].split(".")[0]) == (1, TODAY, "15")
    (relation,) = found["relations"]
    assert (relation["schema"], relation["name"], relation["rows"]) == ("public", "users", 3000)
    assert relation["total_bytes"] >= relation["heap_bytes"] + relation["index_bytes"] > 0


def test_check_finds_the_file(project, run, filled):
    run("status", "--database-url", filled, "--save-stats")
    out = " ".join(run(*SINCE).out.split())
    assert f"Sizes of tables: raincheck.stats.json (1 table, taken {TODAY}, today)." in out
    assert "note index-blocks-writes" in out
    by = f"(raincheck.stats.json of {TODAY})"
    assert re.search(
        rf'"users" has about 3,000 rows, \d+ kB with indexes, which is small {re.escape(by)}; ', out
    )
    assert "the work takes less than a second by estimate, so this is a note instead of a risk." in out


def test_json_has_the_size_and_the_order_of_magnitude(project, run, filled):
    run("status", "--database-url", filled, "--save-stats")
    report = json.loads(run(*SINCE, "--format", "json").out)["projects"][0]
    (lock,) = report["migrations"][1]["statements"][0]["locks"]
    assert (lock["size"]["size"], lock["size"]["rows"], lock["duration"]) == (
        "small",
        3000,
        "less than a second",
    )
    assert report["sizes_from"] == [f"raincheck.stats.json (1 table, taken {TODAY}, today)"]


def test_what_the_settings_say_wins(project, run, filled):
    run("status", "--database-url", filled, "--save-stats")
    (project / "raincheck.toml").write_text('[tables]\n"public.users" = "large"\n')
    out = run(*SINCE).out
    assert "danger index-blocks-writes" in out
    assert "Sizes of tables: raincheck.toml (1 table); raincheck.stats.json" in " ".join(out.split())


def test_a_live_database_wins_over_the_file(project, run, filled):
    users = {"schema": "public", "name": "users", "rows": 10**9}
    size = {"heap_bytes": 10**9, "index_bytes": 0, "total_bytes": 10**9}
    stats = {"schema": 1, "taken_at": TODAY, "postgres": "15", "relations": [users | size]}
    (project / "raincheck.stats.json").write_text(json.dumps(stats))
    assert "danger index-blocks-writes" in run(*SINCE).out
    when = json.loads((project / "drizzle" / "meta" / "_journal.json").read_text())["entries"][0]["when"]
    digest = hashlib.sha256((project / "drizzle" / "0000_init.sql").read_bytes()).hexdigest()
    with psycopg.connect(filled, autocommit=True) as conn:
        conn.execute("CREATE SCHEMA drizzle")
        conn.execute(
            "CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text, created_at bigint)"
        )
        conn.execute(
            "INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES (%s, %s)", [digest, when]
        )
    _, out, err = run("check", "--database-url", filled)
    assert err == ""
    assert "note index-blocks-writes" in out
    told = " ".join(out.split())
    assert '"users" has about 3,000 rows' in told
    assert re.search(r"Sizes of tables: the database .+ \(2 tables\); raincheck.stats.json \(1 table", told)


def test_a_file_can_be_named(project, run, filled):
    _, out, _ = run("status", "--database-url", filled, "--save-stats=sizes.json")
    assert "sizes.json was written" in out
    assert (project / "sizes.json").exists()
    assert not (project / "raincheck.stats.json").exists()


def test_json_goes_to_standard_output_alone(project, run, filled):
    _, out, err = run("status", "--database-url", filled, "--save-stats", "--format", "json")
    json.loads(out)
    assert "was written" in err


def test_tables_that_were_never_analysed_are_counted(project, run, filled):
    with psycopg.connect(filled, autocommit=True) as conn:
        conn.execute("CREATE TABLE t WITH (autovacuum_enabled = off) AS SELECT 1 AS a")
    out = run("status", "--database-url", filled, "--save-stats").out
    assert "2 tables, 1 of them never analysed (ANALYZE counts their rows)" in out
    relations = json.loads((project / "raincheck.stats.json").read_text())["relations"]
    assert [one["rows"] for one in relations] == [None, 3000]


def test_without_a_database_there_is_nothing_to_write(project, run):
    code, out, err = run("status", "--save-stats")
    assert (code, out) == (2, "")
    assert (
        err == "raincheck: --save-stats writes down what a database says: give its URL with --database-url.\n"
    )


def test_a_folder_is_no_file(project, run, filled):
    code, _, err = run("status", "--database-url", filled, "--save-stats", ".")
    assert code == 2
    assert err == "raincheck: . is a folder; --save-stats wants a file, or nothing behind it.\n"
    assert not (project / "raincheck.stats.json").exists()


def test_old_sizes_are_told(project, run):
    (project / "raincheck.stats.json").write_text(
        '{"schema": 1, "taken_at": "2020-01-01", "postgres": "15", "relations": []}'
    )
    assert "note sizes-outdated  raincheck.stats.json" in run(*SINCE).out
