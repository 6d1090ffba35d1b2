"""The baseline: what makes a finding new, and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from raincheck.engine.analysis import analyse
from raincheck.engine.known import Known, entries, normal
from raincheck.engine.known_file import read_known, render
from raincheck.engine.settings import Settings
from raincheck.project.project import Baseline
from raincheck.rules import ALL
from support.projects import chunked, project

INIT = 'CREATE TABLE "users" ("id" integer PRIMARY KEY, "name" text); CREATE TABLE "rooms" ("id" integer);'
DROP, OTHER = 'DROP TABLE "users";', 'DROP TABLE "rooms";'
INDEX = 'CREATE INDEX "i" ON "users" ("name");'


def analysed(sql, known=None, since="0"):
    found = project({"0": INIT, "1": sql}, since=since)
    return analyse(found, Settings(known=known), ALL)


def known_of(analysis):
    each = [one for finding in analysis.findings for one in finding.all]
    found = entries(each, analysis.project, analysis.timeline)
    return Known("raincheck.baseline.json", {entry.key: entry for entry in found})


def rules(analysis):
    return [one.rule for finding in analysis.findings for one in finding.all]


def test_what_was_written_down_is_silent():
    before = analysed(chunked(INDEX, DROP))
    assert len(rules(before)) >= 3
    after = analysed(chunked(INDEX, DROP), known_of(before))
    assert (after.findings, after.hidden) == ((), len(rules(before)))


def test_a_new_finding_is_heard():
    known = known_of(analysed(DROP))
    assert "table-dropped" in rules(analysed(chunked(DROP, OTHER), known))


@pytest.mark.parametrize(
    "sql",
    [
        f"\n\n-- moved down\n{DROP}",
        'drop   table\n"users" ;'.replace("drop", "DROP").replace("table", "TABLE"),
        'DROP /* by now */ TABLE "users"; -- done',
        chunked("SELECT   1;", DROP),
        chunked(DROP, "SELECT 1;"),
    ],
)
def test_it_is_the_same_where_it_moved_or_was_written_otherwise(sql):
    assert rules(analysed(sql, known_of(analysed(DROP)))) == []


def test_one_more_of_equal_statements_is_heard():
    grant = 'ALTER TABLE "users" DROP COLUMN IF EXISTS "name";'
    once = analysed(grant)
    assert "column-dropped" in rules(once)
    again = 'ALTER TABLE "users" ADD COLUMN "name" text;'
    twice = chunked(grant, again, grant)
    known = known_of(once)
    before = len([one for one in rules(analysed(twice)) if one == "column-dropped"])
    after = len([one for one in rules(analysed(twice, known)) if one == "column-dropped"])
    assert after == before - 1


def test_the_same_statement_in_another_file_is_heard():
    known = known_of(analysed(DROP))
    found = project({"0": INIT, "1": "SELECT 1;", "2": DROP}, since="0")
    assert "table-dropped" in rules(analyse(found, Settings(known=known), ALL))


def test_entries_that_match_nothing_are_told_once():
    known = known_of(analysed(chunked(DROP, OTHER)))
    found = analysed("SELECT 1;", known)
    (told,) = found.findings
    assert (told.rule, told.severity, told.path) == ("baseline-outdated", "note", "raincheck.baseline.json")


def test_what_was_applied_since_is_not_looked_for():
    known = known_of(analysed(DROP))
    assert analysed(DROP, known, since="1").findings == ()


def test_entries_of_another_project_are_not_this_ones_concern():
    entry = next(iter(known_of(analysed(DROP)).entries.values()))
    key = entry.key._replace(path="packages/api/drizzle/1.sql")
    known = Known("raincheck.baseline.json", {key: replace(entry, key=key)})
    assert rules(analysed("SELECT 1;", known)) == []


def test_an_applied_file_that_is_edited_again_is_heard_again():
    def edited(text, known=None):
        found = project({"0": INIT, "1": "SELECT 1;"}, since="1")
        first, second = found.migrations
        changed = replace(first, digest=text * 32, baselines=(Baseline("seal", "0" * 64, "raincheck.sum"),))
        return analyse(replace(found, migrations=(changed, second)), Settings(known=known), ALL)

    known = known_of(edited("ab"))
    assert rules(edited("ab")) == ["migration-edited"]
    assert rules(edited("ab", known)) == []
    assert "migration-edited" in rules(edited("cd", known))


def test_the_file_is_read_as_it_was_written():
    known = known_of(analysed(chunked(INDEX, DROP, OTHER)))
    text = render(known.entries.values())
    assert read_known(text, "raincheck.baseline.json") == (known, ())
    assert render(reversed(known.entries.values())) == text


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 1, "findings": [{"path": 1}]}', "<<<<<<< HEAD"])
def test_a_broken_file_hides_nothing_and_is_told(text):
    known, (problem,) = read_known(text, "raincheck.baseline.json")
    assert known is None
    assert problem.rule == "settings-invalid"
    assert "\n" not in problem.message


def test_tokens_are_what_counts():
    assert normal("DROP /* a */ TABLE\n a -- b\n") == "DROP TABLE a"
    assert normal("SELECT 'a  b'") == "SELECT 'a  b'"
