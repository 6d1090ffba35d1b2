"""What the engine makes of rules: severities, allowances, places, and rules that fail."""

from __future__ import annotations

import pytest

from raincheck.engine.finding import Finding, Severity
from raincheck.engine.rule import MigrationRule, StatementRule
from raincheck.engine.settings import Settings
from raincheck.engine.settings_file import read_settings
from raincheck.rules import ALL
from raincheck.sql.kinds import Kind
from raincheck.text import Span
from support.projects import analysis, chunked, told

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
        ("postgres = 11", "postgres: Input should be greater than or equal to 12."),
        ("postgers = 15", "There is no setting postgers. Did you mean postgres?"),
        (
            '[rules]\nindex-block-writes = "off"',
            "There is no rule index-block-writes. Did you mean index-blocks-writes?",
        ),
        ("postgres = ", "This is not valid TOML: Invalid value (at end of document)."),
        ('[[allow]]\nmigration = "1"\nrule = "syntax-error"', "allow.0.reason: Field required."),
    ],
)
def test_a_bad_settings_file_is_told_and_the_rest_is_used(toml, message):
    read = read_settings(f'base = "trunk"\n{toml}', "raincheck.toml", frozenset(rule.name for rule in ALL))
    assert [problem.message for problem in read.problems] == [message]
    assert read.settings.base in {"trunk", None}
