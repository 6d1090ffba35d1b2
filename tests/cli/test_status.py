"""`raincheck status` on real databases, which the real migrators have brought to where they are."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from shutil import copytree, ignore_patterns, rmtree

import psycopg
import pytest

from support.environment import TABLE, Environment
from support.git_repository import Repository
from support.projects import chunked

SOME_POSTGRES = (15,)

PROJECTS = Path(__file__).parents[1] / "projects"

DAY_AFTER = 1795435200_000_000_000
"""Nanoseconds: the day after the migrations of `truth_folder` were made."""


@pytest.fixture(autouse=True)
def _the_next_day(monkeypatch):
    monkeypatch.setattr("time.time_ns", lambda: DAY_AFTER)


@pytest.fixture
def environment(database, tmp_path):
    return Environment(tmp_path, database)


@pytest.fixture
def environment_of_1(database, tmp_path):
    return Environment(tmp_path, database, "v1")


@pytest.fixture
def looker(environment):
    """The address of an environment's database for a user who may read Drizzle's rows and no more.

    It is asked for when the environment is migrated.
    """

    def address():
        environment.sql(
            "CREATE ROLE looker LOGIN; GRANT USAGE ON SCHEMA drizzle TO looker; GRANT SELECT ON {t} TO looker"
        )
        return environment.dsn.replace("postgres@", "looker@")

    yield address
    environment.sql("DROP OWNED BY looker; DROP ROLE looker")


@pytest.fixture
def status(run):
    """The report of `raincheck status --format json` for an environment's one project."""

    def told(environment, *arguments, code=None):
        url = ("--database-url", environment.dsn)
        found, out, err = run("status", str(environment.root), *url, "--format", "json", *arguments)
        assert err == ""
        report = json.loads(out)
        assert found == int(report["wrong"])
        assert code in {None, found}
        return report["projects"][0]

    return told


@pytest.fixture
def check(status):
    """What stands at each migration, and the causes that are wrong; notes are left out."""

    def checked(environment, states, *causes):
        project = status(environment)
        found = [f"{_short(line['tag'])}: {line['state']}" for line in project["migrations"]]
        assert "; ".join(found) == states
        assert [one["cause"] for one in project["diagnoses"] if one["wrong"]] == list(causes)
        return project

    return checked


def _short(tag):
    """The name without the time of a folder."""
    return re.sub(r"^\d{14}_", "", tag)


def diagnosis(project, cause):
    (found,) = [one for one in project["diagnoses"] if one["cause"] == cause]
    return found


def test_nothing_is_wrong(environment, check):
    project = check(environment.migrated("a@1 b@2"), "a: applied; b: applied")
    assert project["diagnoses"] == []
    assert [line["database"] for line in project["migrations"]] == ["same", "same"]
    assert project["pending_from"] == "database"


def test_pending_migrations_are_no_fault(environment, check):
    project = check(environment.migrated("a@1").files("a@1 b@2 c@3"), "a: applied; b: pending; c: pending")
    assert "2 migrations are pending" in diagnosis(project, "pending")["message"]


def test_a_new_database(environment, check):
    project = check(environment.files("a@1 b@2"), "a: pending; b: pending")
    assert project["database"]["exists"] is False


def test_a_late_arrival_is_skipped_for_ever(environment, check):
    environment.migrated("a@1 c@3").files("a@1 b@2 c@3 d@4")
    project = check(environment, "a: applied; b: skipped; c: applied; d: pending", "skipped")
    assert '"when": 1795348804352' in diagnosis(project, "skipped")["help"]
    assert 'there is no table "b"' in diagnosis(project, "lacking")["message"]
    assert environment.migrate() == ""
    check(environment, "a: applied; b: skipped; c: applied; d: applied", "skipped")


def test_drizzle_1_runs_a_late_arrival(environment_of_1, check):
    check(environment_of_1.migrated("a@1 c@3").files("a@1 b@2 c@3"), "a: applied; b: pending; c: applied")


