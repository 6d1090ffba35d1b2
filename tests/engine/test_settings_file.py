"""`raincheck.toml`: levels for some files, allowances that end, sizes of tables, and what is said of mistakes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from raincheck.engine.allowances import judge
from raincheck.engine.analysis import analyse
from raincheck.engine.settings import AllowEntry, Override, Settings
from raincheck.engine.settings_file import read_settings
from raincheck.rules import ALL
from raincheck.sql.names import Name
from support.projects import project

RULES = frozenset(rule.name for rule in ALL)


def read(text):
    return read_settings(text, "raincheck.toml", RULES)


def messages(text):
    return [problem.message for problem in read(text).problems]


def test_levels_for_some_files():
    found = read('[[overrides]]\nfiles = ["drizzle/legacy/**"]\nrules = { table-dropped = "off" }\n')
    assert found.problems == ()
    assert found.settings.overrides == (Override(("drizzle/legacy/**",), {"table-dropped": "off"}),)


def test_an_allowance_that_ends():
    text = '[[allow]]\nmigration = "0"\nrule = "table-dropped"\nreason = "x"\nexpires = '
    for written in ("2027-01-31", '"2027-01-31"'):
        assert read(text + written).settings.allow[0].expires == date(2027, 1, 31)
    assert messages(text + '"next spring"')[0].startswith("allow.expires")


def test_sizes_of_tables():
    text = (
        '[tables]\nusers = "large"\n"public.events" = 12000\nlog.lines = "small"\n[tables."My"]\n"A.b" = 1\n'
    )
    found = read(text)
    assert found.problems == ()
    assert {name: size.of_class for name, size in found.settings.tables.items()} == {
        Name("", "users"): "large",
        Name("public", "events"): "medium",
        Name("log", "lines"): "small",
        Name("A", "b"): "small",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[overrides]]\nfiles = ["a"]\n', "An [[overrides]] entry needs rules: it is missing in entry 1."),
        ("[[overrides]]\nrules = {}\n", "An [[overrides]] entry needs files: it is missing in entry 1."),
        (
            '[[overrides]]\nfile = "a"\nfiles = ["a"]\nrules = {}\n',
            "There is no setting file. Did you mean files?",
        ),
        (
            '[[overrides]]\nfiles = ["a"]\nrules = { table-droped = "off" }\n',
            "There is no rule table-droped. Did you mean table-dropped?",
        ),
        ('[overrides]\nfiles = ["a"]\n', "Each entry of overrides begins with the line [[overrides]], in double brackets."),
        ("[table]\na = 1\n", "There is no setting table. Did you mean tables?"),
        (
            '[tables]\nusers = "big"\n',
            'The size of users must be "small", "large" or about how many rows it has, as a whole number.',
        ),
        (
            "[tables]\nusers = -1\n",
            'The size of users must be "small", "large" or about how many rows it has, as a whole number.',
        ),
        (
            '[[allow]]\nmigration = "a"\nrule = "table-dropped"\nreason = "b"\nexpire = 2027-01-01\n',
            "There is no setting expire. Did you mean expires?",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_told_once(text, message):
    assert messages(text) == [message]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('[rules]\ntable-dropped = "loud"\nlock-timeout-missing = "off"\n', {"lock-timeout-missing": "off"}),
        ('fail_on = "x"\n[rules]\nlock-timeout-missing = "off"\n', {"lock-timeout-missing": "off"}),
        ('rules = "off"\n', {}),
    ],
)
def test_one_wrong_entry_leaves_the_others_in_force(text, kept):
    assert dict(read(text).settings.rules) == kept


def test_one_wrong_size_or_override_leaves_the_others_in_force():
    text = (
        '[tables]\nusers = "big"\nposts = 5\n[[overrides]]\nfiles = 3\nrules = {}\n'
        '[[overrides]]\nfiles = ["a"]\nrules = { table-dropped = "off" }\n'
    )
    settings = read(text).settings
    assert [size.rows for size in settings.tables.values()] == [5]
    assert [override.files for override in settings.overrides] == [("a",)]


def test_the_last_override_that_fits_wins():
    drop = {"0": 'CREATE TABLE "a" ("b" integer);', "1": 'DROP TABLE "a";'}
    quiet = {"lock-timeout-missing": "off", "table-dropped": "note"}
    overrides = (
        Override(("drizzle/**",), {"table-dropped": "off"}),
        Override(("1.sql",), {"table-dropped": "risk"}),
        Override(("elsewhere/**",), {"table-dropped": "danger"}),
    )

    def severities(*some, path="raincheck.toml"):
        found = project(drop, since="0")
        settings = Settings(rules=quiet, overrides=some)
        analysis = analyse(replace(found, settings_path=path), settings, ALL)
        return [str(one.severity) for one in analysis.findings if one.rule == "table-dropped"]

    assert severities() == ["note"]
    assert severities(overrides[0]) == []
    assert severities(*overrides) == ["risk"]
    assert severities(overrides[2]) == ["note"]
    from_above = Override(("app/drizzle/**",), {"table-dropped": "danger"})
    assert severities(from_above) == ["note"]
    assert severities(from_above, path="../raincheck.toml") == ["danger"]


def test_a_glob_that_fits_nothing_is_told():
    one = project({"0": "SELECT 1;"}, since="0")
    overrides = (Override(("drizzle/*.sql", "drizle/**", "raincheck.toml"), {"table-dropped": "off"}),)
    (found,) = analyse(one, Settings(overrides=overrides), ALL).findings
    assert (found.rule, found.message) == ("settings-invalid", "No file of this project is one of drizle/**.")
    shared = replace(one, settings_path="../raincheck.toml")
    assert analyse(shared, Settings(overrides=overrides), ALL).findings == ()


def test_an_override_can_switch_a_rule_on():
    drop = {"0": 'CREATE TABLE "a" ("b" integer);', "1": 'DROP TABLE "a";'}
    settings = Settings(
        rules={"table-dropped": "off"}, overrides=(Override(("1.sql",), {"table-dropped": "risk"}),)
    )
    found = analyse(project(drop, since="0"), settings, ALL)
    assert "table-dropped" in [one.rule for one in found.findings]


@pytest.mark.parametrize(
    ("today", "rules"),
    [(date(2027, 1, 31), ["allowance-unused"]), (date(2027, 2, 1), ["allowance-expired"]), (None, ["allowance-unused"])],
)  # fmt: skip
def test_an_allowance_holds_through_its_last_day(today, rules):
    one = project({"0": "SELECT 1;"}, since="0")
    entry = AllowEntry("0", "table-dropped", "it was empty", date(2027, 1, 31))
    found = judge([], one, Settings(allow=(entry,), today=today), [*RULES])
    assert [finding.rule for finding in found] == rules


def test_an_expired_allowance_allows_nothing():
    entry = AllowEntry("1", "table-dropped", "it was empty", date(2027, 1, 31))
    settings = Settings(allow=(entry,), today=date(2027, 2, 1), rules={"lock-timeout-missing": "off"})
    found = analyse(
        project({"0": 'CREATE TABLE "a" ("b" integer);', "1": 'DROP TABLE "a";'}, since="0"), settings, ALL
    )
    assert [one.rule for one in found.findings] == ["allowance-expired", "table-dropped"]


def test_an_expired_allowance_of_another_project_is_not_this_ones_concern():
    one = replace(project({"0": "SELECT 1;"}, since="0"), settings_path="../raincheck.toml")
    entry = AllowEntry("other", "table-dropped", "it was empty", date(2027, 1, 31))
    assert judge([], one, Settings(allow=(entry,), today=date(2028, 1, 1)), [*RULES]) == ()
