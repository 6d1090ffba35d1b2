"""One cause, one message."""

from __future__ import annotations

import pytest

from raincheck.engine.finding import Finding, Severity
from raincheck.engine.joining import joined

TELLING = {"fails": "first", "run": "apart"}


def told(*found: Finding) -> list[str]:
    """What is said: each speaker, with those it speaks for."""
    return [
        " ".join([one.rule, *(f"({other.rule})" for other in one.joined)]) for one in joined(found, TELLING)
    ]


def finding(rule: str, severity: str, step: int | None = 0, action: int | None = 0, covers=()) -> Finding:
    return Finding(rule, Severity(severity), f"{rule} says so.", step=step, action=action, covers=covers)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([("weak", "note"), ("strong", "danger")], ["strong (weak)"]),
        ([("one", "risk"), ("other", "risk")], ["one (other)"]),
        ([("strong", "danger"), ("fails", "danger")], ["fails (strong)"]),
        ([("strong", "danger"), ("run", "risk")], ["strong", "run"]),
        ([("strong", "danger"), ("fails", "risk")], ["fails", "strong"]),
        ([("one", "risk", 0, 0), ("other", "risk", 0, 1)], ["one", "other"]),
        ([("one", "risk", None, None), ("other", "risk", None, None)], ["one", "other"]),
        ([("one", "risk", 0), ("idiom", "risk", 1, 0, (0, 1)), ("two", "note", 1)], ["idiom (one) (two)"]),
        ([("one", "danger", 0), ("idiom", "risk", 1, 0, (0, 1)), ("two", "note", 1)], ["one", "idiom (two)"]),
        (
            [("fails", "danger", 0), ("idiom", "risk", 1, 0, (0, 1)), ("two", "note", 0)],
            ["fails (two)", "idiom"],
        ),
    ],
)
def test_who_speaks(found, expected):
    assert sorted(told(*(finding(*of) for of in found))) == sorted(expected)


def test_the_words_of_the_others_are_kept():
    (said,) = joined([finding("weak", "note"), finding("strong", "danger")], TELLING)
    assert [note.message for note in said.related] == ["weak: weak says so."]