def test_an_edited_file(environment, check):
    project = check(
        environment.migrated("a@1 b@2").files("a@1:edited b@2"), "a: applied; b: applied", "edited", "drift"
    )
    assert project["migrations"][0]["database"] == "other"
    assert project["migrations"][0]["edits"] == [{"said_by": "the database", "kind": "unknown", "since": ""}]


def test_other_line_ends_are_no_fault(environment, check):
    environment.migrated("a@1:crlf")
    path = environment.root / "drizzle" / "a.sql"
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    project = check(environment, "a: applied")
    assert "line ends" in diagnosis(project, "edited-harmlessly")["message"]


def test_an_edit_that_was_sealed_is_accepted(environment, check, run):
    environment.migrated("a@1").files("a@1:edited")
    assert run("seal", str(environment.root), "--database-url", environment.dsn).code == 0
    project = check(environment, "a: applied", "drift")
    assert (project["migrations"][0]["seal"], project["migrations"][0]["accepted"]) == ("same", True)


def test_the_text_that_git_has_tells_what_was_edited(environment, check):
    environment.migrated("a@1")
    repository = Repository.new(environment.root)
    repository.commit()
    environment.files("a@1:edited")
    project = check(environment, "a: applied", "edited", "drift")
    assert [edit["kind"] for edit in project["migrations"][0]["edits"]] == ["statements", "statements"]
    assert project["migrations"][0]["git"] == "other"


def test_a_file_is_gone_and_its_entry_is_not(environment, check):
    environment.migrated("a@1 b@2").files("a@1:missing b@2 c@3")
    project = check(environment, "a: no file; b: applied; c: pending", "refused")
    told = diagnosis(project, "refused")["message"]
    assert environment.migrate() == "No file drizzle/a.sql found in drizzle folder"
    assert "No file drizzle/a.sql found in drizzle folder" in told


def test_a_file_and_its_entry_are_gone(environment, check):
    project = check(
        environment.migrated("a@1 b@2").files("b@2 c@3"),
        "b: applied; c: pending; row 1: not here",
        "row-without-file",
    )
    assert environment.rows()[0][1][:12] in diagnosis(project, "row-without-file")["message"]


def test_a_gone_migration_of_drizzle_1_has_its_name(environment_of_1, check):
    check(environment_of_1.migrated("a@1 b@2").files("b@2"), "b: applied; a: not here", "row-without-file")


def test_a_row_without_a_time_makes_all_run_again(environment, check):
    environment.migrated("a@1 b@2").files("a@1 b@2 c@3").sql("UPDATE {t} SET created_at = NULL WHERE id = 1")
    project = check(environment, "a: runs again; b: runs again; c: pending", "null-row")
    assert environment.migrate() == '42P07 relation "a" already exists'
    environment.sql(diagnosis(project, "null-row")["sql"])
    check(environment, "a: applied; b: applied; c: pending")
    assert environment.migrate() == ""


def test_a_row_without_a_time_that_is_nobodys(environment, check):
    environment.migrated("a@1").sql("INSERT INTO {t} (hash) VALUES ('by hand')")
    project = check(environment, "a: runs again; row 2: not here", "null-row", "row-without-file")
    environment.sql(diagnosis(project, "null-row")["sql"])
    check(environment, "a: applied")


def test_a_later_time_in_the_journal_runs_it_again(environment, check):
    project = check(environment.migrated("a@1 b@2").files("a@1 b@5"), "a: applied; b: runs again", "retimed")
    assert environment.migrate() == '42P07 relation "b" already exists'
    assert '"when": 1795348802351' in diagnosis(project, "retimed")["help"]


def test_a_renamed_folder_runs_again(environment_of_1, check):
    environment_of_1.migrated("a@1 b@2").files("a@1 bb@2:of-b")
    project = check(environment_of_1, "a: applied; bb: runs again", "renamed")
    assert environment_of_1.migrate() == '42P07 relation "b" already exists'
    environment_of_1.sql(diagnosis(project, "renamed")["sql"])
    check(environment_of_1, "a: applied; bb: applied")
    assert environment_of_1.migrate() == ""


