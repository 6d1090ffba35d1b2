"""What we say that PostgreSQL refuses, it refuses, with that SQLSTATE and in those words; what we do not, it runs.

Every case on the pages of the replay rules, every recorded project, and uses of new enum values by themselves.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from raincheck.engine.analysis import analyse
from raincheck.engine.enum_values import SAFE_IN_NEW_TYPE
from raincheck.engine.settings import Settings
from raincheck.project.discover import discover
from raincheck.project.project import State
from raincheck.rules import ALL
from raincheck.rules.pages import family
from raincheck.session.files import DiskFiles
from raincheck.session.pulled import with_pulled_baseline
from raincheck.sql.document import read
from support.pages import analysed, cases
from support.projects import analysis, chunked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psycopg import Connection

    from raincheck.engine.step import Step
    from raincheck.project.project import Project
    from support.pages import Case
    from support.pg import Server

SOME_POSTGRES = (15, 18)

PROJECTS = Path(__file__).parents[1] / "projects"
FOLDERS = sorted(
    {path.parents[1] for path in PROJECTS.rglob("_journal.json")}
    | {path.parents[1] for path in PROJECTS.rglob("migration.sql")}
)
CASES = [case for rule in ALL if family(rule.name) == "replay" for case in cases(rule.name)]
ELSEWHERE = """
    CREATE SCHEMA auth; CREATE TABLE auth.users (id uuid PRIMARY KEY); CREATE TYPE auth.aal_level AS ENUM ('aal1');
    CREATE POLICY owners ON auth.users;
    CREATE FUNCTION addgeometrycolumn(text, text, int, text, int) RETURNS void LANGUAGE sql
        AS 'ALTER TABLE users ADD COLUMN place point';
