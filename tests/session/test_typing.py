"""Statements are typed key by key: what is said of the others stays, and nothing flashes where somebody types."""

from __future__ import annotations

import pytest

from raincheck.session.session import Session
from support.projects import BREAKPOINT, chunked, journal

INIT = chunked(
    'CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text);\n',
    'CREATE TABLE "posts" ("id" serial PRIMARY KEY, "author" integer, "title" text);\n',
)
INDEX = 'CREATE INDEX "i" ON "users" ("email");\n'
NOT_NULL = 'ALTER TABLE "posts" ALTER COLUMN "title" SET NOT NULL;\n'
DROP = 'ALTER TABLE "users" DROP COLUMN "email";\n'

PLACES = {
    "first": ("", f"\n{INDEX}{BREAKPOINT}{NOT_NULL}{BREAKPOINT}{DROP}"),
    "between": (f"{INDEX}{BREAKPOINT}", f"\n{NOT_NULL}{BREAKPOINT}{DROP}"),
    "before a breakpoint": (f"{INDEX}{BREAKPOINT}", f"\n{BREAKPOINT}{NOT_NULL}{BREAKPOINT}{DROP}"),
    "last": (f"{INDEX}{BREAKPOINT}{NOT_NULL}{BREAKPOINT}{DROP}{BREAKPOINT}", ""),
    "between two that are indented": (
        f"  {INDEX}{BREAKPOINT}  ",
        f"\n{BREAKPOINT}  {NOT_NULL}{BREAKPOINT}{DROP}",
    ),
}
TYPED = {
    "a column": 'ALTER TABLE "posts" ADD COLUMN "n" timestamp DEFAULT now() NOT NULL;',
    "a column without quotes": "alter table posts add column n character varying(10);",
    "a table": "CREATE TABLE notes (\n  id bigint PRIMARY KEY,\n  post integer UNIQUE REFERENCES posts(id)\n);",
    "rows": "UPDATE posts SET title = 'a;b' WHERE author = 3;",
    "a body": "CREATE FUNCTION f() RETURNS int AS $$\nBEGIN\n  RETURN 1;\nEND $$ LANGUAGE plpgsql;",
    "a comment": "-- what follows is for \"users\", isn't it\nCOMMENT ON TABLE users IS 'x';",
}


@pytest.fixture
def typing(tmp_path):
    """Types into a project's second migration, between a text before and one behind; what is found after each key:
    the findings elsewhere, and those where somebody types.
    """

    def typed(before, keys, behind):
        path = _project(tmp_path, before + behind)
        session = Session(str(tmp_path), typed=True)
        session.analyses()
        for count in range(len(keys) + 1):
            text = before + keys[:count] + behind
            session.overlay(str(path), text)
            [analysis] = session.analyses()
            here, elsewhere = [], []
            for finding in analysis.by_path.get("drizzle/0001_next.sql", ()):
                mine = len(before) <= finding.span.start < len(before) + max(count, 1) and count
                (here if mine else elsewhere).append(
                    (finding.rule, finding.message, finding.span.within(text))
                )
            yield keys[:count], elsewhere, here

    return typed


@pytest.mark.parametrize(
    ("what", "place"),
    [
        ("a column", "between"),
        ("a column", "before a breakpoint"),
        ("a column without quotes", "last"),
        ("a table", "first"),
        ("rows", "between two that are indented"),
        ("a body", "between"),
        ("a comment", "first"),
    ],
)
def test_what_is_said_elsewhere_stays_and_nothing_flashes_where_somebody_types(typing, what, place):
    before, behind = PLACES[place]
    end = "" if behind.startswith(f"\n{BREAKPOINT}") or not behind else f"\n{BREAKPOINT.strip()}"
    states, seen = [], {}
    for typed, elsewhere, here in typing(before, TYPED[what] + end, behind):
        if not states or states[-1][1] != elsewhere:
            states.append((typed, elsewhere))
        now = {rule for rule, _, _ in here if rule != "syntax-error"}
        assert seen.keys() <= now, f"{typed!r}: gone again {seen.keys() - now}"
        seen |= dict.fromkeys(now, typed)
    assert len(states[0][1]) >= 3
    assert {typed for typed, _ in states} <= {"", TYPED[what]}  # when it is finished it has its effect
    assert not [rule for rule, _, _ in here if rule == "syntax-error"]


def test_a_breakpoint_is_misspelt_when_somebody_is_not_typing_it_any_more(typing, tmp_path):
    before, behind = PLACES["between"]
    keys = 'DROP TABLE "posts" CASCADE;\n--> statement-breakp'
    *_, (_, _, here) = typing(before, keys, behind)
    assert {rule for rule, _, _ in here} == {"table-dropped"}
    path = tmp_path / "drizzle" / "0001_next.sql"
    path.write_text(before + keys + behind)
    [saved] = Session(str(tmp_path)).analyses()
    assert "breakpoint-misspelt" in {finding.rule for finding in saved.findings}


def test_a_breakpoint_that_is_deleted_is_missed_at_once(tmp_path):
    _project(tmp_path, INDEX + BREAKPOINT + NOT_NULL)
    session = Session(str(tmp_path), typed=True)
    assert "statements-share-chunk" not in _rules(session)
    session.overlay(str(tmp_path / "drizzle" / "0001_next.sql"), INDEX + NOT_NULL)
    assert "statements-share-chunk" in _rules(session)


def test_what_was_begun_is_read_when_it_is_saved_or_somebody_types_elsewhere(tmp_path):
    path, text = _project(tmp_path, INDEX + BREAKPOINT), f"{INDEX}{BREAKPOINT}DROP TABLE posts"
    session = Session(str(tmp_path), typed=True)
    assert "table-dropped" not in _rules(session)
    session.overlay(str(path), text)
    assert "table-dropped" in _rules(session)  # which came at once
    session.overlay(str(path), f"{text}_old")
    assert "relation-missing" in _rules(session)
    for count in range(len("DROP TABLE posts")):
        session.overlay(str(path), text[: len(text) - len("DROP TABLE posts") + count])
        _rules(session)
    session.overlay(str(path), text)
    assert "table-dropped" not in _rules(session)
    session.overlay(str(path), f"-- drops posts\n{text}")
    assert "table-dropped" in _rules(session)
    path.write_text(text)
    session.overlay(str(path), text)
    assert "table-dropped" in _rules(session)


def _project(folder, text):
    (folder / "drizzle" / "meta").mkdir(parents=True)
    (folder / "drizzle" / "0000_init.sql").write_text(INIT)
    (folder / "drizzle" / "meta" / "_journal.json").write_text(journal(["0000_init", "0001_next"]))
    (folder / "drizzle" / "raincheck.sum").write_text("")
    path = folder / "drizzle" / "0001_next.sql"
    path.write_text(text)
    return path


def _rules(session):
    [analysis] = session.analyses()
    return {finding.rule for finding in analysis.findings}
