"""The journal as a document: what an entry stands for, and the way to its files and back."""

from __future__ import annotations

from textwrap import dedent

from raincheck.ide.blocks import plain
from raincheck.ide.history import definitions, entry_hover
from support.projects import analysis

JOURNAL = "drizzle/meta/_journal.json"
USERS = 'CREATE TABLE "users" ("id" integer PRIMARY KEY NOT NULL);'
INDEX = 'CREATE INDEX "users_idx" ON "users" ("id");'
FOUND = analysis({"0000_users": USERS, "0001_index": INDEX}, since="0000_users")


def offset_of(text: str) -> int:
    return FOUND.project.journal_text.index(text)


def hovered(text: str) -> str | None:
    found = entry_hover(
        FOUND, JOURNAL, offset_of(text), "file:///app/{}".format, lambda m: "red" if m.pending else ""
    )
    return found and plain(found.blocks)


def check(text: str, says: str) -> None:
    assert hovered(text) == dedent(says).strip()


def test_a_pending_entry():
    check(
        '"0001_index"',
        f"""
        drizzle/0001_index.sql

        pending: Drizzle runs it the next time (by the tag given)

        Deploy gate: red.

        1 statement, 2 findings.

        SHA-256 {FOUND.project.migrations[1].digest}
        """,
    )


def test_an_applied_entry():
    assert "applied (by the tag given)\n\n1 statement, 0 findings." in hovered('"idx": 0')


def test_outside_of_entries():
    assert hovered('"dialect"') is None
    assert entry_hover(FOUND, "drizzle/0000_users.sql", 0, str, lambda _: "") is None


def test_from_an_entry_to_its_file_and_back():
    (file,) = definitions(FOUND.project, JOURNAL, offset_of('"0001_index"'))
    assert file.path == "drizzle/0001_index.sql"
    (entry,) = definitions(FOUND.project, file.path, 3)
    assert entry.path == JOURNAL
    assert '"tag": "0001_index"' in entry.span.within(FOUND.project.journal_text)
    assert definitions(FOUND.project, JOURNAL, 0) == ()
    assert definitions(FOUND.project, "elsewhere.sql", 0) == ()
