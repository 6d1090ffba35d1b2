"""docs/fixes.md (which tests/test_generated.py compares) has each case, and the waits of such as there are."""

from __future__ import annotations

import pytest

from support.fix_proofs import cases
from support.fixes_page import WAITS, page, waits


@pytest.fixture(scope="module")
def text():
    return page()


def test_each_case_has_a_line(text):
    assert [case.name for case in cases() if f"| {case.name} |" not in text] == []


def test_what_was_measured_is_there_and_tells_of_less_waiting():
    known = {case.name for case in cases() if case.blocks}
    assert waits().keys() <= known, f"{WAITS.name} has cases that are gone"
    assert [name for name, (before, after) in waits().items() if before < after] == []
