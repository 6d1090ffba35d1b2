from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from raincheck.cli.asking import Lock, Locks, Recipe, Rule, Sql, asked
from raincheck.locks.modes import Mode
from raincheck.rules import ALL, recipes

NOT_NULL = 'ALTER TABLE "users" ALTER COLUMN "age" SET NOT NULL'


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    """A terminal of 100 columns, wherever the tests run."""
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A folder without a project."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_all_rules_are_listed_with_their_summaries(run):
    code, out, _ = run("explain")
    assert code == 0
    assert len(out.splitlines()) == len(ALL)
    for rule, line in zip(ALL, out.splitlines(), strict=True):
        assert line.split()[:2] == [rule.name, rule.severity]
        assert line.endswith(rule.__doc__.splitlines()[0])


def test_a_page_is_shown(run):
    code, out, _ = run("explain", "index-blocks-writes")
    assert code == 0
    assert "index-blocks-writes" in out
    assert "```" not in out


@pytest.mark.parametrize("name", recipes.names())
def test_a_recipe_is_shown(run, name):
    code, out, _ = run("explain", name)
    assert code == 0
    assert out == run("explain", "recipe", name).out
    assert f"{recipes.recipe(name).splitlines()[0].removeprefix('# ')}\n" in out
    for mark in ("```", "<!--", "rows.sql", "fails=", "]("):
        assert mark not in out


def test_all_recipes_are_listed_with_their_titles(run):
    code, out, _ = run("explain", "recipes")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(recipes.names())
    assert "rename-a-column           Rename a column\n" in out


def test_a_page_says_which_recipe_it_leads_to(run):
    assert "in batches (backfill)" in " ".join(run("explain", "required-column").out.split())


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Rule("")),
        ("pgvector", Recipe("pgvector")),
        ("recipe pgvector", Recipe("pgvector")),
        ("recipes", Recipe("")),
        ("index-blocks-writes", Rule("index-blocks-writes")),
        ("lock AccessExclusiveLock", Lock(Mode.ACCESS_EXCLUSIVE)),
        ("lock ACCESS EXCLUSIVE", Lock(Mode.ACCESS_EXCLUSIVE)),
        ("LOCK access-exclusive", Lock(Mode.ACCESS_EXCLUSIVE)),
        ("lock share  ROW exclusive mode", Lock(Mode.SHARE_ROW_EXCLUSIVE)),
        ("lock share", Lock(Mode.SHARE)),
        ("lock sharelock", Lock(Mode.SHARE)),
        ("RowExclusiveLock", Lock(Mode.ROW_EXCLUSIVE)),
        ("access-share", Lock(Mode.ACCESS_SHARE)),
        ("locks", Locks()),
        ("lock", Locks()),
        ("LOCK TABLE users", Sql("LOCK TABLE users")),
        ("lock table access exclusive", Sql("lock table access exclusive")),
        ("LOCK users IN SHARE MODE", Sql("LOCK users IN SHARE MODE")),
        ("VACUUM", Sql("VACUUM")),
        ("commit", Sql("commit")),
        ("DROP TABLE users", Sql("DROP TABLE users")),
        ("index blocks writes", Sql("index blocks writes")),
        ("SELECT\n1", Sql("SELECT\n1")),
        ("BEGIN;COMMIT;", Sql("BEGIN;COMMIT;")),
    ],
)
def test_what_is_asked_about(text, meant):
    assert asked(text) == meant


@pytest.mark.parametrize("mode", Mode)
def test_every_mode_has_a_page(run, mode):
    code, out, _ = run("explain", "lock", mode.value)
    assert code == 0
    assert out.startswith(f"{mode.sql}  ({mode.value} in pg_locks)\n")
    assert run("explain", "lock", *mode.sql.lower().split()).out == out
    assert ("The queue" in out) == (mode.rank >= Mode.SHARE.rank)


def test_the_page_of_a_mode_is_of_a_version(run):
    """DETACH PARTITION locks the partition more from 14 on, and CONCURRENTLY is new."""
    old = run("explain", "lock", "SHARE UPDATE EXCLUSIVE", "--postgres", "13").out
    new = run("explain", "lock", "SHARE UPDATE EXCLUSIVE", "--postgres", "14").out
    line = next(line for line in new.splitlines() if "DETACH PARTITION" in line)
    assert line != next(line for line in old.splitlines() if "DETACH PARTITION" in line)
    assert "What takes it on PostgreSQL 13" in old