"""
"""What the pages take to be there and no migration makes, as on a hosted database."""

Outcome = tuple[str, str] | None
"""SQLSTATE and message; None where it runs."""


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases_of_the_pages(postgres: Server, connection: Connection, case: Case, tmp_path: Path) -> None:
    """A case whose settings name a version is for that one alone."""
    found = analysed(case, tmp_path)
    if found.settings.postgres not in {None, postgres.major}:
        return
    connection.execute(ELSEWHERE)
    steps = found.timeline.steps
    for step in steps:
        if step.migration.state is State.APPLIED:
            connection.execute(step.statement.text)
    pending = [step for step in steps if step.pending]
    connection.execute("BEGIN")
    lacking = False
    for step, answered in zip(pending, server_says(connection, pending), strict=True):
        assert answered == ours(step) or (lacking and ours(step) is None), step.statement.text
        lacking = lacking or maybe(step)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.relative_to(PROJECTS).as_posix())
def test_recorded_projects(postgres: Server, connection: Connection, folder: Path) -> None:
    """Each migration as the only pending one; of one that fails, what runs by itself stays for the next."""
    for project in _each_alone(folder):
        found = analyse(project, Settings(postgres=postgres.major), ALL)
        steps = [step for step in found.timeline.steps if step.migration is project.migrations[-1]]
        steps = [step for step in steps if step.statement.problem is None]
        said = first(ours(step) for step in steps)
        connection.execute("BEGIN")
        assert first(server_says(connection, steps)) == said, project.migrations[-1].tag
        connection.execute("ROLLBACK")
        if any(maybe(step) for step in steps):
            return  # the migrations behind it need what this server does not have
        _apply(connection, steps)


ENUM = "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (id int, s e DEFAULT 'a', list e[], x text);"
ADD = "ALTER TYPE e ADD VALUE 'n'"
USES = [
    "ALTER TABLE t ALTER s SET DEFAULT 'n'",
    "ALTER TABLE t ALTER list SET DEFAULT '{a,n}'",
    "ALTER TABLE t ALTER list SET DEFAULT ARRAY['n']::e[]",
    "ALTER TABLE t ALTER x SET DEFAULT 'n'",
    "ALTER TABLE t ADD COLUMN z e DEFAULT 'n' NOT NULL",
    "ALTER TABLE t ADD CHECK (s <> 'n')",
    "ALTER TABLE t ALTER x TYPE e USING 'n'::e",
    "CREATE TABLE u (s e DEFAULT 'n')",
    "CREATE TABLE u (s e CHECK (s <> 'n'))",
    "CREATE INDEX i ON t (id) WHERE s = 'n'",
    "CREATE VIEW v AS SELECT * FROM t WHERE s = 'n'",
    "CREATE VIEW v AS SELECT * FROM t WHERE s::text = 'n'",
    "CREATE POLICY p ON t USING (s = 'n')",
    "INSERT INTO t (s) VALUES ('n')",
    "INSERT INTO t VALUES (1, 'n')",
    "INSERT INTO t (x, s) VALUES ('n', 'a')",
    "INSERT INTO t (s) SELECT 'n'",
    "INSERT INTO t (id, s) SELECT 1, 'n' FROM t",
    "UPDATE t SET s = 'n'",
    "UPDATE t SET x = 'n' WHERE s = 'a'",
    "UPDATE t SET s = coalesce(s, 'n')",
    "UPDATE t SET s = CASE WHEN id = 1 THEN 'n' ELSE s END",
    "DELETE FROM t WHERE s IN ('a', 'n')",
    "DELETE FROM t WHERE s = ANY('{a,n}')",
    "DELETE FROM t WHERE s = ANY(ARRAY['n']::e[])",
    "SELECT 'n'::e",
    "SELECT x::e FROM t",
    "CREATE FUNCTION f() RETURNS e LANGUAGE plpgsql AS $$ BEGIN RETURN 'n'::e; END $$",
]


@pytest.mark.parametrize("use", USES)
def test_a_new_value_of_an_enum(postgres: Server, connection: Connection, use: str) -> None:
    connection.execute(ENUM)
    steps = _run(postgres, {"0000_init": ENUM, "0001_next": chunked(ADD, use)}, since="0000_init")
    connection.execute("BEGIN")
    assert server_says(connection, steps) == [ours(step) for step in steps]


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TYPE e AS ENUM ('a')", ADD, "CREATE TABLE t (s e DEFAULT 'n')"),
        ("CREATE TYPE f AS ENUM ('a')", "ALTER TYPE f RENAME TO e", ADD, "SELECT 'n'::e"),
        ("CREATE TYPE e AS ENUM ('a')", "ALTER TYPE e RENAME VALUE 'a' TO 'n'", "SELECT 'n'::e"),
        ("CREATE TYPE e AS ENUM ('a')", ADD, "ALTER TYPE e RENAME VALUE 'n' TO 'm'", "SELECT 'm'::e"),
        ("CREATE TYPE e AS ENUM ('n')", "ALTER TYPE e ADD VALUE IF NOT EXISTS 'n'", "SELECT 'n'::e"),
        (
            "CREATE TYPE e AS ENUM ('a')",
            ADD,
            "DROP TYPE e",
            "CREATE TYPE e AS ENUM ('n')",
            "CREATE TABLE t (s e DEFAULT 'n')",
        ),
        ("CREATE TYPE \"E\" AS ENUM ('a')", "ALTER TYPE \"E\" ADD VALUE 'n'", "SELECT 'n'::\"E\""),
        (
            "CREATE SCHEMA q",
            "CREATE TYPE q.e AS ENUM ('a')",
            "ALTER TYPE q.e ADD VALUE 'n'",
            "CREATE TABLE t (s q.e DEFAULT 'n')",
        ),
    ],
    ids="; ".join,
)
def test_a_type_of_the_same_run(
    postgres: Server, connection: Connection, statements: tuple[str, ...]
) -> None:
    steps = _run(postgres, {"0000_run": chunked(*statements)}, everything=True)
    connection.execute("BEGIN")
    assert server_says(connection, steps) == [ours(step) for step in steps]


def test_only_a_new_database_refuses_what_an_earlier_run_added(
    postgres: Server, connection: Connection
) -> None:
    applied = chunked(*ENUM.rstrip(";").split("; "), ADD)
    steps = _run(postgres, {"0000_init": applied, "0001_next": USES[0]}, since="0000_init")
    assert all(step.fails is None for step in steps)
    refusal = steps[-1].refused[1] if steps[-1].refused else None
    assert (refusal is None) == (postgres.major >= SAFE_IN_NEW_TYPE)
    whole = (refusal.sqlstate, refusal.message) if refusal else None
    assert refusal is None or refusal.when == "on-a-new-database"
    connection.execute("BEGIN")
    for statement in applied.split("--> statement-breakpoint\n"):
        connection.execute(statement)
    assert outcome(connection, USES[0]) == whole


def ours(step: Step) -> Outcome:
    """What we say of a step, on a database that has what the migrations made and what `ELSEWHERE` says."""
    if step.fails is not None:
        return step.fails.sqlstate, step.fails.message
    return (step.refused[1].sqlstate, step.refused[1].message) if step.refused and maybe(step) else None


def maybe(step: Step) -> bool:
    """Whether it fails unless the database has what no migration makes; that is told once."""
    return step.refused is not None and step.refused[1].when == "unless-there"


def server_says(connection: Connection, steps: Sequence[Step]) -> list[Outcome]:
    """What the server says of each, in one transaction; what it refuses is left out, and the next one comes.

    Not by savepoints, which Drizzle does not use: behind one, no value of an enum is safe.
    """
    outcomes: list[Outcome] = []
    ran: list[str] = []
    for sql in (step.statement.text for step in steps):
        outcomes.append(outcome(connection, sql))
        if connection.info.transaction_status is TransactionStatus.INERROR:
            for again in ("ROLLBACK", "BEGIN", *ran):
                connection.execute(again)
        else:
            ran = [] if sql.upper() == "COMMIT" else [*ran, sql]
    return outcomes


def outcome(connection: Connection, sql: str) -> Outcome:
    try:
        connection.execute(sql)
    except psycopg.Error as error:
        told = str(error.diag.message_primary)
        return None if told.startswith(NEWER) else (str(error.sqlstate), told)
    return None


NEWER = ("syntax error", "unrecognized parameter")
"""A clause or option that the server is too old for: the projects were written for 15."""


def first(outcomes: Iterator[Outcome] | Sequence[Outcome]) -> Outcome:
    return next(filter(None, outcomes), None)


def _run(postgres: Server, migrations: dict[str, str], **selected: object) -> list[Step]:
    found = analysis(migrations, settings=Settings(postgres=postgres.major), **selected)
    return [step for step in found.timeline.steps if step.pending]


def _each_alone(folder: Path) -> Iterator[Project]:
    """The project up to each of its migrations, that one pending and all before it applied."""
    files = DiskFiles({})
    for one in discover(files, folder.as_posix(), read).projects:
        if folder.samefile(Path(one.root, one.out)):
            project = with_pulled_baseline(one, files)
            for number, migration in enumerate(project.migrations):
                before = (replace(each, state=State.APPLIED) for each in project.migrations[:number])
                pending = replace(migration, state=State.PENDING)
                yield replace(project, migrations=(*before, pending), problems=())


def _apply(connection: Connection, steps: Sequence[Step]) -> None:
    for step in steps:
        outcome(connection, step.statement.text)
