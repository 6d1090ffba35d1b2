from __future__ import annotations

import re

import pytest

from raincheck.report.gate import text
from raincheck.report.style import Style
from support.projects import analysis

TEXTS = {
    "0000_init": 'CREATE TABLE "users" ("id" integer, "name" text);',
    "0001_index": 'CREATE INDEX "i" ON "users" ("name");',
    "0002_add": 'ALTER TABLE "users" ADD COLUMN "nick" text;',
    "0003_drop": 'DROP TABLE "users";',
}


@pytest.mark.parametrize("colour", [True, False])
def test_the_paths_and_the_reasons_stand_in_one_column_whatever_the_gate(colour):
    printed = text([analysis(TEXTS, since="0000_init")], Style(colour=colour, start="/app"))
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in printed.splitlines()[1:]]
    assert {line.split()[0] for line in lines if ".sql" in line} == {"green", "yellow", "red"}
    assert {re.search(r"drizzle/|(?<=^ {10})\S", line).start() for line in lines} == {10}
    assert ("\x1b[" in printed) is colour
