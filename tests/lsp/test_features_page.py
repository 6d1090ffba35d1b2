"""docs/features.md has all that the server announces, and names no test that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from raincheck.lsp.registration import COMMANDS, FEATURES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "features.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


def test_every_method_and_command_has_a_row():
    first = set(re.findall(r"(?m)^\| `([^`]+)` \|", PAGE))
    methods = {feature.method for feature in FEATURES} | {command.name for command in COMMANDS}
    assert methods - first == set()


@pytest.mark.parametrize("file", sorted({file for file, _ in NAMED}))
def test_every_test_that_is_named_is_there(file):
    text = (ROOT / file).read_text()
    missing = [name for of, name in NAMED if of == file and f"def {name}(" not in text]
    assert missing == []
