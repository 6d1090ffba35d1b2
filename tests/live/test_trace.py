"""A trace of small projects: transactions, what is seen from beside, what differs, what a failure leaves behind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from raincheck.engine.analysis import analyse
from raincheck.engine.settings import Settings
from raincheck.live.address import read_address
from raincheck.live.connection import connect, version_of
from raincheck.live.errors import LiveError
from raincheck.live.prediction import Difference, unseen_locks
from raincheck.live.replaying import replay
from raincheck.live.running import Run
from raincheck.live.traced import Left, Trace, Verdict
from raincheck.live.tracing import Where, trace, trace_all
from raincheck.locks.modes import Mode
from raincheck.report import trace as text
from raincheck.report import trace_json
from support.projects import chunked, project

if TYPE_CHECKING:
    import psycopg

    from raincheck.engine.analysis import Analysis
    from raincheck.live.traced import ProjectTrace

SOME_POSTGRES = (15,)

USERS = 'CREATE TABLE "users" ("id" integer PRIMARY KEY, "name" varchar(40));'
INDEX = 'CREATE INDEX CONCURRENTLY "users_name_idx" ON "users" ("name");'


def analysed(postgres, *pending: str, init: str = USERS, runner: str = "transaction") -> Analysis:
    """`0000_init` applied; `0001`, `0002` and so on, each as given, pending."""
    texts = {"0000_init": init} | {f"{n:04}": sql for n, sql in enumerate(pending, 1)}
    found = replace(project(texts, since="0000_init"), runner=runner)
    return analyse(found, Settings(postgres=postgres.major, runner=runner), ())


def traced(postgres, dsn: str, *pending: str, hidden: str = "", **options) -> ProjectTrace:
    """What comes of these pending migrations, where the database has something `hidden` that no migration makes."""
    analysis = analysed(postgres, *pending, **options)
    with connect(dsn) as connection, connect(dsn) as beside:
        replay(connection, [one for one in analysis.project.migrations if not one.pending])
        connection.execute(hidden)
        return Run(connection, beside, analysis).trace()


def verdicts(found: ProjectTrace) -> list[str]:
    """The verdict of each statement, with what differs."""
    return [": ".join([one.verdict.value, *map(str, one.differences)]) for one in found.statements]


def left(*made: str, recorded: tuple[str, ...] = ()) -> Left:
    return Left(made, (), recorded)


def test_a_statement_takes_what_is_predicted(postgres, database):
    found = traced(postgres, database, 'ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL;')
    (one,) = found.statements
    assert one.verdict is Verdict.EQUAL
    assert one.observed.locks["public.users"] == {"AccessExclusiveLock"}
    assert one.observed.scans == ['verifying table "users"']
    assert found.clean
    assert (found.applied, found.unreached, found.stop, found.left) == (1, 0, None, None)


def test_locks_of_earlier_files_are_held_and_not_taken_for_new(postgres, database):
    change = 'ALTER TABLE "users" ALTER COLUMN "name" SET DATA TYPE varchar(60);'
    found = traced(postgres, database, change, change.replace("60", "80"), 'SELECT "name" FROM "users";')
    assert verdicts(found) == ["equal"] * 3
    second, third = found.statements[1:]
    assert second.observed.locks == {}
    assert second.observed.held["public.users"] == {"AccessExclusiveLock"}
    assert third.observed.locks["public.users"] == {"AccessShareLock"}


def test_what_only_the_server_knows_is_a_difference(postgres, database):
    found = traced(
        postgres,
        database,
        'ALTER TABLE "users" ALTER COLUMN "name" SET DATA TYPE text COLLATE "C";',
        hidden="CREATE INDEX hidden ON users (name)",
    )
    (one,) = found.statements
    assert one.verdict is Verdict.DIFFERENT
    assert one.differences == (
        Difference("lock", "public.hidden", "none", "AccessExclusiveLock"),
        Difference("rebuild", "public.hidden", "no", "yes"),
        Difference("index build", "users", "no", "yes"),
    )
    assert not found.clean


def test_what_is_predicted_and_not_done_is_a_difference(postgres, database):
    found = traced(
        postgres,
        database,
        'ALTER TABLE "users" ALTER COLUMN "name" SET DATA TYPE varchar(10);',
        init=chunked(USERS, 'CREATE INDEX "by_name" ON "users" ("name");'),
        hidden="ALTER TABLE users ALTER name TYPE varchar(10); DROP INDEX by_name",
    )
    assert set(found.statements[0].differences) >= {
        Difference("lock", "public.by_name", "AccessExclusiveLock", "none"),
        Difference("rewrite", "public.users", "yes", "no"),
        Difference("rebuild", "public.by_name", "yes", "no"),
    }


def test_what_raincheck_cannot_tell_is_no_bug(postgres, database):
    found = traced(
        postgres,
        database,
        'ALTER TABLE "others" ALTER COLUMN "id" SET DATA TYPE bigint;',
        hidden="CREATE TABLE others (id int PRIMARY KEY)",
    )
    assert [one.verdict for one in found.statements] == [Verdict.UNTOLD]
    assert found.clean


def test_concurrently_fails_in_the_run_s_transaction_as_predicted(postgres, database):
    found = traced(postgres, database, chunked('CREATE TABLE "t" ("id" int);', INDEX), "SELECT 1;")
    assert verdicts(found) == ["equal", "failed_as_told"]
    assert (found.stop.sqlstate, found.stop.query.strip()) == ("25001", INDEX)
    assert found.left == Left()
    assert found.unreached == 1
    assert not found.clean


def test_concurrently_between_commit_and_begin_is_watched_from_beside(postgres, database):
    found = traced(postgres, database, chunked("COMMIT;", INDEX, "BEGIN;"), 'DROP INDEX "users_name_idx";')
    assert verdicts(found) == ["equal"] * 4
    one = found.statements[1].observed
    assert (one.beside, one.waited) == (True, True)
    assert one.locks["public.users"] == {"ShareUpdateExclusiveLock"}
    assert found.clean


def test_an_index_dropped_concurrently_is_watched_too(postgres, database):
    found = traced(
        postgres,
        database,
        chunked("COMMIT;", 'DROP INDEX CONCURRENTLY "users_name_idx";', "BEGIN;"),
        init=chunked(USERS, INDEX.replace(" CONCURRENTLY", "")),
    )
    assert verdicts(found) == ["equal"] * 3
    one = found.statements[1]
    assert "ShareUpdateExclusiveLock" in one.observed.locks["public.users"]
    assert unseen_locks(one.predicted, one.observed) in ({}, {"public.users_name_idx": Mode.ACCESS_EXCLUSIVE})


@pytest.mark.parametrize(
    "statement", ["VACUUM users;", "VACUUM FULL users;", "REINDEX TABLE CONCURRENTLY users;"]
)
def test_other_commands_outside_of_transactions(postgres, database, statement):
    found = traced(postgres, database, chunked("COMMIT;", statement, "BEGIN;"))
    assert verdicts(found) == ["equal"] * 3


def test_a_chunk_with_a_commit_in_it_is_a_transaction_of_its_own(postgres, database):
    found = traced(postgres, database, f"COMMIT; {INDEX}")
    assert verdicts(found) == ["equal", "failed_as_told"]
    assert found.stop.sqlstate == "25001"


def test_what_ran_behind_a_commit_stays_without_a_record(postgres, database):
    found = traced(
        postgres,
        database,
        chunked("COMMIT;", 'CREATE TABLE "kept" ("id" int);'),
        chunked('CREATE TABLE "kept_too" ("id" int);', 'DROP TABLE "nowhere";'),
    )
    assert (found.stop.sqlstate, found.stop.migration.tag) == ("42P01", "0002")
    assert found.left == left("public.kept", "public.kept_too", recorded=("0001",))


def test_a_run_without_a_transaction_leaves_all_that_went_before_and_no_record(postgres, database):
    found = traced(
        postgres,
        database,
        chunked('CREATE TABLE "kept" ("id" int);', INDEX),
        'CREATE TABLE "lost" ("id" int); DROP TABLE "nowhere";',
        runner="statement",
    )
    assert found.left == left("public.kept", "public.users_name_idx")
    assert [one.observed.beside for one in found.statements] == [False, True, False, False]


def test_a_chunk_that_is_no_statement_goes_to_the_server_as_it_is(postgres, database):
    found = traced(postgres, database, chunked("-- nothing\n", "SELECT 1;"), chunked("SELECT 'one", "two';"))
    assert verdicts(found) == ["equal"]
    assert (found.stop.sqlstate, found.stop.query) == ("42601", "SELECT 'one")


def test_a_deferred_failure_is_found_at_the_end(postgres, database):
    found = traced(
        postgres,
        database,
        chunked(
            'CREATE TABLE "p" ("id" int PRIMARY KEY);',
            'CREATE TABLE "c" ("p" int REFERENCES "p" DEFERRABLE INITIALLY DEFERRED);',
            'INSERT INTO "c" VALUES (1);',
        ),
    )
    assert (found.stop.sqlstate, found.stop.query) == ("23503", "COMMIT")
    assert found.left == Left()


def test_truncate_keeps_the_file_of_a_table_of_the_same_run(postgres, database):
    found = traced(
        postgres, database, chunked('CREATE TABLE "t" ("id" int);', 'TRUNCATE "t";', 'TRUNCATE "users";')
    )
    assert verdicts(found) == ["equal"] * 3


def here(postgres, dsn: str, *, own: bool = True) -> Where:
    with connect(dsn) as connection:
        return Where(read_address(dsn), version_of(connection), own=own, words="a server of the tests")


def databases(connection: psycopg.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def test_a_trace_works_in_a_database_of_its_own(postgres, connection):
    before = databases(connection)
    found, notes = trace(analysed(postgres, INDEX), here(postgres, connection.info.dsn))
    assert verdicts(found) == ["failed_as_told"]
    assert notes == ()
    assert databases(connection) == before
    assert connection.execute("SELECT to_regclass('users')").fetchone() == (None,)


def test_roles_that_hosts_bring_along_are_made_and_taken_away(postgres, connection):
    policy = 'CREATE POLICY "p" ON "users" TO "authenticated", "Anon" USING (true);'
    init = chunked(USERS, 'CREATE ROLE "reader";', 'ALTER TABLE "users" ENABLE ROW LEVEL SECURITY;')
    roles = "SELECT rolname FROM pg_roles WHERE rolname IN ('authenticated', 'Anon', 'reader')"
    for _ in range(2):
        found, notes = trace(analysed(postgres, policy, init=init), here(postgres, connection.info.dsn))
        assert verdicts(found) == ["equal"]
        assert notes == ("drizzle names roles that were made for it here: authenticated, Anon.",)
        assert connection.execute(roles).fetchall() == []


def test_an_applied_migration_that_fails_is_told(postgres, connection):
    init = 'CREATE EXTENSION "nonesuch";'
    with pytest.raises(
        LiveError, match=r"drizzle/0000_init.sql counts as applied, and fails .* lack the extension"
    ):
        trace(analysed(postgres, "SELECT 1;", init=init), here(postgres, connection.info.dsn))


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE ROLE "r";',
        'ALTER ROLE "r" LOGIN;',
        'GRANT "a" TO "b";',
        "ALTER SYSTEM SET work_mem = '1MB';",
        'DROP DATABASE "d";',
        "ALTER ROLE r RENAME TO s;",
        "COPY users TO PROGRAM 'cat';",
        "COPY users FROM '/etc/passwd';",
    ],
)
def test_on_a_server_that_is_not_ours_nothing_reaches_beyond_the_database(postgres, connection, statement):
    where = here(postgres, connection.info.dsn, own=False)
    with pytest.raises(LiveError, match=r"drizzle/0001.sql:2 reaches beyond its database"):
        trace(analysed(postgres, f"\n{statement}"), where)


def test_a_loose_file_has_nothing_to_stand_on(postgres, connection):
    analysis = analysed(postgres, "SELECT 1;")
    loose = replace(analysis, project=replace(analysis.project, layout="loose"))
    with pytest.raises(LiveError, match="no Drizzle project"):
        trace_all([loose], here(postgres, connection.info.dsn))


def whole(postgres, found: ProjectTrace) -> Trace:
    return Trace((found,), f"{postgres.major}.0", "a server of the tests")


def test_a_difference_is_told_with_what_to_report(postgres, database):
    found = traced(
        postgres,
        database,
        'ALTER TABLE "users" ALTER COLUMN "name" SET DATA TYPE text COLLATE "C";',
        init=chunked('CREATE TABLE "other" ("id" int);', USERS, "INSERT INTO users VALUES (1, 'secret');"),
        hidden="CREATE INDEX hidden ON users (name)",
    )
    told = text.render(whole(postgres, found))
    assert "  ≠   1  ALTER TABLE" in told
    assert "lock public.hidden: predicted none, taken AccessExclusiveLock" in told
    assert "1 statement run, 1 otherwise than predicted." in told
    report = told.partition("this is a bug in Raincheck")[2]
    assert 'CREATE TABLE "users"' in report
    assert "-- rebuild public.hidden: predicted no, taken yes" in report
    assert f"PostgreSQL {postgres.major}.0" in report
    assert "secret" not in told
    assert '"other"' not in report


def test_a_report_can_be_run(postgres, database, connection):
    found = traced(
        postgres,
        database,
        'ALTER TABLE "users" ALTER COLUMN "name" SET DATA TYPE text COLLATE "C";',
        init=chunked(
            "CREATE TYPE \"kind\" AS ENUM ('a');",
            'CREATE TABLE "parents" ("id" int PRIMARY KEY);',
            USERS,
            'ALTER TABLE "users" ADD COLUMN "kind" "kind";',
            'ALTER TABLE "users" ADD FOREIGN KEY ("id") REFERENCES "parents" ("id");',
        ),
        hidden="CREATE INDEX hidden ON users (name)",
    )
    report = trace_json.TraceReport.model_validate_json(trace_json.render(whole(postgres, found)))
    (statement,) = report.projects[0].migrations[0].statements
    with postgres.connection() as fresh:
        fresh.execute(statement.report.encode())
        assert fresh.execute("SELECT count(*) FROM parents, users").fetchone() == (0,)


def test_a_failure_is_told_as_drizzle_reports_it(postgres, database):
    found = traced(
        postgres,
        database,
        chunked("COMMIT;", 'CREATE TABLE "kept" ("id" int);', 'DROP TABLE "x";'),
        "SELECT 1;",
    )
    told = text.render(whole(postgres, found))
    assert "The run fails in " in told
    assert 'drizzle Failed query: DROP TABLE "x";' in told
    assert 'cause   table "x" does not exist (42P01)' in told
    assert "left    new: public.kept" in told
    assert "then    1 statement not reached" in told


def test_json_says_the_same(postgres, database):
    found = traced(postgres, database, chunked('ALTER TABLE "users" ADD COLUMN "a" int;', INDEX))
    report = trace_json.TraceReport.model_validate_json(trace_json.render(whole(postgres, found)))
    (one,) = report.projects
    added, refused = one.migrations[0].statements
    assert added.predicted.locks == added.taken.locks == {"public.users": Mode.ACCESS_EXCLUSIVE}
    assert (refused.predicted.fails.sqlstate, refused.taken.fails.sqlstate) == ("25001", "25001")
    assert (one.applied, one.unreached, one.stop.path, one.stop.failure.sqlstate) == (
        1,
        0,
        "drizzle/0001.sql",
        "25001",
    )
    assert report.verdicts[Verdict.EQUAL] == report.verdicts[Verdict.FAILED_AS_TOLD] == 1
