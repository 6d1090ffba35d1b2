"""Folder names: the order JavaScript gives them, and the time they tell."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from raincheck.project.folders import name_order, time_of


def test_order_is_that_of_locale_compare() -> None:
    """As Node 20 sorts these with `a.localeCompare(b)`."""
    names = ["a", "a b", "a_1", "a_b", "a-1", "a1", "A1", "a1b", "ab", "aB", "b", "B"]
    shuffled = names[:]
    random.Random(7).shuffle(shuffled)
    assert sorted(shuffled, key=name_order) == names


def test_order_of_all_ascii_characters() -> None:
    in_order = (
        " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ"
    )
    assert "".join(sorted(map(chr, range(32, 127)), key=name_order)) == in_order


def test_same_second() -> None:
    names = [
        "20260101000000_a_1",
        "20260101000000_a1",
        "20260101000000_b",
        "20260101000000_B",
        "20260101000001_a",
    ]
    backwards = names[::-1]
    assert sorted(backwards, key=name_order) == names


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("20261122132349_init", datetime(2026, 11, 22, 13, 23, 49, tzinfo=UTC)),
        ("20261122132349", datetime(2026, 11, 22, 13, 23, 49, tzinfo=UTC)),
        ("20261301000000_month_13", datetime(2027, 1, 1, tzinfo=UTC)),
        ("20260230000000_thirtieth_of_february", datetime(2026, 3, 2, tzinfo=UTC)),
        ("19700101000001_x", datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
        ("init", None),
        ("2026_init", None),
        ("0001_init", None),
        ("٢٠٢٦١١٢٢١٣٢٣٤٩_x", None),
    ],
)
def test_time(name: str, time: datetime | None) -> None:
    assert time_of(name) == (time and round(time.timestamp() * 1000))