def test_a_row_from_the_future(environment, check):
    environment.migrated("a@1 f@late").files("a@1 f@late b@2")
    project = check(environment, "a: applied; f: applied; b: skipped", "future-row", "journal-time-in-future")
    environment.sql(diagnosis(project, "future-row")["sql"])
    assert environment.rows()[1][2] == 1795348801352
    check(environment.files("a@1 b@2"), "a: applied; b: pending; row 2: not here", "row-without-file")


def test_a_migration_that_is_recorded_twice(environment, check):
    environment.migrated("a@1").sql("INSERT INTO {t} (hash, created_at) SELECT hash, created_at FROM {t}")
    project = check(environment, "a: applied", "recorded-twice")
    environment.sql(diagnosis(project, "recorded-twice")["sql"])
    check(environment, "a: applied")


def test_rows_out_of_order_are_told(environment, status):
    environment.migrated("a@1 c@3 b@2")
    assert diagnosis(status(environment, code=0), "rows-out-of-order")["wrong"] is False


def test_drizzle_1_takes_over_the_table_of_0(environment_of_1, check):
    environment_of_1.migrated("a@1 b@2", version="v0").files("a@1 b@2 c@3")
    check(environment_of_1, "a: applied; b: applied; c: pending")
    assert environment_of_1.migrate() == ""
    check(environment_of_1, "a: applied; b: applied; c: applied")


def test_drizzle_1_refuses_a_table_of_0_with_a_row_of_no_folder(environment_of_1, check):
    environment_of_1.migrated("a@1 b@2", version="v0").files("a@1")
    project = check(environment_of_1, "a: applied; row 2: not here", "refused")
    assert environment_of_1.migrate().strip() in diagnosis(project, "refused")["message"] + "."


def test_drizzle_0_wrote_into_a_table_of_1(environment_of_1, check):
    environment_of_1.migrated("a@1")
    environment = Environment(environment_of_1.root, environment_of_1.dsn)
    environment.files("a@1 b@2").sql("UPDATE {t} SET created_at = created_at + 351")
    assert environment.migrate() == ""
    check(environment, "a: applied; b: applied", "table-of-1.0")


def test_the_configuration_names_the_table(environment, check):
    environment.migrated("a@1", schema="crm", table="applied")
    (environment.root / "drizzle.config.ts").write_text(
        'export default { dialect: "postgresql", out: "./drizzle", migrations: { schema: "crm", table: "applied" } };'
    )
    assert check(environment, "a: applied")["database"]["table"] == "crm.applied"


def test_raincheck_toml_names_the_table(environment, check):
    environment.migrated("a@1", schema="crm", table="applied")
    (environment.root / "raincheck.toml").write_text('[migrations]\nschema = "crm"\ntable = "applied"\n')
    check(environment, "a: applied")


def test_the_rows_are_in_another_table(environment, check):
    environment.migrated("a@1")
    (environment.root / "raincheck.toml").write_text('[migrations]\nschema = "crm"\n')
    project = check(environment, "a: pending", "other-table")
    assert 'schema = "drizzle"' in diagnosis(project, "other-table")["help"]


def test_a_file_that_nothing_lists(environment, check):
    environment.migrated("a@1").files("a@1 x@2:unlisted")
    check(environment, "a: applied", "file-without-journal-entry")


def test_a_journal_with_conflict_markers(environment, check):
    environment.migrated("a@1").files("a@1", "conflict")
    project = check(environment, "a: never runs; row 1: not here", "refused", "journal-unreadable")
    assert "SyntaxError" in diagnosis(project, "refused")["message"]


def test_snapshots_that_drizzle_kit_1_stops_at_are_told(tmp_path, run):
    chain = copytree(PROJECTS / "chain-v1", tmp_path / "app", ignore=ignore_patterns("node_modules"))
    rmtree(sorted((chain / "drizzle").iterdir())[2])
    (project,) = json.loads(run("status", str(chain), "--format", "json").out)["projects"]
    assert "Cannot reconstruct snapshot" in diagnosis(project, "snapshot-missing")["message"]


