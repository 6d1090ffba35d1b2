"""Edits as clients send them, against a model that is simple enough to believe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position, Range

from raincheck.lsp.documents import OpenDocument, Text

ENCODINGS = ("utf-8", "utf-16", "utf-32")
UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def place(text: str, line: int, character: int, encoding: str) -> int:
    """The offset of a position, found by walking through the text one character at a time."""
    codec, size = UNITS[encoding]
    offset = 0
    for _ in range(line):
        while offset < len(text) and text[offset] not in "\r\n":
            offset += 1
        if offset == len(text):
            return offset
        offset += 2 if text[offset : offset + 2] == "\r\n" else 1
    units = 0
    while offset < len(text) and text[offset] not in "\r\n":
        units += len(text[offset].encode(codec)) // size
        if units > character:
            break
        offset += 1
    return offset


def replaced(text: str, edit: tuple[int, int, int, int, str], encoding: str) -> str:
    first, start, last, end, new = edit
    begin, stop = sorted((place(text, first, start, encoding), place(text, last, end, encoding)))
    return text[:begin] + new + text[stop:]


def change(text: str, *edits: tuple[int, int, int, int, str], encoding: str = "utf-16") -> str:
    document = Text(text, encoding)
    for first, start, last, end, new in edits:
        document.replace(Range(Position(first, start), Position(last, end)), new)
    return str(document)


LINE_ENDS = ("\n", "\r\n", "\r")
NO_LINE_ENDS = ("\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
texts = st.lists(
    st.sampled_from([*LINE_ENDS, *NO_LINE_ENDS, "a", "bc", "é", "語", "😋", ";", "--> statement-breakpoint"]),
    max_size=12,
).map("".join)
edits = st.tuples(
    st.integers(0, 6), st.integers(0, 12), st.integers(0, 6), st.integers(0, 12), texts
)  # fmt: skip


@given(texts, st.lists(edits, max_size=8), st.sampled_from(ENCODINGS))
def test_edits_do_what_the_model_does(text, changes, encoding):
    expected = text
    for edit in changes:
        expected = replaced(expected, edit, encoding)
    assert change(text, *changes, encoding=encoding) == expected


@pytest.mark.parametrize("character", NO_LINE_ENDS)
def test_only_lf_crlf_and_cr_end_lines(character):
    assert change(f"a{character}b\nc\n", (1, 0, 1, 0, "X")) == f"a{character}b\nXc\n"


@pytest.mark.parametrize(
    ("text", "edit", "expected"),
    [
        ("", (0, 0, 0, 0, "X"), "X"),
        ("abc", (0, 3, 0, 3, "X"), "abcX"),
        ("abc\n", (1, 0, 1, 0, "X"), "abc\nX"),
        ("abc\ndef", (0, 99, 0, 99, "X"), "abcX\ndef"),
        ("abc", (9, 9, 9, 9, "X"), "abcX"),
        ("a\nb\n", (0, 1, 2, 0, ""), "a"),
        ("ab\r\ncd", (0, 1, 0, 9, ""), "a\r\ncd"),
        ("a\rb\rc", (1, 1, 1, 1, "X"), "a\rbX\rc"),
        ("a\rb\nc", (1, 0, 1, 1, ""), "a\r\nc"),
        ("😋b", (0, 2, 0, 2, "X"), "😋Xb"),
        ("😋b", (0, 1, 0, 1, "X"), "X😋b"),
        ("abc", (0, 2, 0, 1, "X"), "aXc"),
    ],
)
def test_edge(text, edit, expected):
    assert change(text, edit) == expected


def test_a_line_end_that_comes_together_is_one():
    """Deleting what stands between CR and LF joins them, and the next edit counts lines anew."""
    assert change("a\rb\nc\nd", (1, 0, 1, 1, ""), (1, 0, 1, 1, "X")) == "a\r\nX\nd"


def test_half_a_character_is_none_until_the_other_half_comes():
    half = Text("a", "utf-16")
    half.replace(Range(Position(0, 1), Position(0, 1)), "\ud83d")
    assert str(half) == "a\ufffd"
    half.replace(Range(Position(0, 2), Position(0, 2)), "\ude0b")
    assert str(half) == "a😋"


def test_a_change_without_a_range_is_the_whole_text():
    from lsprotocol.types import TextDocumentContentChangeWholeDocument as Whole

    document = OpenDocument("file:///a.sql", "/a.sql", 1, Text("old", "utf-8"))
    document.change(4, [Whole(text="new😋")])
    assert (str(document.text), document.version, document.text.encoding) == ("new😋", 4, "utf-8")
