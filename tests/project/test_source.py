"""Bytes become what Node makes of them, and get the hash that Drizzle stores."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.project.source import decode, digest_of


@pytest.mark.parametrize("text", ["", "SELECT 1;", "\ufeffSELECT 1;", "a\r\nb\r\n", "é 😀"])
def test_digest_is_that_of_the_bytes(text: str) -> None:
    content = text.encode()
    found = decode(content, "a.sql")
    assert (found.text, found.problems) == (text, ())
    assert found.digest == sha256(content).hexdigest() == decode(text, "a.sql").digest


def test_invalid_utf_8() -> None:
    """As `sha256(fs.readFileSync(file).toString())` in Node 20."""
    found = decode("é😀 ".encode() + b"caf\xe9 \xff", "drizzle/a.sql")
    assert found.text == "é😀 caf\ufffd \ufffd"
    assert found.digest == sha256("é😀 caf\ufffd \ufffd".encode()).hexdigest()
    (problem,) = found.problems
    assert (problem.rule, problem.path) == ("not-utf-8", "drizzle/a.sql")
    assert problem.span is not None
    assert problem.span.within(found.text) == "\ufffd"
    assert problem.span.start == 6
    assert "Byte 10 (0xE9)" in problem.message


def test_utf_16_is_named() -> None:
    for encoding, order in (("utf-16-le", "little-endian"), ("utf-16-be", "big-endian")):
        (problem,) = decode("\ufeffSELECT 1".encode(encoding), "a.sql").problems
        assert f"UTF-16 ({order})" in problem.message


def test_half_a_surrogate_pair_from_an_editor() -> None:
    assert decode("a\ud83d", "a.sql").digest == digest_of("a\ufffd")


@given(st.binary(max_size=40))
def test_decoding_never_raises(content: bytes) -> None:
    found = decode(content, "a.sql")
    assert found.digest == sha256(found.text.encode()).hexdigest()
    assert bool(found.problems) == (found.text.encode() != content)
