"""Whatever the user's things are called, a report in Markdown has the parts that it has with a plain name, and its SQL is whole."""

from __future__ import annotations

import re
from functools import cache

import pytest
from markdown_it import MarkdownIt

from raincheck.plan.review import review
from raincheck.report.explained_markdown import explained
from raincheck.report.formats import render
from raincheck.report.page import render as page
from raincheck.report.review import review_markdown
from raincheck.report.style import Style, is_sql, paragraphs, whole_lines
from raincheck.sql.names import always_quoted
from raincheck.text import Span
from support.changes import changing

PARSER = MarkdownIt("commonmark").enable("table")
NAMES = (
    *("a`b", "`", "``", "a``` b", "x\n```\ny", "\n\n\n````sql\nDROP", "~~~"),
    *("a|b", "| a | b |\n| --- | --- |", "a\\", "\\`"),
    *("a\nb", "a\r\nb", "a\rb", "a\u2028b", "a\n\n# h", "\n- x", "a\n===\n", "1. x"),
    *("a</details><script>alert(1)</script>", "a\n\n<b>x</b>", "![x](y)", "*a* _b_", "a&lt;b", "$x$"),
    "CREATE INDEX x;\nDROP x;",
)


def statements(name):
    named = always_quoted(name)
    return [
        f'CREATE INDEX {named} ON "users" ("name");',
        f'ALTER TABLE "users" ADD COLUMN {named} text NOT NULL;',
        f'ALTER TABLE "posts" ADD CONSTRAINT {named} CHECK ("author" > 0);',
        'DROP TABLE "users";',
        f'CREATE TABLE {named} ("id" integer);',
    ]


def reports(name):
    found = changing(*statements(name))
    path = "drizzle/0001_change.sql"
    yield review_markdown(review(found))
    yield render("markdown", [found], style=Style(start="/app"))
    yield explained(
        found, path, Span(0, len(found.project.migrations[1].document.text)), "file:///app/".__add__
    )


def shapes(name):
    return [[(each.type, each.tag) for each in PARSER.parse(text)] for text in reports(name)]


@cache
def plain():
    return shapes("plain")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_changes_no_part_of_a_report(name):
    assert shapes(name) == plain()


@pytest.mark.parametrize("name", NAMES)
def test_sql_to_paste_has_the_whole_name(name):
    """But for the ends of lines, which Markdown does not keep."""
    wanted = "\n".join(re.split(r"\r\n?|\n", f"DROP INDEX CONCURRENTLY IF EXISTS {always_quoted(name)}"))
    text = next(reports(name))
    assert any(wanted in each.content for each in PARSER.parse(text) if each.type == "fence")


def test_a_block_of_code_ends_where_it_began():
    text = "````sql\na\n```\nb\n````\nprose `c`\n"
    assert page(text, Style()) == "    a\n    ```\n    b\nprose `c`\n"


BLOCK = "DO $$ BEGIN\n  IF true THEN\n\nRAISE NOTICE 'x';\n  END IF;\nEND $$;"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('Drop "a\nb" first:\nDROP TABLE "a\nb";', ['Drop "a\nb" first:', 'DROP TABLE "a\nb";']),
        (f"Or:\n{BLOCK}\nThen go on.", ["Or:", BLOCK, "Then go on."]),
        ('It is 5" wide.\nAnd so on.', ['It is 5" wide.', "And so on."]),
        ("It isn't.\nIt's $5.", ["It isn't.", "It's $5."]),
        ("", []),
        ("a\n\nb\n", ["a", "", "b"]),
    ],
)
def test_no_line_ends_inside_a_name_or_a_block(text, wanted):
    assert [*whole_lines(text)] == wanted


def test_a_block_in_a_help_is_one_fence():
    created = 'CREATE INDEX CONCURRENTLY IF NOT EXISTS "i" ON "users" ("name");'
    text = render("markdown", [changing("COMMIT;", created, "BEGIN;")])
    blocks = [each.content for each in PARSER.parse(text) if each.type == "fence" and "DO $$" in each.content]
    assert [block.strip().endswith("END $$;") and "RAISE" in block for block in blocks] == [True]


def test_a_block_is_shown_as_it_is():
    assert is_sql(BLOCK)
    assert "\n".join(paragraphs(f"Or:\n{BLOCK}", 20)) == f"Or:\n{BLOCK}"
