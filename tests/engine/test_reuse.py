"""What is taken over from an earlier analysis: after any edits, what is said is what an analysis from scratch says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincheck.catalog.parts import Expression
from raincheck.engine.analysis import analyse
from raincheck.engine.convergence import differ_at, difference
from raincheck.engine.haste import HaltedError, Haste
from raincheck.engine.settings import Settings
from raincheck.engine.sizes import SizeClass
from raincheck.rules import ALL
from raincheck.sql.names import Name
from support.projects import analysis, chunked, project, told

INIT = chunked(
    'CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text DEFAULT lower(\'A\'));',
    'CREATE TABLE "posts" ("id" serial PRIMARY KEY, "by" int);',
    "CREATE TYPE \"mood\" AS ENUM ('sad');",
)
STATEMENTS = (
    'CREATE INDEX "i" ON "users" ("email");',
    'CREATE  INDEX "i" ON "users" ("email");',
    'CREATE INDEX "j" ON "users" ("email");',
    'DROP INDEX IF EXISTS "i";',
    'DROP INDEX IF EXISTS "j";',
    'CREATE INDEX CONCURRENTLY IF NOT EXISTS "i" ON "users" ("email");',
    'ALTER TABLE "users" ADD COLUMN "n" int;',
    'ALTER TABLE "users" ADD COLUMN "n" int DEFAULT 1+1;',
    'ALTER TABLE "users" ADD COLUMN "n" int DEFAULT 1 + 1;',
    'ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL;',
    'ALTER TABLE "users" RENAME TO "people";',
    'ALTER TABLE "people" RENAME TO "users";',
    'ALTER TABLE "posts" ADD CONSTRAINT "f" FOREIGN KEY ("by") REFERENCES "users" ("id");',
    'CREATE TABLE "t" ("id" int);',
    'DROP TABLE "t";',
    'DROP TABLE "posts";',
    "ALTER TYPE \"mood\" ADD VALUE 'glad';",
    'ALTER TABLE "posts" ADD COLUMN "m" "mood" DEFAULT \'glad\';',
    'SELECT "email" FROM "users";',
    'UPDATE "users" SET "email" = \'\';',
    "COMMIT;",
    "BEGIN;",
    "ROLLBACK;",
    "SET lock_timeout = '1s';",
    "SET  lock_timeout = '1s';",
    "SELECT 1; SELECT 2;",
    "ALTER TABLE;",
    "nonsense;",
)
LISTS = st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=7)
EDITS = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(STATEMENTS)), min_size=1, max_size=4)
SIZES = st.sampled_from(({}, {"users": SizeClass.LARGE, "posts": SizeClass.SMALL}))


def made(texts, since, sizes=()):
    migrations = {"0": INIT, **{str(number + 1): chunked(*text) for number, text in enumerate(texts)}}
    found = Settings(tables={Name("public", name): size for name, size in dict(sizes).items()})
    return project(migrations, since=since), found


def edited(texts, edit):
    """One statement in the place of another, in one of the texts."""
    place, statement = edit
    changed = [list(text) for text in texts]
    text = changed[place % len(changed)]
    text[place % len(text)] = statement
    return changed


def said(found):
    return told(found), [replace(finding, joined=()) for finding in found.findings]


def state(found):
    return [
        (step.ordinal, step.statement, step.before, step.after, step.transaction, step.on_new_database)
        for step in found.timeline.steps
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(LISTS, min_size=1, max_size=3), EDITS, st.sampled_from(["0", "1"]), SIZES)
def test_after_each_of_many_edits_all_is_as_from_scratch(texts, edits, since, sizes):
    known = analyse(*made(texts, since, sizes), ALL)
    for edit in edits:
        texts = edited(texts, edit)
        now = made(texts, since, sizes)
        known, fresh = analyse(*now, ALL, known), analyse(*now, ALL)
        assert said(known) == said(fresh)
        assert state(known) == state(fresh)
        assert known.exact


@settings(max_examples=40, deadline=None)
@given(st.lists(LISTS, min_size=1, max_size=3), EDITS, st.integers(0, 2))
def test_what_was_passed_over_in_haste_is_made_up_for_without_it(texts, edits, steps):
    known = analyse(*made(texts, "0"), ALL)
    for edit in edits:
        texts = edited(texts, edit)
        known = analyse(*made(texts, "0"), ALL, known, Haste(steps))
        assert [step.statement for step in known.timeline.steps] == [
            step.statement for step in analyse(*made(texts, "0"), ALL).timeline.steps
        ]
    exact, fresh = analyse(*made(texts, "0"), ALL, known), analyse(*made(texts, "0"), ALL)
    assert exact.exact
    assert said(exact) == said(fresh)
    assert state(exact) == state(fresh)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(LISTS, st.integers(0, 20), st.sampled_from(STATEMENTS))
def test_in_haste_the_edited_statement_is_judged_and_the_rest_as_before(text, place, statement):
    old = analyse(*made([text], "0"), ALL)
    now = edited([text], (place, statement))
    hasty, fresh = analyse(*made(now, "0"), ALL, old, Haste(1)), analyse(*made(now, "0"), ALL)
    if len(fresh.timeline.steps) == len(old.timeline.steps):
        [first] = hasty.timeline.made[:1] or [len(old.timeline.steps)]
        assert hasty.step_findings[: first + 1] == fresh.step_findings[: first + 1]
        seam = min(hasty.timeline.seams, default=len(old.timeline.steps))
        behind = (old if hasty.timeline.seams else fresh).step_findings[seam:]
        assert looking_ahead(hasty.step_findings[seam:]) == looking_ahead(behind)


def looking_ahead(found):
    """Without the rule that reads the file's earlier statements: it is asked anew behind the seam."""
    return [[one for one in of_step if one.rule != "invalid-index-hidden"] for of_step in found]


