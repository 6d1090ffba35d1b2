from __future__ import annotations

import pytest

from raincheck.report.style import Style, hanging, paragraphs

STATEMENT = 'ALTER TABLE "a" ADD CONSTRAINT "b" CHECK ("c" IS NOT NULL) NOT VALID;'


@pytest.mark.parametrize(
    "line",
    [
        STATEMENT,
        STATEMENT + "--> statement-breakpoint",
        "-- a comment that is longer than the width is",
        "    indented, as it is",
    ],
)
def test_sql_is_never_wrapped(line):
    assert [*paragraphs(line, 20)] == [line]


def test_prose_is_wrapped():
    text = "SET NOT NULL then believes the check:\nBEGIN;"
    assert [*paragraphs(text, 24)] == ["SET NOT NULL then", "believes the check:", "BEGIN;"]


def test_a_block_hangs_beside_its_label():
    assert [*hanging("do", "First this:\nCOMMIT;", Style(width=60))] == [
        "    do      First this:",
        "            COMMIT;",
    ]


def test_what_a_file_says_does_not_reach_the_terminal():
    assert [*paragraphs("a \x1b[31m b", 40)] == ["a ␛[31m b"]


def test_without_colours_there_are_none():
    assert Style().paint("a", "red") == "a"
    assert Style(colour=True).paint("a", "bold", "red") == "\x1b[1;31ma\x1b[0m"
