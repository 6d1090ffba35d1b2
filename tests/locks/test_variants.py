"""What may happen where the schema is not known: never without what does happen on the schema that there is."""

from __future__ import annotations

import pytest

from locks.predictions import replay
from raincheck.catalog.schema import EMPTY
from raincheck.locks.effects import situated
from raincheck.locks.row import NEWEST, OLDEST
from raincheck.locks.row_words import locks, work
from raincheck.locks.table import ROWS, find
from raincheck.locks.variants import variants
from raincheck.sql.document import read

PROBED = [row for row in ROWS if row.probe is not None]


def listed(sql: str, version: int = 15, schema=EMPTY) -> list[str]:
    """The conditions of the variants of each action; "" for the one that holds otherwise."""
    actions = [action for statement in read(sql).statements for action in statement.actions]
    return [row.when.words if row.when else "" for a in actions for row in variants(a, schema, version)]


@pytest.mark.parametrize("version", range(OLDEST, NEWEST + 1))
def test_the_truth_is_always_among_the_variants(version):
    """For the probe of every row: the row that holds behind the setup is listed without the setup."""
    missing = []
    for row in PROBED:
        schema = replay(row.probe.setup)
        for action in read(row.probe.statement).statements[-1].actions:
            real = find(situated(action, schema, version))
            possible = variants(action, EMPTY, version)
            if real is not None and not real.unknown and real not in possible:
                missing.append((row.probe.statement, real.when and real.when.words))
    assert missing == []


@pytest.mark.parametrize("version", range(OLDEST, NEWEST + 1))
def test_what_is_known_leaves_one_variant(version):
    for row in PROBED:
        schema = replay(row.probe.setup)
        for action in read(row.probe.statement).statements[-1].actions:
            situation = situated(action, schema, version)
            if situation.table is not None and situation.table.complete:
                real = find(situation)
                known = [] if real is None else [real]
                assert real is None or real.unknown or list(variants(action, schema, version)) == known


@pytest.mark.parametrize(
    ("sql", "conditions"),
    [
        ("ALTER TABLE t ADD COLUMN a integer DEFAULT 1", [""]),
        ("ALTER TABLE t ADD COLUMN a timestamptz DEFAULT now() NOT NULL", [""]),
        (
            "ALTER TABLE t ADD COLUMN a uuid DEFAULT gen_random_uuid()",
            ["the default is volatile (random(), clock_timestamp(), gen_random_uuid(), nextval())"],
        ),
        (
            "ALTER TABLE t ADD COLUMN a mood DEFAULT 'ok'",
            ["its type is a domain with NOT NULL or CHECK", ""],
        ),
        (
            "ALTER TABLE t ADD COLUMN a integer DEFAULT f()",
            ["the default is volatile (random(), clock_timestamp(), gen_random_uuid(), nextval())", ""],
        ),
        ("CREATE INDEX i ON t (a)", [""]),
        (
            "CREATE INDEX IF NOT EXISTS i ON t (a)",
            ["IF NOT EXISTS, and a relation of that name is there", ""],
        ),
        ("CREATE INDEX CONCURRENTLY i ON t (a)", ["CONCURRENTLY"]),
        ("ALTER TABLE t ADD CHECK (a > 0) NOT VALID", ["NOT VALID or NOT ENFORCED"]),
        ("ALTER TABLE t ADD PRIMARY KEY (a)", ["a column may hold NULL", ""]),
        ("DROP POLICY p ON t", [""]),
        ("DROP POLICY IF EXISTS p ON t", ["IF EXISTS, and there is none", ""]),
        ("CREATE TABLE t (a integer)", [""]),
        ("CREATE TABLE IF NOT EXISTS t (a integer)", ["it exists", ""]),
    ],
)
def test_only_what_the_schema_decides_is_open(sql, conditions):
    assert listed(sql) == conditions


def test_a_block_that_catches_the_failure_leaves_it_open():
    block = "DO $$ BEGIN ALTER TABLE t ADD CONSTRAINT c UNIQUE (a); EXCEPTION WHEN duplicate_object THEN null; END $$"
    assert any("that name already" in words for words in listed(block))
    assert not any(
        "that name already" in words for words in listed("ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)")
    )


def test_a_row_in_words():
    [action] = read("ALTER TABLE t SET UNLOGGED").statements[0].actions
    *_, row = variants(action, EMPTY, 15)
    assert [(mode.sql, on) for mode, on in locks(row, 14)] == [
        ("ACCESS EXCLUSIVE", "the relation; its indexes")
    ]
    assert [on for _, on in locks(row)] == [
        "the relation; its indexes",
        "the sequences its columns own (PostgreSQL 15 on)",
    ]
    assert list(work(row)) == ["rewrites the relation", "builds its indexes"]
    [action] = read("CREATE INDEX i ON t (a)").statements[0].actions
    [row] = variants(action, EMPTY, 15)
    assert list(work(row)) == [
        "builds an index on the table and, without ONLY, its partitions that have no such index"
    ]
