"""What a hover says of a failure in a run that an embedded COMMIT has split."""

from __future__ import annotations

from raincheck.ide.aftermath import aftermath
from raincheck.ide.blocks import plain
from support.changes import TABLES
from support.projects import analysis, chunked

INDEX = 'CREATE INDEX CONCURRENTLY "users_age_index" ON -- here\n "users" ("age");'


def check(says: str, *migrations: str, at: str = "-- here", **options: object) -> None:
    """`migrations` are pending; one statement in them holds the mark `at`."""
    texts = {"0000_init": TABLES} | {f"000{n}_m": text for n, text in enumerate(migrations, 1)}
    found = analysis(texts, since="0000_init", **options)
    step = next(step for step in found.timeline.steps if at in step.statement.text)
    assert plain(aftermath(found, step)) == says


def test_one_transaction_leaves_nothing() -> None:
    check("", 'CREATE TABLE "a" ();', 'CREATE TABLE -- here\n "b" ();')


def test_work_before_a_commit_stays_without_its_row() -> None:
    check(
        "If it fails, this stays: what ran at 0001_m:1; the INVALID index public.users_age_index. The next run cannot get "
        'past 0001_m:1: relation "a" already exists (42P07).',
        chunked('CREATE TABLE "a" ();\n', "COMMIT;\n", INDEX, "BEGIN;"),
    )


def test_rows_of_earlier_migrations_stay() -> None:
    check(
        "If it fails, this stays: what ran at 0001_m:1; the journal rows of 0001_m; the INVALID index "
        'public.users_age_index. The next run cannot get past 0002_m:3: relation "users_age_index" already exists (42P07).',
        'CREATE TABLE "a" ();',
        chunked("COMMIT;\n", INDEX, "BEGIN;"),
    )


def test_what_can_be_run_again() -> None:
    check(
        "If it fails, this stays: what ran at 0001_m:3. The next run starts with 0001_m again, and can.",
        chunked(
            "COMMIT;\n",
            'CREATE TABLE IF NOT EXISTS "a" ();\n',
            'ALTER TABLE "a" ADD COLUMN -- here\n "b" text;',
        ),
    )