def test_white_space_in_a_statement_leaves_all_behind_it_as_it_was():
    old = analysis({"0": INIT, "1": chunked(*STATEMENTS)}, since="0")
    spaced = (STATEMENTS[0].replace(" ON ", "  ON "), *STATEMENTS[1:])
    new = analysis({"0": INIT, "1": chunked(*spaced)}, since="0", previous=old)
    assert new.timeline.made == (3,)


def test_another_name_is_followed_to_the_end_and_the_same_text_costs_nothing():
    texts = ["a", "b", "b", "a"]
    found, made_then = None, []
    for name in texts:
        sql = chunked(
            f'CREATE TABLE "{name}" ("id" int);', "SELECT 1;", 'DROP TABLE IF EXISTS "a";', "SELECT 2;"
        )
        found = analysis({"0": INIT, "1": sql}, since="0", previous=found)
        made_then.append(found.timeline.made)
    assert made_then == [(0, 1, 2, 3, 4, 5, 6), (3, 4, 5, 6), (), (3, 4, 5, 6)]


def test_an_analysis_that_nobody_waits_for_any_more_ends_at_the_next_step():
    asked = []

    def halted():
        asked.append(True)
        return len(asked) > 2

    found = project({"0": INIT, "1": chunked(*STATEMENTS)}, since="0")
    first = analyse(found, Settings(), ALL, haste=Haste(halted=halted))
    assert first.exact, "nothing is there to fall back on, so it is not halted"
    with pytest.raises(HaltedError):
        analyse(
            project({"0": INIT, "1": "SELECT 0; SELECT 1;" * 3}, since="0"),
            Settings(),
            ALL,
            first,
            Haste(halted=halted),
        )
    assert len(asked) == 3


def test_the_words_of_a_default_count_where_its_tree_does_not():
    one, two = Expression({"A": 1}, "1+1"), Expression({"A": 1}, "1 + 1")
    assert one == two
    assert difference(one, two) == ()
    assert difference((one, 2), (one, 2)) is None
    assert difference((one,), (one, 2)) == ()


def test_where_two_schemas_differ_is_where_they_are_looked_at_first():
    def schema(*names):
        tables = chunked(*(f'CREATE TABLE "{name}" ("id" int);' for name in names))
        return analysis({"0": tables}, everything=True).timeline.schema

    place = difference(schema("a", "b"), schema("a", "c"))
    assert place[:1] == ("relations",)
    assert differ_at(schema("a", "b", "x"), schema("a", "c", "x"), place)
    assert difference(schema("a", "b"), schema("a", "b")) is None
    assert difference(schema("a"), schema("a", "b")) is not None
    assert difference(schema("a", "b"), schema("a")) is not None
