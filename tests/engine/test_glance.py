"""A glance at the query that somebody types in says what an analysis of everything says, but for the rules of the run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.engine.glance import glance, placed
from raincheck.engine.rule import RunRule
from raincheck.engine.settings import Settings
from raincheck.rules import ALL
from raincheck.sql.chunks import BREAKPOINT
from support.counting import calls
from support.projects import analysis, chunked

RULES = tuple(rule for rule in ALL if not isinstance(rule, RunRule))
INIT = chunked('CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text);', "CREATE TABLE t (a int);")
STATEMENTS = (
    "-- caf\u00e9 \U0001f600\n",
    'CREATE INDEX "i" ON "users" ("email");\n',
    'ALTER TABLE "users" ADD COLUMN "n" int NOT NULL; DROP INDEX "i";\n',
    "-- raincheck: allow table-dropped because it is empty\nDROP TABLE t;\n",
    "UPDATE users SET email = '';\n",
    'ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL;\n',
    "SET lock_timeout = '1s';\n",
    'CREATE INDEX CONCURRENTLY "j" ON "users" ("n");\n',
)
TEXT = chunked(*STATEMENTS)
TYPED = ['"', "x", "\n", ";", "'", "\u00e9", "--", "ROLLBACK;", 'DROP TABLE "users";', BREAKPOINT, ""]
EDITS = st.integers(0, len(TEXT)), st.sampled_from([0, 0, 0, 1, 2, 40]), st.sampled_from(TYPED)
PATH = "drizzle/0001_next.sql"


def analysed(text, **options):
    return analysis({"0000_init": INIT, "0001_next": text}, since="0000_init", **options)


BEFORE = analysed(TEXT, rules=RULES)


def in_order(findings):
    found = sorted(findings, key=lambda f: (f.span, f.severity.rank))
    return [(f.rule, f.severity, f.message, f.help, f.span, [r.message for r in f.related]) for f in found]


@given(*EDITS)
def test_it_says_of_the_query_what_an_analysis_of_all_says(place, length, typed):
    text = TEXT[:place] + typed + TEXT[place + length :]
    seen = glance(BEFORE, PATH, text)
    exact = analysed(text, rules=RULES)
    if seen is not None:
        first, statements = seen.ordinals.start, len(seen.now.document.statements)
        assert len(exact.timeline.steps) - len(BEFORE.timeline.steps) == statements - len(seen.ordinals)
        inside = range(first, first + statements)
        assert in_order(seen.findings) == in_order(f for f in exact.by_path.get(PATH, ()) if f.step in inside)


@given(*EDITS)
def test_all_else_is_where_it_has_moved_to(place, length, typed):
    text = TEXT[:place] + typed + TEXT[place + length :]
    seen = glance(BEFORE, PATH, text)
    for finding in BEFORE.by_path[PATH] if seen else ():
        if finding.step not in seen.ordinals and finding.step is not None:
            assert placed(finding, BEFORE, seen.change).span.within(text) == finding.span.within(TEXT)


def test_of_every_query_there_is_one():
    for number in range(1, len(STATEMENTS)):
        text = chunked(*(one + "-- x\n" * (n == number) for n, one in enumerate(STATEMENTS)))
        assert glance(BEFORE, PATH, text) is not None


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("users", "people"),
        TEXT.replace(BREAKPOINT, "", 3),
        TEXT.replace("SET lock", f"{BREAKPOINT}\nSET lock"),
        TEXT.replace("-- caf\u00e9", "SELECT 1; -- caf\u00e9"),
    ],
    ids=["two queries", "breakpoints away", "another breakpoint", "a query that was empty"],
)
def test_there_is_none_where_more_than_a_query_is_another(text):
    assert glance(BEFORE, PATH, text) is None


def test_there_is_none_of_applied_migrations_and_other_files():
    assert glance(BEFORE, "drizzle/0000_init.sql", f"{INIT} ") is None
    assert glance(BEFORE, "drizzle/0002_gone.sql", "SELECT 1;") is None


def test_there_is_none_beside_a_baseline():
    before = analysed(TEXT, settings=Settings(known=()))
    assert before.settings.known is not None
    assert glance(before, PATH, f"{TEXT} ") is None


def test_there_is_none_where_a_breakpoint_cuts_through_a_literal():
    text = chunked("SELECT 1;\n", "SELECT 'a\n", "b';\n", "SELECT 2;\n")
    before = analysed(text)
    assert glance(before, PATH, text.replace("'a", "'ax")) is None
    assert glance(before, PATH, text.replace("b'", "bx'")) is None
    assert glance(before, PATH, text.replace("2", "3")) is not None


def test_what_the_run_s_rules_said_of_the_query_stays():
    text = chunked('ALTER TABLE "users" DROP COLUMN "email";\n', 'UPDATE "users" SET id = 1;\n')
    before = analysed(text)
    assert in_order(before.by_path[PATH])[0][0] == "column-dropped"
    seen = glance(before, PATH, text.replace("COLUMN", "/* x */\nCOLUMN"))
    exact = analysed(text.replace("COLUMN", "/* x */\nCOLUMN"))
    assert in_order(seen.findings) == in_order(f for f in exact.by_path[PATH] if f.step in seen.ordinals)


def test_its_work_grows_with_the_lines_of_a_file_and_not_with_its_statements():
    def work(count):
        statements = [f'CREATE INDEX "i{n}" ON "users" ("email");\n' for n in range(count)]
        before = analysed(chunked(*statements))
        text = chunked(*statements).replace(f'INDEX "i{count // 2}', 'INDEKS "x')
        assert before.steps_by_path
        return calls(lambda: glance(before, PATH, text)), 2 * count  # lines

    (few, lines), (many, more_lines) = work(100), work(1000)
    assert many - few < 2 * (more_lines - lines)
