"""What the engine makes of rules: severities, allowances, places, and rules that fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from raincheck.engine.allowances import judge
from raincheck.engine.finding import Finding, Severity
from raincheck.engine.rule import MigrationRule, StatementRule
from raincheck.engine.settings import AllowEntry, Settings
from raincheck.engine.settings_file import read_settings
from raincheck.rules import ALL
from raincheck.sql.kinds import Kind
from raincheck.text import Span
from support.projects import analysis, chunked, project, told

INIT = 'CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text);'


class Speaks(StatementRule):
    """Speaks about every index."""

    name = "speaks"
    severity = Severity.RISK
    kinds = frozenset({Kind.CREATE_INDEX})

    def check(self, step, action):
        yield Finding(self.name, self.severity, f"An index on {action.relation.name}.", span=Span(0, 6))


class Breaks(StatementRule):
    """Fails on every index."""

    name = "breaks"
    severity = Severity.RISK
    kinds = frozenset({Kind.CREATE_INDEX})

    def check(self, step, action):
        raise ZeroDivisionError("by our own mistake")


class BreaksEverywhere(MigrationRule):
    """Fails on every migration."""

    name = "breaks-everywhere"
    severity = Severity.NOTE

    def check(self, project, migration):
        raise KeyError(migration.tag)


RULES = (Speaks(), Breaks(), BreaksEverywhere())
INDEX = 'CREATE INDEX "i" ON "users" ("email");'


def check(sql, expected, *, rules=(RULES[0],), toml="", since="0"):
    settings = read_settings(toml, "raincheck.toml", frozenset({"speaks", "breaks"})).settings
    found = analysis({"0": INIT, "1": sql}, since=since, rules=rules, settings=settings)
    assert told(found) == expected


def test_a_finding_stands_at_its_place_in_the_file():
    found = analysis({"0": INIT, "1": f"-- first\n{INDEX}"}, since="0", rules=RULES[:1])
    (finding,) = found.findings
    assert found.project.migrations[1].document.text[finding.span.start : finding.span.end] == "CREATE"


def test_a_rule_that_fails_says_so_and_hides_nothing():
    check(
        INDEX,
        [
            "0.sql:1 note internal-error",
            "1.sql:1 note internal-error",
            "1.sql:1 risk speaks",
            "1.sql:1 note internal-error",
        ],
        rules=(RULES[2], *RULES[:2]),
    )


def test_applied_migrations_are_left_in_peace_by_rules_about_statements():
    check(INDEX, [], since="1")


@pytest.mark.parametrize(
    ("level", "expected"),
    [("danger", ["1.sql:1 danger speaks"]), ("note", ["1.sql:1 note speaks"]), ("off", [])],
)
def test_a_level_in_the_settings_wins(level, expected):
    check(INDEX, expected, toml=f'[rules]\nspeaks = "{level}"')


def test_a_comment_allows_the_next_statement_only():
    sql = chunked(
        f"-- raincheck: allow speaks because the table is small\n{INDEX}",
        'CREATE INDEX "j" ON "users" ("id");',
    )
    check(sql, ["1.sql:3 risk speaks"])


def test_an_allowance_without_a_reason_allows_nothing_and_is_told():
    check(
        f"-- raincheck: allow speaks\n{INDEX}",
        ["1.sql:1 risk allowance-without-reason", "1.sql:2 risk speaks"],
    )


def test_an_allowance_that_hides_nothing_is_told():
    check("-- raincheck: allow speaks because of nothing\nSELECT 1;", ["1.sql:1 note allowance-unused"])


def test_an_entry_of_the_settings_allows_a_rule_in_one_migration():
    check(INDEX, [], toml='[[allow]]\nmigration = "1"\nrule = "speaks"\nreason = "the table is small"')


def test_an_entry_that_hides_nothing_is_told():
    toml = '[[allow]]\nmigration = "0"\nrule = "speaks"\nreason = "?"'
    check(INDEX, ["raincheck.toml:0 note allowance-unused", "1.sql:1 risk speaks"], toml=toml)


def test_a_broken_statement_is_one_finding_and_the_others_are_still_seen():
    check(chunked("CREATE TABEL x;", INDEX), ["1.sql:1 danger syntax-error", "1.sql:2 risk speaks"])


def test_what_was_found_before_is_not_looked_for_again():
    class Counts(Speaks):
        """Counts its calls."""

        seen: list[str] = []  # noqa: RUF012 - the one rule that keeps state, to show when it is asked

        def check(self, step, action):
            self.seen.append(step.statement.text)
            return super().check(step, action)

    rules = (Counts(),)
    first = analysis({"0": INIT, "1": chunked(INDEX, INDEX.replace('"i"', '"j"'))}, since="0", rules=rules)
    edited = chunked(INDEX, INDEX.replace('"i"', '"k"'))
    again = analysis({"0": INIT, "1": edited}, since="0", rules=rules, previous=first)
    assert [text.split('"')[1] for text in Counts.seen] == ["i", "j", "k"]
    assert len(again.findings) == 2


def test_an_analysis_under_other_settings_starts_afresh():
    first = analysis({"0": INIT, "1": INDEX}, since="0", rules=RULES[:1])
    other = Settings(rules={"speaks": "off"})
    again = analysis({"0": INIT, "1": INDEX}, since="0", rules=RULES[:1], settings=other, previous=first)
    assert again.findings == ()


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("postgres = 11", "postgres should be greater than or equal to 12."),
        ("postgers = 15", "There is no setting postgers. Did you mean postgres?"),
        (
            '[rules]\nindex-block-writes = "off"',
            "There is no rule index-block-writes. Did you mean index-blocks-writes?",
        ),
        ("postgres = ", "This is not valid TOML: Invalid value (at end of document)."),
        (
            '[[allow]]\nmigration = "1"\nrule = "syntax-error"',
            "An [[allow]] entry needs reason: it is missing in entry 1.",
        ),
        ("[allow]\nx = 1", "Each entry of allow begins with the line [[allow]], in double brackets."),
        ('rules = "off"', "rules is a table: begin it with the line [rules]."),
        ('migrations = "drizzle"', "migrations is a table: begin it with the line [migrations]."),
        ('[migrations]\nshema = "crm"', "There is no setting shema. Did you mean schema?"),
        (
            '[rules]\nsyntax-error = "error"',
            "rules.syntax-error should be 'off', 'note', 'risk' or 'danger'.",
        ),
    ],
)
def test_a_bad_settings_file_is_told_and_the_rest_is_used(toml, message):
    read = read_settings(f'base = "trunk"\n{toml}', "raincheck.toml", frozenset(rule.name for rule in ALL))
    assert [problem.message for problem in read.problems] == [message]
    assert read.settings.base in {"trunk", None}


@pytest.mark.parametrize(
    ("toml", "place", "used"),
    [
        ("not toml", "not toml", False),
        ("postgres = 16\nbad line\nrunner = 1", "bad line", False),
        ("postgres = ", None, False),
        ('[[allow]]\nmigration = "1"\nrule = "syntax-error"', "[[allow]]", True),
        ("postgres = 11", "postgres", True),
    ],
)
def test_a_bad_settings_file_is_told_at_its_place_and_what_becomes_of_the_rest(toml, place, used):
    (problem,) = read_settings(toml, "raincheck.toml", frozenset({"syntax-error"})).problems
    assert (problem.span and problem.span.within(toml)) == place
    assert problem.help.startswith("The rest of the file is used" if used else "Nothing of this file is used")


def test_a_byte_order_mark_before_the_settings_is_passed_over():
    read = read_settings("\ufeffpostgres = 16", "raincheck.toml", frozenset())
    assert (read.settings.postgres, read.problems) == (16, ())


def messages(sql, toml=""):
    settings = read_settings(toml, "raincheck.toml", frozenset({"speaks"})).settings
    found = analysis({"0": INIT, "1": sql}, since="0", rules=(Speaks(),), settings=settings)
    return [(one.message, one.help) for one in found.findings if one.rule.startswith("allowance")]


def test_an_allowance_of_a_rule_that_does_not_exist_says_so():
    (said,) = messages("-- raincheck: allow speak because it is small\nSELECT 1;")
    assert said == ("This allowance hides nothing: there is no rule speak.", "Did you mean speaks?")


def test_an_entry_for_a_migration_that_does_not_exist_says_so():
    (said,) = messages(INDEX, '[[allow]]\nmigration = "9"\nrule = "speaks"\nreason = "small"')
    assert said == ("This allowance hides nothing: there is no migration 9.", "Remove it.")


def test_an_entry_for_a_rule_that_does_not_exist_is_left_to_the_settings_file():
    assert messages(INDEX, '[[allow]]\nmigration = "1"\nrule = "speak"\nreason = "small"') == []


def test_what_is_wanted_of_an_allowance_repeats_only_what_names_a_rule():
    (said,) = messages(f"-- raincheck: allow speaks - tiny table\n{INDEX}")
    assert said[1] == "-- raincheck: allow speaks because <reason>"


def test_an_entry_in_a_file_above_several_projects_may_be_meant_for_another():
    entry = AllowEntry("9", "speaks", "small")
    one = project({"0": INIT}, since="0")
    for path, count in (("raincheck.toml", 1), ("../raincheck.toml", 0)):
        found = judge([], replace(one, settings_path=path), Settings(allow=(entry,)), ["speaks"])
        assert len(found) == count