def test_the_matrix(run):
    out = run("explain", "locks").out
    assert "SHARE ROW EXCLUSIVE     .      x       .          x       x             x\n" in out
    assert "SHARE ROW EXCLUSIVE (SRX)     .   .   x   x    x  x    x  x\n" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("index-block-writes",), "there is no rule index-block-writes; did you mean index-blocks-writes?"),
        (("nonsense",), "there is no rule nonsense; `raincheck explain` lists them all."),
        (
            ("lock", "acces", "exclusive"),
            "there is no lock mode acces exclusive; did you mean ACCESS EXCLUSIVE?",
        ),
        (("recipe", "drop-column"), "there is no recipe drop-column; did you mean drop-a-column?"),
        (("recipe", "zzz"), "`raincheck explain recipes` lists them."),
        (("lock", "users"), "The statement is written LOCK TABLE users."),
        (("drizzle/0001.sql",), "`raincheck check drizzle/0001.sql`"),
        (("locks", "--format", "json"), "--format and --schema are for SQL."),
        (("--schema", "gone.sql", NOT_NULL), "gone.sql"),
        (("-- nothing",), "There is no SQL statement in it."),
    ],
)
def test_what_there_is_not(run, nowhere, arguments, said):
    code, out, err = (
        run("explain", "--", *arguments) if arguments[0].startswith("-- ") else run("explain", *arguments)
    )
    assert (code, out) == (2, "")
    assert said in err


def test_sql_without_a_schema_lists_what_it_depends_on(run, nowhere):
    code, out, _ = run("explain", NOT_NULL)
    assert code == 0
    assert out.startswith("PostgreSQL 15 (assumed; --postgres says which). No schema is known")
    assert "public.users  ACCESS EXCLUSIVE  blocks reads and writes  reads every row\n" in out
    assert "every later query on the table waits behind it" in out
    assert (
        "    1.  if the column is NOT NULL already:\n"
        "        ACCESS EXCLUSIVE on the relation\n"
        "        changes only the catalog\n"
    ) in out
    assert "    2.  if valid checks prove it for every table: CHECK (column IS NOT NULL)" in out
    assert "    3.  otherwise:\n" in out
    assert "raincheck explain set-not-null-scans" in out


def test_sql_behind_the_project(run, project):
    code, out, _ = run("explain", "--postgres", "16", NOT_NULL)
    assert code == 0
    assert out.startswith("PostgreSQL 16, behind drizzle.\n")
    assert "otherwise" not in out
    assert "Not known" not in out


def test_sql_behind_schema_files(run, nowhere):
    (nowhere / "a.sql").write_text(
        "CREATE TABLE users (id integer PRIMARY KEY, age integer NOT NULL);\nnonsense;"
    )
    (nowhere / "b.sql").write_text("CREATE INDEX users_age ON users (age);")
    code, out, _ = run("explain", "--schema", "a.sql", "--schema", "b.sql", "DROP TABLE users")
    assert code == 0
    assert out.startswith("note: a.sql:2: this is left out of the schema, it cannot be read: syntax error")
    assert "public.users_age" in out
    assert "reads every row" not in run("explain", "--schema", "a.sql", NOT_NULL).out


def test_several_statements_on_standard_input(run, nowhere, monkeypatch):
    monkeypatch.setattr(
        "sys.stdin", io.StringIO("CREATE TABLE a (id integer);\nDROP TABLE b;\nDROP INDEX CONCURRENTLY i")
    )
    code, out, _ = run("explain", "-")
    assert code == 0
    assert "It locks nothing that existed before it." in out
    assert "Already held: public.b ACCESS EXCLUSIVE." in out
    assert "It fails: DROP INDEX CONCURRENTLY cannot run inside a transaction block (SQLSTATE 25001)." in out


def test_standard_input_is_sql_whatever_it_says(run, nowhere, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("locks"))
    code, out, _ = run("explain", "-")
    assert code == 1
    assert "This statement cannot be read: syntax error" in out


