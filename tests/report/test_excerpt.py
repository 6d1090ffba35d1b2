from __future__ import annotations

import pytest

from raincheck.report.excerpt import excerpt, visible, width
from raincheck.text import LineIndex, Span


def rows(marked: str, room: int = 40) -> list[str]:
    """The excerpt of the span between « and »."""
    start, end = marked.index("«"), marked.index("»") - 1
    return excerpt(LineIndex(marked.replace("«", "").replace("»", "")), Span(start, end), room)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("«DROP» TABLE a", ["1 │ DROP TABLE a", "  │ ^^^^"]),
        ("-- a\n\nDROP «TABLE» a;\n-- b", ["3 │ DROP TABLE a;", "  │      ^^^^^"]),
        ("a «»b", ["1 │ a b", "  │   ^"]),
        ("«»", ["1 │", "  │ ^"]),
        ("a;«»", ["1 │ a;", "  │   ^"]),
        ("a «b\n»c", ["1 │ a b", "  │   ^"]),
        ("a «b»\r\nc", ["1 │ a b", "  │   ^"]),
    ],
)
def test_one_line_gets_carets(marked, expected):
    assert rows(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("\t«b» c", ["1 │     b c", "  │     ^"]),
        ("ab\t«c»", ["1 │ ab  c", "  │     ^"]),
        ("'你好' «x»", ["1 │ '你好' x", "  │        ^"]),
        ("«你好» x", ["1 │ 你好 x", "  │ ^^^^"]),
        ("e\u0301 «x»", ["1 │ e\u0301 x", "  │   ^"]),
        ("'🐘' «x»", ["1 │ '🐘' x", "  │      ^"]),
        ("\x1b[31m «x»", ["1 │ ␛[31m x", "  │       ^"]),
        ("\u202ea «x»", ["1 │ \ufffda x", "  │    ^"]),
    ],
)
def test_carets_stand_below_what_a_terminal_shows(marked, expected):
    assert rows(marked) == expected


def test_several_lines_are_marked_in_the_margin():
    assert rows("a\n«b\n\tc»\nd") == ["> 2 │ b", "> 3 │     c"]


def test_of_many_lines_the_first_and_the_last_are_shown():
    text = "«" + "\n".join(f"line {number}" for number in range(1, 13)) + "»"
    assert rows(text) == [">  1 │ line 1", ">  2 │ line 2", ">  3 │ line 3", ">  ⋮ │", "> 12 │ line 12"]


def test_a_long_line_is_cut_behind_the_place():
    assert rows("«DROP» TABLE " + "a" * 50, 24) == ["1 │ DROP TABLE aaaaaaaa…", "  │ ^^^^"]


def test_a_long_line_is_cut_before_the_place():
    assert rows("a" * 50 + " «DROP» TABLE b", 24) == ["1 │ …aaaa DROP TABLE b", "  │       ^^^^"]


def test_a_long_line_is_cut_on_both_sides():
    assert rows("a" * 50 + " «DROP» TABLE " + "b" * 50, 28) == [
        "1 │ …aaaaa DROP TABLE bbbbb…",
        "  │        ^^^^",
    ]


def test_carets_of_a_long_span_end_with_the_line():
    assert rows("«" + "a" * 100 + "»", 24) == ["1 │ " + "a" * 19 + "…", "  │ " + "^" * 20]


@pytest.mark.parametrize("at", [0, 5_000, 9_999])
def test_rows_fit_into_the_room(at):
    wide = LineIndex("你\ta" * 3_333 + "x")
    shown = excerpt(wide, Span(at, at + 7), 60)
    assert max(sum(map(width, row)) for row in shown) <= 60
    assert "^" in shown[1]


def test_control_characters_become_visible():
    assert visible("a\x00b\tc\nd\x9b\u2066") == "a␀b\tc\nd\ufffd\ufffd"
