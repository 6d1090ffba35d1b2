"""Which snapshots tell what a run should do: those of one chain, of any format."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from raincheck.catalog.schema import EMPTY
from raincheck.project.recorded import Recorded, deviations, recorded
from support.schemas import replay

NOBODY = "00000000-0000-0000-0000-000000000000"
FOLDER = Path(__file__).parents[1] / "projects" / "variants" / "v1" / "serial_to_bigserial" / "drizzle"


def snapshot(own: str, parent: str = NOBODY, **columns: str) -> str:
    """A snapshot of drizzle-kit 0.31 with one table `t` of nullable columns."""
    described = {
        name: {"name": name, "type": type_, "primaryKey": False, "notNull": False}
        for name, type_ in columns.items()
    }
    empty = (
        "indexes",
        "foreignKeys",
        "compositePrimaryKeys",
        "uniqueConstraints",
        "policies",
        "checkConstraints",
    )
    table = {
        "name": "t",
        "schema": "",
        "columns": described,
        **{key: {} for key in empty},
        "isRLSEnabled": False,
    }
    rest = {key: {} for key in ("enums", "schemas", "sequences", "roles", "policies", "views")}
    head = {"id": own, "prevId": parent, "version": "7", "dialect": "postgresql"}
    return json.dumps({**head, "tables": {"public.t": table}, **rest})


ONE, TWO, THREE = (
    snapshot("1", a="text"),
    snapshot("2", "1", a="text", b="text"),
    snapshot("3", "2", b="text"),
)


@pytest.mark.parametrize(
    ("texts", "first", "expected"),
    [
        ([ONE, TWO, THREE], 2, Recorded((TWO,), (THREE,))),
        ([ONE, TWO, THREE], 1, Recorded((ONE,), (THREE,))),
        ([ONE, TWO, THREE], 0, Recorded((), (THREE,))),
        ([ONE, THREE], 1, None),
        ([ONE, "<<<<<<< HEAD\n" + TWO + "\n=======\n>>>>>>> feature\n"], 1, None),
        ([ONE, "{}"], 1, None),
    ],
    ids=["the last", "two", "all of them", "not a chain", "a conflict", "no ids"],
)
def test_the_snapshots_around_a_run(texts, first, expected):
    assert recorded(texts, first) == expected


def test_of_the_format_of_changes_all_are_needed():
    texts = [path.read_text() for path in sorted(FOLDER.glob("*/snapshot.json"))]
    assert recorded(texts, 1) == Recorded(tuple(texts[:1]), tuple(texts))


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("ALTER TABLE t ADD COLUMN b text;", []),
        ("ALTER TABLE t ADD COLUMN b text, ADD COLUMN by_hand text;", []),
        ("ALTER TABLE t ADD COLUMN b varchar(20);", ["column public.t.b: type varchar(20) | text"]),
        ("SELECT 1;", ["column public.t.b: only right"]),
        ("DROP TABLE t;", ["table public.t: only right"]),
    ],
)
def test_what_the_run_does_not_do(sql, expected):
    begin = replay("CREATE TABLE t (a text);")
    found = deviations(begin, replay(sql, begin), Recorded((ONE,), (TWO,)))
    assert [str(each) for each in found] == expected


def test_what_the_run_does_not_take_away():
    begin = replay("CREATE TABLE t (a text, b text);")
    found = deviations(begin, begin, Recorded((TWO,), (THREE,)))
    assert [str(each) for each in found] == ["column public.t.a: only left"]


def test_what_was_so_before_the_run_is_not_told_again():
    begin = replay("CREATE TABLE t (a integer);")
    end = replay("ALTER TABLE t ADD COLUMN b text;", begin)
    assert deviations(begin, end, Recorded((ONE,), (TWO,))) == ()
    assert [str(each) for each in deviations(EMPTY, end, Recorded((), (TWO,)))] == [
        "column public.t.a: type integer | text"
    ]


def test_a_check_stands_in_for_not_null():
    required = json.loads(TWO)
    required["tables"]["public.t"]["columns"]["b"]["notNull"] = True
    begin = replay("CREATE TABLE t (a text);")
    end = replay("ALTER TABLE t ADD COLUMN b text;", begin)
    staged = replay("ALTER TABLE t ADD CONSTRAINT c CHECK (b IS NOT NULL) NOT VALID;", end)
    snapshots = Recorded((ONE,), (json.dumps(required),))
    assert [str(each) for each in deviations(begin, end, snapshots)] == [
        "column public.t.b: not null no | yes"
    ]
    assert deviations(begin, staged, snapshots) == ()


def test_a_snapshot_that_cannot_be_read_says_nothing():
    begin = replay("CREATE TABLE t (a text);")
    assert deviations(begin, EMPTY, Recorded((ONE,), ('{"version": "99"}',))) == ()
