"""What a review comes to; that its rollback and its checks are right is tests/live/test_migrate.py's."""

from __future__ import annotations

import pytest

from raincheck.engine.settings import Settings
from raincheck.engine.sizes import Figures, Size, SizeClass, Sizes
from raincheck.plan.lasting import Lasts, lasting
from raincheck.plan.review import Verdict, review
from raincheck.sql.names import Name
from support.changes import changing
from support.projects import analysis, chunked

TIMEOUT = "SET LOCAL lock_timeout = '2s';"


def reviewed(*statements, **options):
    """The review of one migration with a lock_timeout, as users and posts are in use."""
    found = changing(TIMEOUT, *statements, **options)
    return review(found)


@pytest.mark.parametrize(
    ("sql", "verdict"),
    [
        ('ALTER TABLE "users" ADD COLUMN "nick" text;', Verdict.SAFE),
        ('CREATE TABLE "tags" ("id" integer PRIMARY KEY);', Verdict.SAFE),
        ('CREATE INDEX "i" ON "users" ("name");', Verdict.NEEDS_CHANGES),
        ('ALTER TABLE "users" RENAME COLUMN "name" TO "called";', Verdict.NEEDS_CHANGES),
        ('ALTER TABLE "users" DROP COLUMN "age";', Verdict.BLOCKED),
        (
            'ALTER TABLE "nowhere" ADD COLUMN "a" text; ALTER TABLE "users" ADD COLUMN "age" text;',
            Verdict.BLOCKED,
        ),
        ("SELEC 1;", Verdict.BLOCKED),
    ],
)
def test_the_verdict_is_that_of_the_worst_finding(sql, verdict):
    assert reviewed(sql).verdict is verdict


def test_what_is_allowed_is_safe_and_keeps_its_gate():
    found = reviewed(
        '-- raincheck: allow column-dropped because nobody reads it\nALTER TABLE "users" DROP COLUMN "age";'
    )
    line = found.lines[1]
    assert (found.verdict, line.severity, line.gate.value, found.gate.value) == (
        Verdict.SAFE,
        None,
        "red",
        "red",
    )


def test_a_missing_lock_timeout_is_nobody_s_risk_but_asks_for_a_change():
    found = review(changing('ALTER TABLE "users" ADD COLUMN "nick" text;'))
    assert [line.severity for line in found.lines] == [None]
    assert [finding.rule for finding in found.required] == ["lock-timeout-missing"]
    assert found.verdict is Verdict.NEEDS_CHANGES


def test_an_idiom_is_the_risk_of_each_of_its_statements():
    found = reviewed(
        'ALTER TABLE "users" DROP CONSTRAINT "users_pkey";', 'ALTER TABLE "users" ADD PRIMARY KEY ("id");'
    )
    assert [line.severity is None for line in found.lines] == [True, False, False]


def held(found):
    return [
        (str(one.relation), one.mode.sql, found.number(one.since.ordinal), one.behind, len(one.working))
        for one in found.held
    ]


def test_locks_that_outlast_their_statement_are_told_until_a_stronger_one_comes():
    found = reviewed(
        'CREATE INDEX "i" ON "users" ("name");',
        'ALTER TABLE "posts" ADD COLUMN "a" text;',
        'ALTER TABLE "users" ADD COLUMN "b" text;',
        'CREATE INDEX "j" ON "posts" ("author");',
    )
    assert held(found) == [
        ("public.users", "SHARE", 2, 2, 0),
        ("public.posts", "ACCESS EXCLUSIVE", 3, 2, 1),
        ("public.users", "ACCESS EXCLUSIVE", 4, 1, 1),
    ]


def test_a_table_is_the_same_under_its_new_name():
    found = reviewed('ALTER TABLE "users" RENAME TO "people";', 'ALTER TABLE "people" ADD COLUMN "a" text;')
    assert held(found) == [("public.users", "ACCESS EXCLUSIVE", 2, 1, 0)]


