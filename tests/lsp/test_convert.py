"""Positions and URIs, there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import ClientCapabilities, GeneralClientCapabilities, Position
from pygls.capabilities import ServerCapabilitiesBuilder

from raincheck.lsp.client import Client
from raincheck.lsp.convert import Places, path_of, uri_of
from raincheck.text import Edit, LineIndex, Span

TEXT = "-- 😋é語\n  x\r\ny\rz"


def at(offset: int, encoding: str, text: str = TEXT) -> tuple[int, int]:
    found = Places(LineIndex(text), encoding).position(offset)
    return found["line"], found["character"]


@pytest.mark.parametrize(
    ("encoding", "emoji", "accent", "end"),
    [("utf-8", 7, 9, 12), ("utf-16", 5, 6, 7), ("utf-32", 4, 5, 6)],
)
def test_columns_count_in_units_of_the_encoding(encoding, emoji, accent, end):
    assert [at(n, encoding) for n in (3, 4, 5, 6, 7, 10)] == [
        (0, 3), (0, emoji), (0, accent), (0, end), (1, 0), (1, 3),
    ]  # fmt: skip


def test_lines_end_at_crlf_and_cr():
    assert [at(TEXT.index(name), "utf-16") for name in "xyz"] == [(1, 2), (2, 0), (3, 0)]
    assert at(999, "utf-16") == (3, 1)


@given(
    st.text(st.sampled_from("ab😋é語\n\r\x0c\u2028"), max_size=30),
    st.sampled_from(("utf-8", "utf-16", "utf-32")),
)
def test_every_offset_comes_back(text, encoding):
    places = Places(LineIndex(text), encoding)
    for offset in range(len(text) + 1):
        if text[max(offset - 1, 0) : offset + 1] != "\r\n":
            assert places.offset(Position(**places.position(offset))) == offset


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_past_the_end_is_the_end(encoding):
    places = Places(LineIndex("é\nb"), encoding)
    assert [places.offset(Position(line, 99)) for line in (0, 1, 7)] == [1, 3, 3]


def test_inside_a_character_is_before_it():
    assert Places(LineIndex("😋"), "utf-16").offset(Position(0, 1)) == 0
    assert [Places(LineIndex("a語"), "utf-8").offset(Position(0, n)) for n in (1, 2, 3, 4)] == [1, 1, 1, 2]


def test_an_edit():
    edit = Places(LineIndex("😋 x"), "utf-16").edit(Edit(Span(2, 3), "y"))
    assert edit == {
        "range": {"start": {"line": 0, "character": 3}, "end": {"line": 0, "character": 4}},
        "newText": "y",
    }


@pytest.mark.parametrize("path", ["/a/b.sql", "/a b/ü#1?.sql", "/x/100%/[a].sql"])
def test_paths_come_back_from_their_uris(path):
    assert path_of(uri_of(path)) == path


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "git:/a.sql?x", "vscode-notebook-cell:/a"])
def test_what_is_no_file_has_no_path(uri):
    assert path_of(uri) is None


@pytest.mark.parametrize(
    ("offered", "agreed"),
    [
        (None, "utf-16"),
        ([], "utf-16"),
        (["utf-16"], "utf-16"),
        (["utf-8", "utf-32", "utf-16"], "utf-8"),
        (["utf-32", "utf-8", "utf-16"], "utf-32"),
        (["utf-7", "utf-32"], "utf-32"),
    ],
)
def test_the_client_s_first_encoding_is_taken(offered, agreed):
    capabilities = ClientCapabilities(general=GeneralClientCapabilities(position_encodings=offered))
    chosen = ServerCapabilitiesBuilder.choose_position_encoding(capabilities)
    assert Client.of(capabilities, str(getattr(chosen, "value", chosen))).encoding == agreed


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///c%3A/My%20Work/%5Bx%5D.sql", "c:/My Work/[x].sql"),  # VS Code
        ("file:///C:/Users/x.sql", "c:/Users/x.sql"),
        ("file:///C:%5CUsers%5Cx.sql", "c:/Users/x.sql"),
        ("file://server/share/x.sql", "//server/share/x.sql"),
        ("file://localhost/etc/x.sql", "/etc/x.sql"),
        ("file:///a/b/", "/a/b"),
        ("file:///a//b/../c.sql", "/a/c.sql"),
        ("file:///a/%C3%BC.sql", "/a/ü.sql"),
        ("file:///a/%FF.sql", "/a/\udcff.sql"),
        ("file:///a/b%2Fc.sql", "/a/b/c.sql"),
        ("vscode-vfs://github/a/b.sql", None),
        ("file://[", None),
        ("file:", None),
        ("", None),
        ("C:\\x.sql", None),
    ],
)
def test_uris_as_clients_write_them(uri, path):
    assert path_of(uri) == path


@pytest.mark.parametrize("path", ["c:/a b/x.sql", "//server/share/x y.sql", "/a/\udcff.sql", "/"])
def test_paths_of_other_systems_come_back(path):
    assert path_of(uri_of(path)) == path
