"""What each mode blocks, in the classes and the words of reports, against the conflict matrix of the manual.

Source: https://www.postgresql.org/docs/18/explicit-locking.html#LOCKING-TABLES, table 13.2.
"""

from __future__ import annotations

import pytest

from raincheck.locks.modes import Blocked, Mode, blocks
from raincheck.locks.words import NAMES, STATEMENTS, behind, blocked, queue, together
from raincheck.locks.work import Work

AS, RS, RX, SUX, S, SRX, X, AX = Mode

MANUAL = """
AS  . . . . . . . x
RS  . . . . . . x x
RX  . . . . x x x x
SUX . . . x x x x x
S   . . x x . x x x
SRX . . x x x x x x
X   . x x x x x x x
AX  x x x x x x x x
"""

CLASSES = {
    AS: "ddl",
    RS: "ddl",
    RX: "create_index ddl",
    SUX: "vacuum create_index ddl",
    S: "write vacuum ddl",
    SRX: "write vacuum create_index ddl",
    X: "write row_lock vacuum create_index ddl",
    AX: "read write row_lock vacuum create_index ddl",
}

WORDS = {
    AS: "blocks schema changes; reads and writes go on",
    RS: "blocks schema changes; reads and writes go on",
    RX: "blocks CREATE INDEX and schema changes; reads and writes go on",
    SUX: "blocks VACUUM, CREATE INDEX and schema changes; reads and writes go on",
    S: "blocks writes; reads and row locks go on",
    SRX: "blocks writes; reads and row locks go on",
    X: "blocks writes and row locks; reads go on",
    AX: "blocks reads and writes",
}


def test_the_matrix_is_the_manual_s():
    rows = [line.split()[1:] for line in MANUAL.split("\n") if line]
    assert [["x" if held.conflicts(asked) else "." for asked in Mode] for held in Mode] == rows


@pytest.mark.parametrize("mode", Mode)
def test_what_is_blocked(mode):
    assert sorted(blocks(mode)) == sorted(CLASSES[mode].split())
    assert blocked(mode) == WORDS[mode]


def test_every_class_has_words():
    assert set(NAMES) == set(STATEMENTS) == set(Blocked)


@pytest.mark.parametrize(
    ("modes", "said"),
    [
        ((), ""),
        ((AS, RS, RX, SUX), ""),
        ((S,), "While it waits for this lock, every later write to the table waits behind it."),
        ((AS, X, SRX), "While it waits for this lock, every later write to the table waits behind it."),
        ((S, AX), "While it waits for this lock, every later query on the table waits behind it."),
    ],
)
def test_what_waits_behind_a_waiting_statement(modes, said):
    assert queue(modes) == said


def test_what_a_statement_waits_for():
    assert behind(AX) == "a long query on the table"
    assert behind(S) == "a long transaction that has written to the table"


def test_lists():
    assert [together(words) for words in (["a"], ["a", "b"], ["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]


def test_all_work_has_words():
    from raincheck.locks.words import done

    assert len({done([work]) for work in Work}) == len(Work)
    assert done([]) == "changes only the catalog"
