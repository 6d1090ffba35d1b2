"""Constraints: where a page says that there is no quick fix, none is offered; where one is, it says what it does."""

from __future__ import annotations

import pytest

from raincheck.fixes.constraint_text import constraint_span, unnamed_text
from raincheck.rules import ALL
from support.pages import analysed, cases, cures
from support.projects import analysis as analysed_texts

WITHOUT = [case for rule in ALL for case in cases(rule.name) if "no quick fix" in case.title]


@pytest.mark.parametrize("case", WITHOUT, ids=str)
def test_no_fix_is_offered_where_it_would_be_wrong(case, tmp_path):
    analysis = analysed(case, tmp_path)
    found = [one for finding in analysis.findings for one in finding.all if one.rule == case.rule]
    assert found
    assert [fix.title for finding in found for fix in cures(analysis, finding)] == []


ONE = 'ADD CONSTRAINT "é" CHECK ("a" IN (1, 2)) NO INHERIT'
WRITTEN = {
    f"ALTER TABLE t {ONE}, ADD COLUMN b integer": ['CHECK ("a" IN (1, 2)) NO INHERIT'],
    f"DO $$ BEGIN ALTER TABLE t {ONE}; NULL; END $$": ['CHECK ("a" IN (1, 2)) NO INHERIT'],
    "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES t -- why\n ON DELETE CASCADE": [
        "FOREIGN KEY (a) REFERENCES t -- why\n ON DELETE CASCADE"
    ],
    "ALTER TABLE t ADD COLUMN b text CHECK (b <> ',') NO INHERIT UNIQUE NOT NULL": [
        "CHECK (b <> ',') NO INHERIT",
        "UNIQUE",
    ],
    "ALTER TABLE t ADD COLUMN b integer CONSTRAINT r REFERENCES t (a) DEFERRABLE INITIALLY DEFERRED DEFAULT 1": [
        "REFERENCES t (a) DEFERRABLE INITIALLY DEFERRED"
    ],
    'ALTER TABLE t ADD COLUMN b text UNIQUE COLLATE "C"': [""],
}


@pytest.mark.parametrize("sql", WRITTEN)
def test_a_constraint_is_cut_out_whole(sql):
    (step,) = analysed_texts({"0000_one": f"{sql};"}).timeline.steps
    added = [
        action for action in step.actions if action.kind.startswith("add_") and action.kind != "add_column"
    ]
    assert [unnamed_text(step, action) for action in added] == WRITTEN[sql]
    assert [constraint_span(step, action) is None for action in added] == [not text for text in WRITTEN[sql]]