def test_what_is_wrong_with_a_statement_is_said_once(run, nowhere):
    out = run("explain", "ALTER TABL x").out
    assert out.count('syntax error at or near "TABL"') == 1
    out = run("explain", "DROP INDEX CONCURRENTLY i").out
    assert "It fails: " in out
    assert "stays locked" not in out


def test_sql_as_json(run, nowhere):
    code, out, _ = run("explain", "--format", "json", "--postgres", "12", NOT_NULL, ";", "nonsense")
    found = json.loads(out)
    assert code == 1
    assert (found["postgres"], found["behind"]) == (12, [])
    first, second = found["statements"]
    [lock] = first["locks"]
    assert (lock["relation"], lock["mode"], lock["work"]) == ("public.users", "AccessExclusiveLock", ["scan"])
    assert lock["says"] == "blocks reads and writes"
    assert lock["blocks"] == ["read", "write", "row_lock", "vacuum", "create_index", "ddl"]
    assert first["queue"] == "While it waits for this lock, every later query on the table waits behind it."
    [depends] = first["depends"]
    assert depends["action"] == "set_not_null"
    assert [bool(variant["work"]) for variant in depends["variants"]] == [False, False, True]
    assert second["problem"].startswith("syntax error")


def test_several_projects_are_none(run, tmp_path, monkeypatch):
    for name in ("a", "b"):
        folder = tmp_path / name / "drizzle" / "meta"
        folder.mkdir(parents=True)
        (folder / "_journal.json").write_text('{"version": "7", "dialect": "postgresql", "entries": []}')
        (tmp_path / name / "drizzle.config.json").write_text('{"dialect": "postgresql", "out": "./drizzle"}')
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("explain", NOT_NULL)
    assert code == 0
    assert "No schema is known" in out


def test_help_starts_without_what_it_would_need():
    script = (
        "import sys; from raincheck.cli.main import run; run(['explain', '--help']);"
        "print(*(name for name in sys.modules if name.startswith(('raincheck.rules', 'pglast', 'pydantic'))))"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1].strip() == ""


def test_a_block_says_what_may_run_and_what_cannot_be_told(run, nowhere):
    block = """
    DO $$ BEGIN
      IF now() > '2026-01-01' THEN DROP TABLE a; ELSE TRUNCATE b; END IF;
      BEGIN CREATE INDEX i ON c (d); EXCEPTION WHEN duplicate_table THEN NULL; END;
      EXECUTE 'DROP TABLE ' || 'e';
    END $$"""
    out = " ".join(run("explain", block).out.split())
    assert (
        "DROP TABLE a (may not run), TRUNCATE b (may not run), CREATE INDEX i on c (duplicate_table is caught)"
        in out
    )
    assert "Not known: all that the DO block does: it runs SQL that it puts together itself." in out
    assert "Take it out of the block" in out


def test_a_block_in_another_language_is_opaque(run, nowhere):
    out = run("explain", "DO LANGUAGE plv8 $$ plv8.execute('DROP TABLE a') $$").out
    assert "Not known: all that the DO block does: it is written in plv8." in out


def test_the_body_of_a_new_function_is_not_run(run, nowhere):
    function = "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE a; END $$"
    out = run("explain", f"{function}; SELECT f()").out
    before, _, after = out.partition("SELECT f()")
    assert "It locks nothing that existed before it." in before
    assert "public.a" in after
    assert "ACCESS EXCLUSIVE" in after


def test_a_change_of_type_says_what_it_costs_from_which_type(run, nowhere):
    out = " ".join(run("explain", "ALTER TABLE app.users ALTER COLUMN email TYPE text").out.split())
    assert "changes only the catalog from text, varchar, varchar(20), varchar(99)" in out
    assert "rewrites the table from smallint," in out
    out = " ".join(run("explain", "ALTER TABLE users ALTER COLUMN age TYPE integer").out.split())
    assert "fails from " in out
    assert "text" in out.partition("fails from ")[2]
    out = run("explain", "ALTER TABLE users ALTER COLUMN age TYPE mood").out
    assert "public.users  ACCESS EXCLUSIVE  blocks reads and writes  not known\n" in out
    assert "from smallint" not in out
