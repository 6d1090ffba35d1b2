"""docs/features.md sets what other servers offer beside Raincheck: no ability of theirs is left out, and no claim is bare."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[1] / "docs" / "features.md").read_text("utf-8")
TABLE = PAGE.partition("## Beside other servers")[2].partition("\n## ")[0]
HEADER, _, *ROWS = [
    [cell.strip() for cell in line.split("|")[1:-1]] for line in re.findall(r"(?m)^\|.*$", TABLE)
]
PEERS = [
    "squawk",
    "postgres-language-server",
    "pgfence",
    "pgsafe",
    "MigrationPilot",
    "drizzle-migration-lint",
]
# What the peers were asked for, by the first words of a row.
ASKED = """transport|diagnostics|severities|hover on a statement|hover on any|hover on a column|quick fix in one
quick fix in stages|`source.fixAll`|allowing|refactorings|inlay hint|code lens|completion|definition|document symbols
formatting|semantic tokens|commands|the command line's|reads Drizzle's|knows that CONCURRENTLY|watched files
statements in DO|after broken|how to set up""".replace("\n", "|").split("|")


def test_the_columns():
    assert ["ability", "Raincheck", "shown by", *PEERS] == HEADER
    assert {len(row) for row in ROWS} == {len(HEADER)}
    assert all(all(row[3:]) for row in ROWS)


@pytest.mark.parametrize("asked", ASKED)
def test_what_they_were_asked_for_is_there(asked):
    assert [row[0] for row in ROWS if row[0].startswith(asked)] != []


def test_each_claim_names_a_test_and_each_lack_is_one():
    bare = [
        row[0] for row in ROWS if row[1].startswith("no") == bool(re.search(r"`tests/\S+::test_\w+`", row[2]))
    ]
    assert bare == []


def test_what_raincheck_lacks_and_others_have_is_told():
    assert [row[0] for row in ROWS if row[1].startswith("no") and any(cell != "no" for cell in row[3:])] != []


def test_the_tests_that_are_named_are_there():
    root = Path(__file__).parents[1]
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TABLE)
    assert [name for file, name in named if f"def {name}(" not in (root / file).read_text("utf-8")] == []
