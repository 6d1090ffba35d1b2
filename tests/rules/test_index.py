"""The index of rules; tests/test_generated.py holds that the committed one is current."""

from __future__ import annotations

from pathlib import Path

from raincheck.rules import ALL
from raincheck.rules.index import index, summary

DOCS = Path(__file__).resolve().parents[2] / "docs" / "rules"


def test_the_index_leads_to_every_page():
    for rule in ALL:
        line = next(line for line in index().splitlines() if line.startswith(f"| [{rule.name}]"))
        link = line.partition("(")[2].partition(")")[0]
        assert (DOCS / link).is_file()
        assert summary(rule).endswith(".")
