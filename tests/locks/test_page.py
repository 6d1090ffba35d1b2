"""docs/locks.md shows the whole table; tests/test_generated.py holds that it is current."""

from __future__ import annotations

from raincheck.locks.page import page
from raincheck.locks.table import ROWS


def test_every_row_is_on_the_page():
    text = page()
    missing = [
        row.probe.statement
        for row in ROWS
        if row.probe and row.probe.statement.replace("\n", " ") not in text
    ]
    assert missing == []
