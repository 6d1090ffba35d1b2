"""docs/locks.md shows the whole table; tests/test_generated.py holds that it is current."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from raincheck.locks.page import page
from raincheck.locks.table import ROWS
from raincheck.locks.titles import anchor, title
from raincheck.sql.kinds import Kind

text = cache(page)


def test_every_row_is_on_the_page():
    missing = [
        row.probe.statement
        for row in ROWS
        if row.probe
        and not (row.unknown or row.fails)
        and row.kind is not Kind.LOCK_TABLE
        and row.probe.statement.replace("\n", " ") not in text()
    ]
    assert missing == []


def test_every_kind_has_one_place():
    anchors = Counter(re.findall(r'<a id="([\w-]+)"></a>', text()))
    assert set(anchors) == {anchor(row.kind) for row in ROWS}
    assert set(anchors.values()) == {1}


def test_titles_are_different():
    assert len({title(kind) for kind in Kind}) == len(Kind)


def test_every_link_within_the_page_leads_somewhere():
    headings = re.findall(r"^#+ (.+)$", text(), re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    places = slugs | set(re.findall(r'<a id="([\w-]+)"></a>', text()))
    assert set(re.findall(r"\]\(#([^)]+)\)", text())) <= places


def test_tables_are_whole():
    """Each line of a table has as many cells as its head."""
    width = 0
    for line in text().splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert not width or cells in {0, width}, line
        width = cells


def test_what_changed_between_versions_is_told():
    changes = text().partition("## What differs between versions")[2]
    assert (
        "| 15 | [ALTER TABLE … SET LOGGED, SET UNLOGGED](#set-logged) | also ACCESS EXCLUSIVE: the sequences"
        in changes
    )
    assert "| 14 | [ALTER TABLE … DETACH PARTITION](#detach-partition) |" in changes
    assert "(#merge)" in changes
