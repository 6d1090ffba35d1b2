"""Sizes of tables: how they are named, what they move, what is said of them, and what they leave alone."""

from __future__ import annotations

from datetime import date

import pytest

from raincheck.engine.durations import duration
from raincheck.engine.finding import Severity
from raincheck.engine.rule import RefusalRule
from raincheck.engine.settings import Settings
from raincheck.engine.size_words import bytes_in_words, rows_in_words
from raincheck.engine.sizes import Figures, Size, SizeClass, Sizes, written
from raincheck.engine.stats_file import Stats, read_stats, render
from raincheck.locks.work import Work
from raincheck.rules import ALL
from raincheck.rules.pages import family
from raincheck.sql.names import Name
from support.projects import analysis, chunked

MB, GB = 1024**2, 1024**3
INIT = (
    'CREATE TABLE "users" ("id" integer PRIMARY KEY, "name" text); CREATE TABLE "rooms" ("id" integer);'
    ' CREATE SCHEMA "log"; CREATE TABLE "log"."Events" ("id" integer);'
)
INDEX = 'CREATE INDEX "i" ON "users" ("name");'
REQUIRED = 'ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL;'


def analysed(sql, tables, measured=None, rules=None):
    said = {written(name): size for name, size in tables.items()}
    settings = Settings(tables=said, sizes=Sizes(said, measured or {}), rules=rules or {})
    texts = {"0": chunked(*INIT.split("; ")), "1": sql}
    return analysis(texts, since="0", settings=settings)


def finding(sql, rule, tables, measured=None, rules=None):
    found = analysed(sql, tables, measured, rules)
    return next(one for finding in found.findings for one in finding.all if one.rule == rule)


def measured(rows, heap, indexes=0):
    return Size("a server", rows=rows, figures=Figures(rows, heap, indexes, heap + indexes))


SMALL = Size("raincheck.toml", said=SizeClass.SMALL)
LARGE = Size("raincheck.toml", said=SizeClass.LARGE)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("events", Name("", "events")),
        ("public.events", Name("public", "events")),
        ('"public"."Events"', Name("public", "Events")),
        ('log."odd.name"', Name("log", "odd.name")),
        ('"say ""hi"""', Name("", 'say "hi"')),
        ('"never closed', Name("", '"never closed')),
    ],
)
def test_tables_are_named_as_people_write_them(key, name):
    assert written(key) == name


@pytest.mark.parametrize(
    ("size", "of_class"),
    [
        (Size("", rows=9_999), "small"),
        (Size("", rows=10_000), "medium"),
        (Size("", rows=1_000_000), "large"),
        (measured(9_999, 16 * MB - 1), "small"),
        (measured(9_999, 16 * MB), "medium"),
        (measured(100, GB), "large"),
        (measured(None, MB), "small"),
        (measured(None, GB), "large"),
        (Size("", said=SizeClass.LARGE, rows=1), "large"),
    ],
)
def test_classes_go_by_the_larger_figure(size, of_class):
    assert size.of_class == of_class


@pytest.mark.parametrize(
    ("sql", "rule", "size", "severity"),
    [
        (INDEX, "index-blocks-writes", SMALL, "note"),
        (INDEX, "index-blocks-writes", Size("", rows=50_000), "risk"),
        (INDEX, "index-blocks-writes", LARGE, "danger"),
        (REQUIRED, "set-not-null-scans", SMALL, "risk"),
        (REQUIRED, "set-not-null-scans", LARGE, "danger"),
        ('DROP TABLE "users";', "table-dropped", SMALL, "danger"),
        ('ALTER TABLE "users" ADD COLUMN "a" text NOT NULL;', "required-column-added", SMALL, "danger"),
        (INDEX, "lock-timeout-missing", SMALL, "risk"),
    ],
)
def test_only_work_and_waiting_for_it_go_by_size(sql, rule, size, severity):
    found = finding(sql, rule, {"users": size})
    assert found.severity == severity
    moved = f"so this is a {severity} instead of" in found.message
    assert moved == (severity != finding(sql, rule, {}).severity)


def test_a_level_of_the_settings_stays():
    found = finding(INDEX, "index-blocks-writes", {"users": LARGE}, rules={"index-blocks-writes": "note"})
    assert found.severity is Severity.NOTE
    assert found.message.endswith('"users" is large (raincheck.toml).')


def test_what_the_team_says_wins_and_a_full_name_over_a_bare_one():
    sizes = Sizes(
        {Name("", "users"): SMALL, Name("public", "users"): LARGE}, {Name("public", "users"): measured(1, 1)}
    )
    assert sizes.of(Name("public", "users")) is LARGE
    assert sizes.of(Name("other", "users")) is SMALL


def test_what_was_measured_is_told_with_an_order_of_magnitude():
    sizes = {Name("public", "users"): measured(12_000_000, 2 * GB, GB)}
    found = finding(REQUIRED, "set-not-null-scans", {}, sizes)
    assert found.message.endswith(
        '"users" has about 12 million rows, 3 GB with indexes (a server); the work takes seconds by estimate.'
    )
    assert "estimate" not in finding(REQUIRED, "set-not-null-scans", {"users": Size("x", rows=10**9)}).message


def test_a_table_keeps_its_size_when_the_run_renames_it():
    sql = chunked(
        'ALTER TABLE "users" RENAME TO "people";',
        'ALTER TABLE "rooms" RENAME TO "users";',
        'CREATE INDEX "i" ON "people" ("name");',
        'CREATE INDEX "j" ON "users" ("id");',
    )
    found = analysed(sql, {"users": LARGE, "rooms": SMALL}).findings
    told = {one.step: one.severity for of in found for one in of.all if one.rule == "index-blocks-writes"}
    assert list(told.values()) == ["danger", "note"]


