"""docs/locks.md is what the table prints."""

from __future__ import annotations

from pathlib import Path

from raincheck.locks.page import page
from raincheck.locks.table import ROWS

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_committed_page_is_current():
    message = "docs/locks.md is old: run `python tools/locks_page.py` and commit it"
    assert (DOCS / "locks.md").read_text(encoding="utf-8") == page(), message


def test_every_row_is_on_the_page():
    text = page()
    missing = [
        row.probe.statement
        for row in ROWS
        if row.probe and row.probe.statement.replace("\n", " ") not in text
    ]
    assert missing == []
