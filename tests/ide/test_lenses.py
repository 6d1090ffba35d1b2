"""What stands above a migration and its statements."""

from __future__ import annotations

from dataclasses import replace

import pytest

from raincheck.engine.analysis import analyse
from raincheck.engine.settings import Settings
from raincheck.engine.sizes import Size, SizeClass, Sizes
from raincheck.ide.lenses import Gate, lenses
from raincheck.project.project import State
from raincheck.sql.names import Name
from support.changes import TABLES, changing
from support.projects import analysis, chunked

CHANGE = "drizzle/0001_change.sql"
GREEN = Gate("green", "deploys by itself", calm=True)
RED = Gate("red", "wants approval and a backup", ("drop table on posts", "b", "c"))
RETYPE = 'ALTER TABLE "users" ALTER COLUMN "age" SET DATA TYPE bigint;'


def above_the_file(found, path=CHANGE, gate=GREEN) -> list[str]:
    return [lens.title for lens in lenses(found, path, "file", gate)]


def above_statements(*statements: str, wanted: str = "risky", **options: object) -> list[str]:
    found = changing(*statements, **options)
    return [lens.title for lens in lenses(found, CHANGE, wanted, GREEN) if lens.span.start or lens.span.end]


def test_a_first_migration_that_only_creates_stays_calm():
    found = analysis({"0000_init": TABLES}, everything=True)
    assert [(lens.title, lens.shows) for lens in lenses(found, "drizzle/0000_init.sql", "risky", GREEN)] == [
        ("Review", "review"),
        ("Rollback", "rollback"),
        ("Gate green: deploys by itself", ""),
        ("Pending, runs in a transaction of its own", ""),
    ]


def test_a_red_one_says_why_and_offers_a_plan():
    found = lenses(changing('DROP TABLE "posts";'), CHANGE, "file", RED)
    assert [lens.title for lens in found][3:5] == [
        "Gate red: wants approval and a backup (drop table on posts, b and 1 more)",
        "1 danger, 1 risk",
    ]
    assert [lens.shows for lens in found][:3] == ["review", "plan", "rollback"]
    assert not any(lens.shows for lens in found[3:])
    assert {(lens.span.start, lens.span.end) for lens in found} == {(0, 0)}


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (State.APPLIED, "Applied"),
        (State.SKIPPED, "Skipped by Drizzle, for ever"),
        (State.UNKNOWN, "Pending or applied, nobody can tell"),
    ],
)
def test_what_does_not_run_or_nobody_knows_of(state, title):
    found = changing("SELECT 1;")
    migrations = tuple(replace(m, state=state) if m.path == CHANGE else m for m in found.project.migrations)
    found = analyse(replace(found.project, migrations=migrations), found.settings, found.rules)
    assert above_the_file(found, gate=None)[-2:] == ["Rollback", title]


@pytest.mark.parametrize(
    ("texts", "tag", "said"),
    [
        (("SELECT 1;", "SELECT 2;"), "a", "Pending, runs in one transaction with b"),
        (("SELECT 1;", "SELECT 2;", "SELECT 3;", "SELECT 4;"), "b", "Pending, runs in one transaction with a, c and 1 more"),
        (("SELECT 1;", chunked("COMMIT;", "BEGIN;"), "SELECT 3;"), "a", "Pending, runs in one transaction with b"),
        (("SELECT 1;", chunked("COMMIT;", "SELECT 1;", "BEGIN;"), "SELECT 3;"), "b", "Pending, runs in 3 transactions"),
        (("SELECT 1;", chunked("COMMIT;", "BEGIN;"), "SELECT 3;"), "c", "Pending, runs in a transaction of its own"),
        (("-- nothing yet",), "a", "Pending"),
    ],
)  # fmt: skip
def test_the_files_that_run_together(texts, tag, said):
    found = analysis(dict(zip("abcd", texts, strict=False)), everything=True)
    assert said in above_the_file(found, f"drizzle/{tag}.sql")


def test_a_runner_without_transactions():
    found = changing("SELECT 1;", settings=Settings(runner="statement"))
    assert "Pending, runs outside of any transaction" in above_the_file(found)


def test_nothing_above_other_files_and_nothing_where_it_is_off():
    found = changing(RETYPE)
    assert lenses(found, "drizzle/meta/_journal.json", "all", GREEN) == ()
    assert lenses(found, CHANGE, "off", GREEN) == ()


@pytest.mark.parametrize(
    ("sql", "risky", "every"),
    [
        (RETYPE, 'ACCESS EXCLUSIVE on "users": rewrites the whole table and builds an index; blocks reads and writes', None),
        ('CREATE INDEX "i" ON "users" ("age");', 'SHARE on "users": builds an index; blocks writes; reads and row locks go on', None),
        ('ALTER TABLE "users" DROP COLUMN "age";', None, 'ACCESS EXCLUSIVE on "users": changes only the catalog; blocks reads and writes'),
        ('UPDATE "users" SET "age" = 1;', None, 'ROW EXCLUSIVE on "users": touches rows; blocks CREATE INDEX and schema changes; reads and writes go on'),
        ('CREATE TABLE "new" ("id" integer);', None, None),
        ('CREATE INDEX CONCURRENTLY "i" ON "users" ("age");', None, None),
    ],
)  # fmt: skip
def test_above_a_statement(sql, risky, every):
    first = 'CREATE TABLE "other" ("id" integer);'
    assert above_statements(first, sql) == ([risky] if risky else [])
    shown = every or risky
    assert above_statements(first, sql, wanted="all") == ([shown] if shown else [])


def test_work_under_a_lock_of_an_earlier_statement():
    _, update = (
        "",
        *above_statements('ALTER TABLE "posts" DROP COLUMN "author";', 'UPDATE "users" SET "age" = 1;'),
    )
    assert (
        update == 'ROW EXCLUSIVE on "users": touches rows; "posts" stays locked meanwhile (ACCESS EXCLUSIVE)'
    )


def test_a_small_table_is_not_worth_a_word():
    small = Sizes({Name("", "users"): Size("raincheck.toml", said=SizeClass.SMALL)})
    first = 'CREATE TABLE "other" ("id" integer);'
    assert above_statements(first, RETYPE, settings=Settings(sizes=small)) == []
