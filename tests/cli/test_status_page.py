"""docs/status.md shows what the command says of databases that are made here anew."""

from __future__ import annotations

import pytest

from support.status_page import MAJOR, PAGE, page

SOME_POSTGRES = (15,)


def test_it_is_current(postgres):
    if postgres.major != MAJOR:
        pytest.skip(f"it shows PostgreSQL {MAJOR}")
    assert PAGE.read_text("utf-8") == page(postgres), "write it anew: python tests/support/status_page.py"
