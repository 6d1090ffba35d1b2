"""docs/status.md shows what the command says of databases that are made here anew."""

from __future__ import annotations

from support.status_page import MAJOR, PAGE, page

ONLY_POSTGRES = MAJOR


def test_it_is_current(postgres):
    assert PAGE.read_text("utf-8") == page(postgres), "write it anew: python tests/support/status_page.py"
