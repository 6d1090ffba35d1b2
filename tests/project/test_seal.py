"""The seal tells what changed in the history, and its chain shows an edit of the seal itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.project.project import Migration
from raincheck.project.seal import HEADER, compare, read, render
from raincheck.project.source import digest_of


def history(*texts: str) -> tuple[Migration, ...]:
    """Migrations written `tag` or `tag=text`."""
    document: Any = None
    pairs = [text.partition("=")[::2] for text in texts]
    return tuple(Migration(tag, f"{tag}.sql", None, document, digest_of(text or tag)) for tag, text in pairs)


def changes(before: str, after: str) -> str:
    seal = read("raincheck.sum", render(history(*before.split())))
    assert seal.whole
    return " ".join(f"{change.kind}:{change.tag}" for change in compare(seal, history(*after.split())))


def test_a_line_a_migration() -> None:
    text = render(history("0000_a", "0001_b"))
    header, first, second, end = text.split("\n")
    assert (header, end) == (HEADER, "")
    assert first.endswith(f" {digest_of('0000_a')} 0000_a")
    chain = first.split()[0]
    assert chain == digest_of(digest_of("0000_a") + "0000_a")[:16]
    assert second.split() == [
        digest_of(chain + digest_of("0001_b") + "0001_b")[:16],
        digest_of("0001_b"),
        "0001_b",
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a b", "a b", ""),
        ("a b", "a b c", "new:c"),
        ("", "a", "new:a"),
        ("a b", "a=x b", "edited:a"),
        ("a b c", "a c", "removed:b"),
        ("a b", "a x b", "inserted:x"),
        ("a b", "b a", "moved:a"),
        ("a b c", "x c=y a", "inserted:x edited:c moved:a removed:b"),
    ],
)
def test_changes(before: str, after: str, expected: str) -> None:
    assert changes(before, after) == expected


def test_every_change_changes_every_later_line() -> None:
    lines = render(history("a", "b", "c")).split("\n")
    edited = render(history("a", "b=x", "c")).split("\n")
    assert [one == other for one, other in zip(lines, edited, strict=True)] == [
        True,
        True,
        False,
        False,
        True,
    ]


def test_a_seal_edited_by_hand_is_said_at_the_line() -> None:
    text = render(history("a", "b", "c"))
    lines = text.split("\n")
    swapped = text.replace(digest_of("b"), digest_of("x"))
    without = "\n".join([*lines[:2], *lines[3:]])
    for broken, tag in ((swapped, "b"), (without, "c")):
        (problem,) = read("drizzle/raincheck.sum", broken).problems
        assert (problem.rule, problem.path) == ("seal-unreadable", "drizzle/raincheck.sum")
        assert problem.span is not None
        assert problem.span.within(broken).endswith(f" {tag}")


def test_conflict_markers_are_named_and_both_sides_are_read() -> None:
    ours, theirs = render(history("a", "b")).split("\n"), render(history("a", "c")).split("\n")
    text = "\n".join([*ours[:2], "<<<<<<< HEAD", ours[2], "=======", theirs[2], ">>>>>>> x", ""])
    seal = read("raincheck.sum", text)
    assert [line.tag for line in seal.lines] == ["a", "b", "c"]
    (problem,) = seal.problems
    assert "conflict markers" in problem.message
    assert problem.span is not None
    assert problem.span.within(text).startswith("<<<<<<< HEAD")
    assert problem.span.within(text).endswith(">>>>>>> x")


def test_line_ends_of_windows() -> None:
    seal = read("raincheck.sum", render(history("a", "b with spaces")).replace("\n", "\r\n"))
    assert seal.whole
    assert [line.tag for line in seal.lines] == ["a", "b with spaces"]


def test_a_format_of_the_future_and_nonsense() -> None:
    (problem,) = read("raincheck.sum", HEADER.replace("sum 1", "sum 2")).problems
    assert "format is 2" in problem.message
    (problem,) = read("raincheck.sum", HEADER + "\n\nnonsense\n").problems
    assert "not CHAIN SHA256 TAG" in problem.message


def test_digest_of_a_tag() -> None:
    seal = read("raincheck.sum", render(history("a")))
    assert seal.digest_of("a") == digest_of("a")
    assert seal.digest_of("b") is None


@given(st.lists(st.from_regex(r"[0-9a-z_]{1,8}", fullmatch=True), unique=True, max_size=6))
def test_what_is_rendered_is_read(tags: list[str]) -> None:
    seal = read("raincheck.sum", render(history(*tags)))
    assert seal.whole
    assert [line.tag for line in seal.lines] == tags
    assert compare(seal, history(*tags)) == ()


@given(st.text(max_size=40))
def test_reading_never_raises(text: str) -> None:
    for problem in read("raincheck.sum", text).problems:
        assert problem.span is not None
        assert problem.span.end <= len(text)
