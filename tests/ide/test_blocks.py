"""Markdown that shows the user's names as they are, and plain text without any marks."""

from __future__ import annotations

import pytest

from raincheck.ide.blocks import Code, Link, Strong, Table, listed, markdown, paragraph, plain


@pytest.mark.parametrize(
    ("piece", "written"),
    [
        (Code("public.users"), "`public.users`"),
        (Code("a`b"), "`` a`b ``"),
        (Code("a``b`"), "``` a``b` ```"),
        (Code("a|b"), "`a|b`"),
        (Code("a\nb"), "`a b`"),
        (Strong("DROP <x>"), "**DROP \\<x\\>**"),
        (Link("a_b:1", "file:///a"), "[a_b:1](file:///a)"),
        ("0001_init *is* [it] `now`", "0001_init \\*is\\* \\[it\\] \\`now\\`"),
        ("_under_", "\\_under\\_"),
    ],
)
def test_markdown(piece, written):
    assert markdown([paragraph(piece)]) == written


def test_a_table():
    table = Table(("Name", "Lock"), ((Code("users"), "SHARE"), (Code("a|b"), "-")))
    assert markdown([table]) == "| Name | Lock |\n| --- | --- |\n| `users` | SHARE |\n| `a\\|b` | - |"
    assert plain([table]) == "Name   Lock\nusers  SHARE\na|b    -"


def test_a_table_that_is_too_wide_for_plain_text_has_a_line_a_row():
    table = Table(("Name", "Lock", "Work"), ((Code("users"), "SHARE", "w" * 70), (Code("posts"), "", "none")))
    assert plain([table]) == f"users: SHARE; {'w' * 70}\nposts: none"


def test_plain_text_has_no_marks():
    assert (
        plain([paragraph("a ", Code("b*"), " ", Strong("c"), Link("d", "u")), paragraph("e")])
        == "a b* cd\n\ne"
    )


def test_lists():
    parts = [(Code("a"),), ("b", "c"), ("d",)]
    assert plain([paragraph(*listed(parts, 3))]) == "a, bc, d"
    assert plain([paragraph(*listed(parts, 2))]) == "a, bc and 1 more"
    assert listed([], 2) == ()
