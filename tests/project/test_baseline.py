"""How an edited migration differs: in what PostgreSQL sees, or only in how it is written."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.project.baseline import ChangedStatement, classify, differs_only_in_line_ends
from raincheck.project.source import digest_of

PROJECTS = Path(__file__).parent.parent / "projects"
BREAK = "--> statement-breakpoint\n"
OLD = (
    f"""CREATE INDEX "i" ON "t" USING btree ("c");{BREAK}ALTER TABLE "t" ADD COLUMN "n" text DEFAULT 'a;b';"""
)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (OLD, OLD, "same"),
        (OLD, OLD.replace("\n", "\r\n"), "line-endings"),
        (OLD.replace("\n", "\r\n"), OLD, "line-endings"),
        (OLD, "-- why\n" + OLD, "comments"),
        (OLD, OLD.replace("USING", "/* x; */\n  USING"), "comments"),
        (OLD, OLD.replace("CREATE INDEX", "create  index"), "comments"),
        (OLD, OLD[:-1], "comments"),
        (OLD, OLD + BREAK, "comments"),
        ("", "-- nothing\n", "comments"),
        (OLD, OLD.replace(BREAK, "\n"), "breakpoints"),
        (OLD, OLD.replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY"), "concurrently"),
        (OLD, OLD.replace("CREATE INDEX", "-- x\nCREATE INDEX concurrently IF NOT EXISTS"), "concurrently"),
        (OLD, OLD.replace("ADD COLUMN", "ADD COLUMN IF NOT EXISTS"), "concurrently"),
        ('DROP TABLE "t";', 'DROP TABLE IF EXISTS "t";', "concurrently"),
        ('DROP TABLE IF EXISTS "t";', 'DROP TABLE "t";', "statements"),
        (OLD, OLD.replace("'a;b'", "'A;b'"), "statements"),
        (OLD, OLD.replace('"c"', '"C"'), "statements"),
        (OLD, OLD.replace("'a;b'", "'a; b'"), "statements"),
        (OLD, OLD.replace("CREATE INDEX", "CREATE UNIQUE INDEX CONCURRENTLY"), "statements"),
        (OLD, "SET lock_timeout = '1s';\n" + OLD, "statements"),
        (OLD, "", "statements"),
        ("DO $$ BEGIN a; END $$;", "DO $$ BEGIN b; END $$;", "statements"),
        ("SELECT 'open", "SELECT 'opened", "statements"),
    ],
)
def test_kinds(old: str, new: str, kind: str) -> None:
    assert classify(old, new).kind == kind


def test_changed_statements_are_named() -> None:
    old = "SELECT 1;SELECT 2;" + BREAK + "SELECT 3; SELECT 4;"
    new = "SELECT 0; SELECT 1;" + BREAK + "SELECT 3; SELECT 5;"
    assert classify(old, new).changed == (
        ChangedStatement(None, "SELECT 0", 0),
        ChangedStatement("SELECT 2", None, None),
        ChangedStatement("SELECT 4", "SELECT 5", 3),
    )


def test_concurrently_names_the_statement() -> None:
    new = OLD.replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY")
    (changed,) = classify(OLD, new).changed
    assert changed.index == 0
    assert changed.after is not None
    assert changed.after.startswith("CREATE INDEX CONCURRENTLY")


def test_a_digest_that_differs_only_in_line_ends() -> None:
    unix, windows = "a\nb\n", "a\r\nb\r\n"
    assert differs_only_in_line_ends(windows, digest_of(unix))
    assert differs_only_in_line_ends(unix, digest_of(windows))
    assert not differs_only_in_line_ends("a\nc\n", digest_of(unix))


def test_real_migrations_differ_from_each_other_and_not_from_themselves() -> None:
    texts = [path.read_text() for path in sorted((PROJECTS / "chain-v0/drizzle").glob("*.sql"))]
    commented = "/* a */-- b\n"
    for text, other in pairwise(texts):
        assert classify(text, commented + text.replace(";" + BREAK, " ;" + BREAK)).kind == "comments"
        assert classify(text, other).kind == "statements"


@given(st.text(alphabet="a;'\"$-/*>\n\r ", max_size=30), st.text(alphabet="a;'\"$-/*>\n\r ", max_size=30))
def test_classify_never_raises(old: str, new: str) -> None:
    assert (classify(old, new).kind == "same") == (old == new)