def test_text_fits_into_eighty_columns(environment, run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    environment.migrated("a@1 c@3").files("a@1:edited b@2 c@3")
    code, out, _ = run("status", str(environment.root), "--database-url", environment.dsn)
    table = out.partition("  migration")[2].partition("✓ there")[0]
    assert code == 1
    assert max(map(len, table.splitlines())) <= 80
    assert "  a             ✓      ✓       -      ≠   applied, edited\n" in out
    assert "  b             ✓      ✓       -      -   skipped for ever: its time" in out
    assert out.endswith("\n3 things are wrong.\n")


def test_without_a_database_it_says_that_none_was_asked(project, run):
    code, out, _ = run("status", "--since", "0000_init")
    assert code == 0
    assert "What is applied is told by the tag given." in out
    assert "The database was not asked" in out
    assert re.search(r"0000_init .* applied\n", out)
    assert re.search(r"0001_index .* pending\n", out)


def test_tables_without_rows_are_recorded_and_then_migrated(environment, check):
    environment.migrated("a@1 b@2").sql("DROP SCHEMA drizzle CASCADE").files("a@1 b@2 c@3")
    project = check(environment, "a: pending; b: pending; c: pending", "unrecorded")
    told = diagnosis(project, "unrecorded")
    assert 'there is already table "a"' in told["message"]
    assert "up to and with b" in told["help"]
    assert environment.migrate() == '42P07 relation "a" already exists'
    for _ in range(2):
        environment.sql(told["sql"])
    assert [row[2] for row in environment.rows()] == [1795348801351, 1795348802351]
    check(environment, "a: applied; b: applied; c: pending")
    assert environment.migrate() == ""


def test_tables_without_rows_under_drizzle_1(environment_of_1, check):
    environment_of_1.migrated("a@1 b@2").sql("DROP SCHEMA drizzle CASCADE").files("a@1 b@2 c@3")
    project = check(environment_of_1, "a: pending; b: pending; c: pending", "unrecorded")
    for _ in range(2):
        environment_of_1.sql(diagnosis(project, "unrecorded")["sql"])
    check(environment_of_1, "a: applied; b: applied; c: pending")
    assert environment_of_1.migrate() == ""


def test_a_table_made_by_hand_as_the_migration_makes_it(environment, check):
    environment.migrated("a@1").files("a@1 b@2").sql("CREATE TABLE b (id integer)")
    project = check(environment, "a: applied; b: pending", "unrecorded")
    assert "CREATE TABLE" not in diagnosis(project, "unrecorded")["sql"]
    environment.sql(diagnosis(project, "unrecorded")["sql"])
    check(environment, "a: applied; b: applied")


def test_a_table_made_by_hand_otherwise_is_not_recorded(environment, check):
    environment.migrated("a@1").files("a@1 b@2").sql("CREATE TABLE b (id bigint, more text)")
    project = check(environment, "a: applied; b: pending", "unrecorded-and-different")
    told = diagnosis(project, "unrecorded-and-different")
    assert told["sql"] == ""
    assert 'column "b"."id"' in told["help"]
    assert 'column "b"."more"' in told["help"]


CHAIN = {
    "a": chunked(
        'CREATE TABLE "a" ("id" integer PRIMARY KEY, "name" text, "old" text);',
        """INSERT INTO "a" VALUES (1, 'first', 'x');""",
    ),
    "b": chunked(
        'ALTER TABLE "a" ADD CONSTRAINT "a_name" UNIQUE ("name");', 'ALTER TABLE "a" DROP COLUMN "old";'
    ),
    "c": chunked('CREATE TABLE "c" ("id" integer);', 'CREATE INDEX "c_id" ON "c" ("id");'),
    "d": 'UPDATE "a" SET "name" = NULL;',
}
"""Migrations of which the second takes back a part of the first, the last is seen in no table, two write rows."""
PUSHED = 'CREATE TABLE "a" ("id" integer PRIMARY KEY, "name" text, CONSTRAINT "a_name" UNIQUE ("name"));'
"""What `drizzle-kit push` made when the schema was that of `b`."""


@pytest.fixture(params=["v0", "v1"])
def chain(request, database, tmp_path):
    """A project of these migrations, none of them run, in either layout."""
    environment = Environment(tmp_path, database, request.param)
    environment.files(" ".join(f"{tag}@{number}" for number, tag in enumerate(CHAIN, 1)))
    for tag, sql in CHAIN.items():
        (path,) = (*tmp_path.glob(f"drizzle/{tag}.sql"), *tmp_path.glob(f"drizzle/*_{tag}/migration.sql"))
        path.write_text(sql)
    return environment


def presence(project):
    return [line["present"] for line in project["migrations"]]


def test_nothing_of_what_is_pending_is_there(chain, status):
    project = status(chain.sql("CREATE TABLE other (id integer)"), code=0)
    assert presence(project) == [None] * 4
    assert {one["cause"] for one in project["diagnoses"]} <= {"pending", "foreign-tables", "never-applied"}


def test_the_first_two_were_pushed(chain, check, run):
    """They are recorded, and Drizzle runs the others; rows that a push never wrote are told of."""
    project = check(chain.sql(PUSHED), "a: pending; b: pending; c: pending; d: pending", "unrecorded")
    assert presence(project) == ["all", "all", "none", "untold"]
    told = diagnosis(project, "unrecorded")
    assert "All of a and b is there, nothing of c is." in re.sub(r"\d{14}_", "", told["message"])
    assert re.search(r"a:2: INSERT INTO \"a\" VALUES \(1, 'first', 'x'\)", told["help"])
    out = run("status", str(chain.root), "--database-url", chain.dsn).out
    assert len(re.findall(r"pending: its\s+work\s+is\s+there", out)) == 2
    assert chain.migrate().startswith("42P07")
    chain.sql(told["sql"])
    project = check(chain, "a: applied; b: applied; c: pending; d: pending")
    assert presence(project) == [None] * 4
    assert chain.migrate() == ""


def test_all_was_pushed_and_the_last_writes_only_rows(chain, check):
    """It is left to run; the others are recorded, and then nothing fails."""
    chain.sql(PUSHED + 'CREATE TABLE "c" ("id" integer); CREATE INDEX "c_id" ON "c" ("id");')
    project = check(chain, "a: pending; b: pending; c: pending; d: pending", "unrecorded")
    assert presence(project) == ["all", "all", "all", "untold"]
    chain.sql(diagnosis(project, "unrecorded")["sql"])
    check(chain, "a: applied; b: applied; c: applied; d: pending")
    assert chain.migrate() == ""
    before = chain.rows()
    assert (len(before), chain.migrate(), chain.rows()) == (4, "", before)


def test_a_part_of_the_third_is_there(chain, check):
    project = check(
        chain.sql(PUSHED + 'CREATE TABLE "c" ("id" integer);'),
        "a: pending; b: pending; c: pending; d: pending",
        "unrecorded-and-different",
    )
    assert presence(project) == ["all", "all", "partly", "untold"]
    told = diagnosis(project, "unrecorded-and-different")
    assert "All of a and b is there, of c a part is." in re.sub(r"\d{14}_", "", told["message"])
    assert told["help"].endswith('c:2: index "c_id" is missing in the database')


def test_what_is_no_relation_fails_too_where_it_was_made_by_hand(chain, check):
    chain.sql('CREATE TABLE "a" ("id" integer PRIMARY KEY, "name" text, "old" text);')
    chain.sql(
        diagnosis(check(chain, "a: pending; b: pending; c: pending; d: pending", "unrecorded"), "unrecorded")[
            "sql"
        ]
    )
    chain.sql('ALTER TABLE "a" DROP COLUMN "old"')
    project = check(chain, "a: applied; b: pending; c: pending; d: pending", "unrecorded-and-different")
    assert (
        'column "old" of relation "a" does not exist (42703)'
        in diagnosis(project, "unrecorded-and-different")["message"]
    )
    assert "a_name" in diagnosis(project, "unrecorded-and-different")["help"]
    chain.sql('ALTER TABLE "a" ADD CONSTRAINT "a_name" UNIQUE ("name")')
    told = diagnosis(
        check(chain, "a: applied; b: pending; c: pending; d: pending", "unrecorded"), "unrecorded"
    )
    chain.sql(told["sql"])
    assert chain.migrate() == ""


def test_what_is_there_and_fails_nowhere_is_a_note(environment, status):
    environment.migrated("a@1").files("a@1 b@2")
    (environment.root / "drizzle" / "b.sql").write_text('ALTER TABLE "a" ALTER COLUMN "id" SET NOT NULL;')
    assert presence(status(environment, code=0)) == [None, None]
    project = status(environment.sql('ALTER TABLE "a" ALTER COLUMN "id" SET NOT NULL'), code=0)
    assert presence(project) == [None, "all"]
    assert "What b should do was done by hand" in diagnosis(project, "already-there")["message"]
    assert environment.migrate() == ""


def test_if_not_exists_passes_over_what_is_there(environment, status):
    made = "CREATE TABLE b (id integer PRIMARY KEY); CREATE TYPE mood AS ENUM ('x')"
    environment.migrated("a@1").files("a@1 b@2").sql(made)
    (environment.root / "drizzle" / "b.sql").write_text(
        chunked(
            'CREATE TABLE IF NOT EXISTS "b" ("id" integer PRIMARY KEY);',
            "DO $$ BEGIN CREATE TYPE \"mood\" AS ENUM ('x'); EXCEPTION WHEN duplicate_object THEN null; END $$;",
        )
    )
    project = status(environment, code=0)
    assert presence(project) == [None, "all"]
    assert diagnosis(project, "already-there")["wrong"] is False
    assert environment.migrate() == ""


def test_a_table_that_no_migration_makes_is_told(environment, check):
    project = check(environment.migrated("a@1").sql("CREATE TABLE by_hand (id integer)"), "a: applied")
    assert '"by_hand"' in diagnosis(project, "foreign-tables")["message"]


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("ALTER TABLE a ADD COLUMN more text", 'column "a"."more"'),
        ("ALTER TABLE a DROP COLUMN id", 'column "a"."id"'),
        ("ALTER TABLE a ALTER id TYPE bigint", 'column "a"."id"'),
        ("CREATE INDEX by_hand ON a (id)", 'index "by_hand"'),
        ("DROP TABLE a", 'table "a" is missing'),
    ],
)
def test_what_was_changed_by_hand_is_drift(environment, check, sql, told):
    project = check(environment.migrated("a@1").sql(sql), "a: applied", "drift")
    assert told in diagnosis(project, "drift")["message"]