def test_nothing_is_held_past_a_commit_or_without_a_transaction():
    one, other = 'ALTER TABLE "users" ADD COLUMN "b" text;', 'ALTER TABLE "posts" ADD COLUMN "a" text;'
    assert held(reviewed(one, "COMMIT;", "BEGIN;", other)) == [("public.users", "ACCESS EXCLUSIVE", 2, 1, 0)]
    assert held(reviewed(one, other, settings=Settings(runner="statement"))) == []


def test_one_migration_of_a_run_is_reviewed_where_it_stands():
    found = analysis(
        {
            "0_init": 'CREATE TABLE "t" ("a" integer); CREATE TABLE "u" ("a" integer);',
            "1_one": chunked(TIMEOUT, 'ALTER TABLE "t" ADD COLUMN "b" text;'),
            "2_two": 'ALTER TABLE "u" DROP COLUMN "a";',
        },
        since="0_init",
    )
    one, two = found.project.migrations[1:]
    assert review(found, [one]).verdict is Verdict.SAFE
    assert held(review(found, [one])) == [("public.t", "ACCESS EXCLUSIVE", 2, 1, 0)]
    assert (review(found, [two]).verdict, held(review(found, [two]))) == (Verdict.BLOCKED, [])
    assert [line.number for line in review(found).lines] == [1, 2, 3]


def test_what_is_wrong_with_another_file_is_told_of_the_run_only():
    settings = Settings(tables={Name("", "user"): Size("raincheck.toml", said=SizeClass.LARGE)})
    found = changing("SELECT 1;", settings=settings)
    assert review(found, [found.project.migrations[1]]).verdict is Verdict.SAFE
    assert [finding.path for finding in review(found).required] == ["raincheck.toml"]


def test_what_has_run_is_nobody_s_risk_whatever_it_is():
    assert review(analysis({"0_init": "SELEC 1;", "1_one": "SELECT 1;"}, since="0_init")).required == ()


LARGE = Figures(rows=50_000_000, heap=8_000_000_000, indexes=2_000_000_000, total=10_000_000_000)


@pytest.mark.parametrize(
    ("sql", "size", "of_class", "words"),
    [
        ('ALTER TABLE "users" ADD COLUMN "nick" text;', None, Lasts.INSTANT, "instant"),
        ('CREATE INDEX "i" ON "users" ("name");', None, Lasts.GROWS, "grows with the table"),
        (
            'CREATE INDEX "i" ON "users" ("name");',
            Size("x", figures=LARGE, rows=50_000_000),
            Lasts.GROWS,
            "minutes",
        ),
        (
            'CREATE INDEX "i" ON "users" ("name");',
            Size("x", said=SizeClass.SMALL),
            Lasts.SHORT,
            "short: the table is small",
        ),
        ('CREATE TABLE "n" ("a" integer); CREATE INDEX "i" ON "n" ("a");', None, Lasts.INSTANT, "instant"),
        ('UPDATE "users" SET "age" = 1;', None, Lasts.ROWS, "grows with the rows it touches"),
        ('CREATE INDEX CONCURRENTLY "i" ON "users" ("name");', None, Lasts.FAILS, "it fails"),
        ("SELECT f();", None, Lasts.UNKNOWN, "not known"),
        ("SELEC 1;", None, Lasts.UNKNOWN, "not known"),
    ],
)
def test_how_long_it_lasts_is_a_class_and_a_word(sql, size, of_class, words):
    sizes = Sizes() if size is None else Sizes(measured={Name("public", "users"): size})
    found = changing(sql, settings=Settings(sizes=sizes))
    last = lasting(found.timeline.pending[-1], found.sizing)
    assert (last.of_class, last.words) == (of_class, words)


def test_a_concurrent_build_goes_by_the_table_and_a_drop_by_the_others():
    found = reviewed(
        'CREATE INDEX "i" ON "posts" ("author");', "COMMIT;", 'DROP INDEX CONCURRENTLY "users_pkey";'
    )
    assert found.lines[-1].lasting.of_class is Lasts.WAITS
