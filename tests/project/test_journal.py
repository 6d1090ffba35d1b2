"""The journal's entries are found whatever is wrong with it, and what is wrong is said at its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.project.journal import read_journal

PROJECTS = Path(__file__).parent.parent / "projects"


def entry(idx: object, when: object, tag: object, **more: object) -> dict[str, object]:
    return {"idx": idx, "version": "7", "when": when, "tag": tag, "breakpoints": True, **more}


def journal(*entries: object) -> str:
    return json.dumps({"version": "7", "dialect": "postgresql", "entries": entries}, indent=2)


def check(text: str, tags: list[str], *problems: tuple[str, str]) -> None:
    """The tags that are found and, for each problem, its rule and a piece of the text it points at."""
    found = read_journal("drizzle/meta/_journal.json", text)
    assert [entry.tag for entry in found.entries] == tags
    assert len(found.problems) == len(problems), found.problems
    for problem, (rule, piece) in zip(found.problems, problems, strict=True):
        assert problem.rule == rule
        assert problem.span is not None
        assert piece in problem.span.within(text)


def test_real_journals_hold_what_they_say() -> None:
    paths = list(PROJECTS.rglob("_journal.json"))
    assert len(paths) > 60
    for path in paths:
        text = path.read_text()
        found = read_journal(str(path), text)
        written = json.loads(text)["entries"]
        assert found.readable
        assert [(e.idx, e.when, e.tag, e.breakpoints) for e in found.entries] == [
            (e["idx"], e["when"], e["tag"], e["breakpoints"]) for e in written
        ]
        assert [json.loads(e.span.within(text)) for e in found.entries] == written


def test_a_merged_branch_is_out_of_order() -> None:
    text = (PROJECTS / "scenarios/branch-merge-v0/drizzle/meta/_journal.json").read_text()
    found = read_journal("_journal.json", text)
    assert [problem.rule for problem in found.problems] == ["journal-duplicate", "journal-out-of-order"]
    late = found.problems[1]
    assert "A database that has 0001_feat2 skips 0001_feat1 for ever" in late.message
    assert '"when": 1795354893587' in late.help


def test_order_is_measured_against_the_newest_so_far() -> None:
    text = journal(
        entry(0, 10, "a"), entry(1, 30, "b"), entry(2, 20, "c"), entry(3, 30, "d"), entry(4, 31, "e")
    )
    check(text, list("abcde"), ("journal-out-of-order", '"c"'), ("journal-out-of-order", '"d"'))


def test_duplicates() -> None:
    check(journal(entry(0, 1, "a"), entry(1, 2, "a")), ["a", "a"], ("journal-duplicate", '"idx": 1'))
    check(journal(entry(0, 1, "a"), entry(0, 2, "b")), ["a", "b"], ("journal-duplicate", '"b"'))


def test_conflict_markers_are_named_and_both_sides_are_read() -> None:
    whole = journal(entry(0, 1, "a"), entry(1, 2, "b"), entry(1, 3, "c"))
    lines = whole.splitlines()
    at = next(n for n, line in enumerate(lines) if '"b"' in line) - 4
    lines[at:at] = ["<<<<<<< HEAD"]
    lines[at + 8 : at + 8] = ["======="]
    lines[-2:-2] = [">>>>>>> feature/x"]
    text = "\n".join(lines)
    assert read_journal("j", text).problems[0].message.endswith("a merge left git's conflict markers in it.")
    check(text, ["a", "b", "c"], ("journal-unreadable", ">>>>>>> feature/x"))
    check(text.replace("\n", "\r\n"), ["a", "b", "c"], ("journal-unreadable", "<<<<<<< HEAD"))


@pytest.mark.parametrize(
    ("text", "tags", "piece"),
    [
        ("", [], ""),
        ("null", [], "null"),
        ("[]", [], "[]"),
        ('{"entries": {}}', [], '{"entries": {}}'),
        (journal(entry(0, 1, "a")) + ",", ["a"], ","),
        ("\ufeff" + journal(entry(0, 1, "a")), ["a"], "\ufeff"),
        (journal(entry(0, 1, "a"), entry(1, 2, "b")).replace("},", "}"), ["a", "b"], "{"),
        ("[" * 100_000, [], "["),
        ('{"entries": [' + "9" * 5000 + "]}", [], "{"),
    ],
)
def test_unreadable(text: str, tags: list[str], piece: str) -> None:
    check(text, tags, ("journal-unreadable", piece))
    assert not read_journal("j", text).readable


def test_broken_entries_leave_the_others() -> None:
    text = journal(
        entry(0, 1, "a"), 5, entry(1, 2, None), entry(2, "3", "b"), entry(3, [], "c"), entry(4, 9, "d")
    )
    broken = [("journal-unreadable", piece) for piece in ("5", "null", '"b"', '"c"')]
    check(text, ["a", "b", "c", "d"], *broken)
    assert [e.when for e in read_journal("j", text).entries] == [1, None, None, 9]


def test_what_drizzle_tolerates_is_tolerated() -> None:
    check('{"entries": []}', [])
    check('{"entries": [{"tag": "a", "when": 1}, {"tag": "b{}", "when": 2.0}]}', ["a", "b{}"])


@given(st.text(alphabet='{}[]",:0a\\<=>\n \ufeff', max_size=60))
def test_reading_never_raises(text: str) -> None:
    for problem in read_journal("j", text).problems:
        assert problem.span is not None
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