def test_what_cannot_be_followed_is_said_not_to_be_compared(environment, status):
    environment.migrated("a@1").files("a@1")
    path = environment.root / "drizzle" / "a.sql"
    path.write_text(
        path.read_text() + "--> statement-breakpoint\nDO $$ BEGIN EXECUTE format('SELECT %s', 1); END $$;"
    )
    assert "Not everything could be compared" in diagnosis(status(environment), "not-compared")["message"]


def test_a_user_who_may_read_the_rows_is_enough(environment, looker, run):
    environment.migrated("a@1")
    code, out, _ = run("status", str(environment.root), "--database-url", looker())
    assert code == 0
    assert out.endswith("Nothing is wrong.\n")


def test_catalogs_that_may_not_be_read_are_an_error(environment, looker, run):
    environment.migrated("a@1").files("a@1 b@2").sql("CREATE TABLE b (id integer)")
    environment.sql("REVOKE SELECT ON pg_catalog.pg_constraint FROM PUBLIC")
    code, out, err = run("status", str(environment.root), "--database-url", looker())
    assert (code, out) == (2, "")
    assert err.startswith("raincheck: The user may not do this (permission denied for table pg_constraint): ")
    assert err.count("\n") == 1


def test_rows_that_may_not_be_read_are_an_error(environment, run):
    environment.migrated("a@1").sql("CREATE ROLE stranger LOGIN")
    url = environment.dsn.replace("postgres@", "stranger@")
    try:
        code, out, err = run("status", str(environment.root), "--database-url", url)
    finally:
        environment.sql("DROP ROLE stranger")
    assert (code, out) == (2, "")
    assert err.startswith("raincheck: The user may not do this (permission denied for schema drizzle): ")