def test_a_table_that_is_new_in_the_run_has_no_size():
    sql = chunked('CREATE TABLE "fresh" ("id" integer);', 'CREATE INDEX "i" ON "fresh" ("id");')
    found = analysed(sql, {"fresh": LARGE})
    assert [f.rule for f in found.findings] == []
    assert found.sizing.of(found.timeline.steps[-1], Name("public", "fresh")) is None


def test_a_table_that_no_migration_makes_is_told_with_a_suggestion():
    (found,) = analysed("SELECT 1;", {"user": LARGE, "log.Events": SMALL, "Events": SMALL}).findings
    assert (found.rule, found.message) == ("settings-invalid", "There is no table user. Did you mean users?")


def test_nothing_is_told_of_names_where_the_catalog_is_not_complete():
    assert analysed("DO $$ BEGIN EXECUTE 'x'; END $$;", {"user": LARGE}).findings == ()


@pytest.mark.parametrize(
    ("work", "figures", "words"),
    [
        ([Work.SCAN], Figures(10, 8192, 0, 8192), "less than a second"),
        ([Work.SCAN], Figures(None, 10 * GB, 0, 10 * GB), "seconds"),
        ([Work.SCAN, Work.INDEX_BUILD], Figures(100_000_000, 10 * GB, 0, 10 * GB), "minutes"),
        ([Work.REWRITE], Figures(None, 200 * GB, 100 * GB, 300 * GB), "hours"),
        ([Work.REWRITE], Figures(None, 9000 * GB, 0, 9000 * GB), "days"),
        ([Work.ROWS], Figures(10**9, GB, 0, GB), ""),
        ([], Figures(10**9, GB, 0, GB), ""),
    ],
)
def test_durations_are_words(work, figures, words):
    assert duration(work, figures) == words


def test_numbers_in_words():
    assert [rows_in_words(n) for n in (1, 12_000, 3_400_000, 120_000_000)] == [
        "1",
        "12,000",
        "3.4 million",
        "120 million",
    ]
    assert [bytes_in_words(n) for n in (512, 8192, 1536 * MB)] == ["512 bytes", "8 kB", "1.5 GB"]


def test_the_stats_file_is_read_as_it_was_written():
    figures = {
        Name("public", "users"): Figures(None, 8192, 0, 8192),
        Name("a.b", 'o"dd'): Figures(3, 1, 2, 3),
    }
    stats = Stats(date(2026, 11, 1), "16.2", figures)
    assert read_stats(render(stats), "x") == (stats, ())


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 2}', '<<<<<<< HEAD\n{"schema": 1}', "\ufeff{}"])
def test_a_broken_stats_file_is_told(text):
    stats, (problem,) = read_stats(text, "raincheck.stats.json")
    assert stats is None
    assert (problem.rule, problem.path) == ("settings-invalid", "raincheck.stats.json")
    assert "\n" not in problem.message


def test_rules_that_go_by_size_are_about_work_and_nothing_else():
    growing = [rule for rule in ALL if rule.grows]
    families = {family(rule.name) for rule in growing}
    assert families >= {"locking", "rewriting"}
    assert not families & {"data_loss", "compatibility", "history", "reading"}
    assert [
        rule.name for rule in growing if isinstance(rule, RefusalRule) or rule.telling != "together"
    ] == []


def test_what_is_held_meanwhile_counts_for_weak_locks_too():
    held = 'ALTER TABLE "rooms" ADD CONSTRAINT "c" CHECK ("id" > 0) NOT VALID;'
    validate = 'ALTER TABLE "rooms" VALIDATE CONSTRAINT "c";'
    told = finding(chunked(held, validate), "validate-in-same-run", {"rooms": SMALL})
    assert told.severity is Severity.RISK


def test_an_idiom_is_as_large_as_the_largest_table_in_it():
    tables = {"users": SMALL, "rooms": LARGE}
    before = "CREATE TYPE \"mood\" AS ENUM ('a');"
    texts = {
        "0": chunked(
            before,
            'CREATE TABLE "users" ("m" "mood");',
            'CREATE TABLE "rooms" ("m" "mood");',
        ),
        "1": chunked(
            'ALTER TABLE "users" ALTER COLUMN "m" SET DATA TYPE text;',
            'ALTER TABLE "rooms" ALTER COLUMN "m" SET DATA TYPE text;',
            'DROP TYPE "mood";',
            "CREATE TYPE \"mood\" AS ENUM ('b');",
            'ALTER TABLE "users" ALTER COLUMN "m" SET DATA TYPE "mood" USING "m"::"mood";',
            'ALTER TABLE "rooms" ALTER COLUMN "m" SET DATA TYPE "mood" USING "m"::"mood";',
        ),
    }

    def severity(tables):
        said = {Name("", name): size for name, size in tables.items()}
        settings = Settings(tables=said, sizes=Sizes(said))
        found = analysis(texts, since="0", settings=settings).findings
        return next(one for of in found for one in of.all if one.rule == "enum-recreated")

    assert severity(tables).severity is Severity.DANGER
    assert '"rooms" is large (raincheck.toml).' in severity(tables).message
    assert severity({"users": SMALL}).severity is Severity.DANGER
    assert severity({"users": SMALL, "rooms": SMALL}).severity is Severity.RISK
