"""The committed files that are printed from the code are current."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_spec = importlib.util.spec_from_file_location("generated", ROOT / "tools" / "generated.py")
generated = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generated)


@pytest.mark.parametrize("path", generated.FILES)
def test_it_is_current(path):
    assert (ROOT / path).read_text("utf-8") == generated.FILES[path](), "write it anew: make generated"


def test_the_readme_shows_what_the_command_prints():
    assert generated.CAPTURE.search((ROOT / "README.md").read_text("utf-8"))