def test_settings_for_another_version_than_the_servers_are_told(environment, status, postgres):
    other = 16 if postgres.major != 16 else 17
    (environment.migrated("a@1").root / "raincheck.toml").write_text(f"postgres = {other}")
    told = diagnosis(status(environment, code=0), "other-version")["message"]
    assert told == f"The settings say PostgreSQL {other}, and the server is {postgres.major}."


def test_check_speaks_by_the_database(environment, run):
    environment.migrated("a@1").files("a@1:edited b@2")
    code, out, _ = run("check", str(environment.root), "--database-url", environment.dsn)
    assert code == 1
    assert "migration-edited" in out
    assert re.search(r"Pending is what the database \"test_\d+\"", out)
    assert "the server's version" in out
    report = json.loads(
        run("check", str(environment.root), "--format", "json", "--database-url", environment.dsn).out
    )
    (told,) = report["projects"]
    assert (told["pending_from"], told["postgres_from"]) == ("database", "server")
    assert [one["state"] for one in told["migrations"]] == ["applied", "pending"]


def test_check_tells_what_runs_again_and_what_is_gone(environment, run):
    environment.migrated("a@1 b@2").files("b@5")
    out = run("check", str(environment.root), "--database-url", environment.dsn).out
    assert "danger migration-runs-again" in out
    assert "danger migration-removed" in out


