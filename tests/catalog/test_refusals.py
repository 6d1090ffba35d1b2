"""Nothing that servers were seen to run is said to be refused; what nobody can know is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from raincheck.catalog.refusals import refused
from raincheck.catalog.schema import EMPTY, Schema
from raincheck.sql.document import read
from support.schemas import replay

MEASURED = json.loads((Path(__file__).parents[1] / "locks" / "measured.json").read_text("utf-8"))
RAN = [
    case for case in MEASURED if any(15 in one["versions"] and not one["error"] for one in case["results"])
]


@pytest.mark.parametrize("case", RAN, ids=lambda case: case["id"])
def test_what_ran_is_not_refused(case):
    schema = EMPTY
    for sql in (*case["setup"], case["sql"]):
        for statement in read(sql).statements:
            assert told(schema, statement.text, "always") is None, statement.text
            schema = replay(statement.text, schema)


INIT = (
    "CREATE TABLE t (id int PRIMARY KEY, n int); CREATE TYPE e AS ENUM ('a'); DROP TYPE e; CREATE SCHEMA s;"
)


@pytest.mark.parametrize(
    "before",
    [
        "DO $$ BEGIN EXECUTE 'DROP TABLE ' || quote_ident('t'); END $$;",
        "SELECT create_hypertable('t', 'n');",
        "CALL cleanup();",
        "DO $$ BEGIN IF now() > '2026-01-01' THEN DROP TABLE t; CREATE TYPE e AS ENUM ('b'); END IF; END $$;",
        "SET search_path TO s, public;",
    ],
)
@pytest.mark.parametrize("sql", ["CREATE TABLE t (id int)", "ALTER TABLE t ADD COLUMN n int", "DROP TYPE e"])
def test_nothing_is_said_of_what_nobody_can_follow(before, sql):
    assert told(replay(INIT), sql, "always") is not None
    assert told(replay(before, replay(INIT)), sql, "always") is None


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("ALTER TABLE u ADD COLUMN n int", True),
        ("ALTER TABLE auth.users ADD COLUMN n int", False),
        ("ALTER TABLE t ADD FOREIGN KEY (n) REFERENCES s.u", True),
        ("CREATE VIEW v AS SELECT * FROM pg_class, information_schema.tables", False),
        ("ALTER TABLE t ADD COLUMN m mood", True),
        ("ALTER TABLE t ADD COLUMN m auth.mood", False),
        ("ALTER TABLE t ADD COLUMN m vector(3)", True),
    ],
)
@pytest.mark.parametrize("whole", [True, False])
def test_what_no_migration_makes_is_missing_only_where_all_of_them_are_known(sql, said, whole):
    schema = replay(INIT, Schema(whole=whole))
    assert (told(schema, sql, "unless-there") is not None) is (said and whole)
    assert told(schema, sql, "always") is None


def told(schema: Schema, sql: str, when: str) -> str | None:
    (statement,) = read(sql).statements
    found = refused(statement.actions, schema, statement.text, 15)
    return found[1].message if found is not None and found[1].when == when else None
