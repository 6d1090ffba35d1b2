"""The fold: transactions as Drizzle opens them, locks carried along, and what is reused of an earlier timeline."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from raincheck.engine.stepping import Conditions
from raincheck.engine.timeline import fold
from raincheck.sql.names import Name
from support.projects import chunked, project

IN_ONE = Conditions(15, transactional=True, cautious=False)
ONE_BY_ONE = Conditions(15, transactional=False, cautious=False)

INIT = 'CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text);'
INDEX = 'CREATE INDEX "i" ON "users" ("email");'
USERS = Name("public", "users")


def transactions(migrations, on=IN_ONE, since="0"):
    steps = fold(project({"0": INIT, **migrations}, since=since), on).steps
    return [(step.transaction.index, step.transaction.opened_by) for step in steps if step.pending]


def test_all_pending_migrations_share_one_transaction():
    assert transactions({"1": chunked(INDEX, "SELECT 1;"), "2": "SELECT 2;"}) == [(0, "drizzle")] * 3


def test_without_a_transactional_driver_each_statement_runs_alone():
    found = transactions({"1": chunked(INDEX, "SELECT 1;")}, ONE_BY_ONE)
    assert found == [(0, "autocommit"), (1, "autocommit")]


def test_an_embedded_commit_ends_it_for_later_files_too_until_begin():
    found = transactions(
        {"1": chunked("COMMIT;", INDEX), "2": "SELECT 1;", "3": chunked("BEGIN;", "SELECT 2;")}
    )
    assert [opened for _, opened in found] == ["drizzle", "autocommit", "autocommit", "autocommit", "begin"]
    assert [index for index, _ in found] == [0, 1, 2, 3, 4]


def test_statements_sent_as_one_query_share_a_transaction_of_their_own():
    found = transactions({"1": chunked("COMMIT;", "SELECT 1; SELECT 2;")})
    assert found == [(0, "drizzle"), (1, "chunk"), (1, "chunk")]


def test_commit_in_the_same_query_leaves_the_rest_in_a_transaction():
    assert [opened for _, opened in transactions({"1": f"COMMIT; {INDEX}"})] == ["drizzle", "chunk"]


def test_and_chain_opens_the_next_at_once_and_begin_in_a_chunk_keeps_what_stands_before_it():
    assert transactions({"1": chunked("COMMIT AND CHAIN;", "SELECT 1;")}) == [(0, "drizzle"), (1, "begin")]
    found = transactions({"1": chunked("COMMIT;", "SELECT 1; BEGIN; SELECT 2;", "SELECT 3;")})
    assert found == [(0, "drizzle"), (1, "chunk"), (1, "chunk"), (1, "begin"), (1, "begin")]


def test_rollback_takes_the_schema_back():
    one, two, three = (f'CREATE TABLE "{name}" ();' for name in ("one", "two", "three"))

    def left(*chunks):
        return set(fold(project({"0": INIT, "1": chunked(*chunks)}, since="0"), IN_ONE).schema.relations)

    assert left(one, "ROLLBACK;", two) == left(two)
    assert left(one, "SAVEPOINT s;", two, "ROLLBACK TO s;", three) == left(one, three)
    assert left(one, "SAVEPOINT s;", two, "RELEASE s;", "ROLLBACK TO s;") == left(one, two)


def test_applied_migrations_have_no_transaction():
    steps = fold(project({"0": INIT, "1": INDEX}, since="1"), IN_ONE).steps
    assert {step.transaction.opened_by for step in steps} == {"history"}


def test_locks_are_held_to_the_end_of_the_last_file_and_let_go_by_commit():
    steps = fold(
        project({"0": INIT, "1": INDEX, "2": chunked("SELECT 1;", "COMMIT;", "SELECT 2;")}, since="0"), IN_ONE
    )
    index, first, commit, last = steps.steps[1:]
    assert USERS not in index.transaction.held
    assert first.transaction.held[USERS].mode.value == "ShareLock"
    assert first.transaction.held[USERS].step == index.ordinal
    assert USERS in commit.transaction.held
    assert USERS not in last.transaction.held
    assert (index.transaction.unlimited, last.transaction.unlimited) == (False, True)


def test_set_outlives_commit_and_set_local_does_not():
    sql = chunked(
        "SET LOCAL lock_timeout = '2s';", "SET statement_timeout = 500;", "SELECT 1;", "COMMIT;", "SELECT 2;"
    )
    *_, inside, _, behind = fold(project({"0": INIT, "1": sql}, since="0"), IN_ONE).steps
    assert dict(inside.transaction.settings) == {"lock_timeout": "2s", "statement_timeout": "500"}
    assert dict(behind.transaction.settings) == {"statement_timeout": "500"}


def test_reset_takes_a_setting_away():
    sql = chunked("SET lock_timeout = '2s';", "RESET lock_timeout;", "SELECT 1;")
    assert not dict(fold(project({"0": INIT, "1": sql}, since="0"), IN_ONE).steps[-1].transaction.settings)


def test_a_table_of_the_run_is_new_also_under_another_name_and_one_of_before_is_not():
    sql = chunked(
        'CREATE TABLE "a" ("id" int);', 'ALTER TABLE "a" RENAME TO "b";', 'ALTER TABLE "users" RENAME TO "people";',
        "SELECT 1;",
    )  # fmt: skip
    last = fold(project({"0": INIT, "1": sql}, since="0"), IN_ONE).steps[-1]
    assert not last.exists(Name("", "b"))
    assert last.exists(Name("", "people"))
    assert last.exists(Name("", "nobody_made_this"))


def test_where_nobody_knows_what_is_applied_only_a_migrations_own_tables_are_new():
    found = project({"0": INIT, "1": INDEX})
    cautious = fold(found, Conditions(15, transactional=True, cautious=True)).steps
    assert not cautious[0].exists(USERS) or cautious[0].before.table(USERS) is None
    assert cautious[1].exists(USERS)
    assert not fold(found, IN_ONE).steps[1].exists(USERS)


def test_an_index_built_concurrently_in_a_transaction_fails_for_certain():
    step = fold(
        project({"0": INIT, "1": 'CREATE INDEX CONCURRENTLY "i" ON "users" ("email");'}, since="0"), IN_ONE
    )
    failure = step.steps[-1].fails
    assert (failure.sqlstate, failure.message) == (
        "25001",
        "CREATE INDEX CONCURRENTLY cannot run inside a transaction block",
    )


STATEMENTS = (
    INDEX,
    'ALTER TABLE "users" ADD COLUMN "n" int;',
    'CREATE TABLE "t" ("id" int);',
    "COMMIT;",
    "BEGIN;",
    "SET lock_timeout = '1s';",
    'DROP TABLE "users";',
    "nonsense;",
)
TEXTS = st.lists(st.sampled_from(STATEMENTS), max_size=5).map(lambda all_of: chunked(*all_of))


@settings(max_examples=60, deadline=None)
@given(before=st.lists(TEXTS, min_size=1, max_size=3), after=st.lists(TEXTS, min_size=1, max_size=3))
def test_a_timeline_that_reuses_another_is_the_one_folded_afresh(before, after):
    old = fold(project({"i": INIT, **{str(n): text for n, text in enumerate(before)}}, since="i"), IN_ONE)
    new = project({"i": INIT, **{str(n): text for n, text in enumerate(after)}}, since="i")
    fresh, reusing = fold(new, IN_ONE), fold(new, IN_ONE, old)
    assert [step.after for step in reusing.steps] == [step.after for step in fresh.steps]
    assert [step.transaction for step in reusing.steps] == [step.transaction for step in fresh.steps]
    assert [step.statement for step in reusing.steps] == [step.statement for step in fresh.steps]


def test_an_edit_leaves_the_steps_before_it_as_they_are():
    first = fold(project({"0": INIT, "1": INDEX, "2": "SELECT 1;"}, since="0"), IN_ONE)
    second = fold(project({"0": INIT, "1": INDEX, "2": "SELECT 2;"}, since="0"), IN_ONE, first)
    assert second.reused == 2
    assert second.steps[1].after is first.steps[1].after


def test_text_that_moved_is_reused_at_its_new_place():
    first = fold(project({"0": INIT, "1": INDEX}, since="0"), IN_ONE)
    second = fold(project({"0": INIT, "1": f"-- new\n{INDEX}"}, since="0"), IN_ONE, first)
    assert second.reused == 2
    assert second.steps[1].statement.span.start == len("-- new\n")