def test_seal_what_the_database_has(environment, run):
    environment.migrated("a@1").files("a@1 b@2")
    out = run("seal", str(environment.root), "--database-url", environment.dsn).out
    assert "1 of 2 migrations is sealed" in out


def test_the_url_may_stand_in_a_variable(environment, run, monkeypatch):
    environment.migrated("a@1")
    monkeypatch.setenv("APP_DATABASE", environment.dsn)
    assert run("status", str(environment.root), "--database-url", "env:APP_DATABASE").code == 0
    code, _, err = run("status", str(environment.root), "--database-url", "env:NOWHERE")
    assert (code, err) == (2, "raincheck: The environment variable NOWHERE has no database URL in it.\n")


@pytest.mark.parametrize("command", ["status", "check", "seal"])
def test_a_database_that_cannot_be_reached(project, run, command):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    code, out, err = run(command, "--database-url", f"postgres://u:s3cret@127.0.0.1:{port}/db")
    assert (code, out) == (2, "")
    assert (
        err == f'raincheck: Cannot connect, nothing listens there: the database "db" on 127.0.0.1:{port}.\n'
    )


def test_the_database_and_a_tag_answer_the_same_question(project, run):
    code, _, err = run("status", "--since", "0000_init", "--database-url", "postgres://u@h/d")
    assert code == 2
    assert "leave --base, --since and --all out" in err


def test_status_writes_nothing(environment, status):
    environment.migrated("a@1").files("a@1 b@2")
    with psycopg.connect(environment.dsn) as connection:
        count = "SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_all_tables WHERE relname = '__drizzle_migrations'"
        before = (
            connection.execute(f"SELECT xmin, * FROM {TABLE}").fetchall(),
            connection.execute(count).fetchone(),
        )
        status(environment)
        after = (
            connection.execute(f"SELECT xmin, * FROM {TABLE}").fetchall(),
            connection.execute(count).fetchone(),
        )
    assert before == after


def test_a_file_of_no_project(tmp_path, run):
    (tmp_path / "loose.sql").write_text("SELECT 1;")
    code, _, err = run("status", str(tmp_path / "loose.sql"))
    assert code == 2
    assert "no history to show" in err
