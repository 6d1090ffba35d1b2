"""What the programs of docs/comparison.md say is counted whole and judged fairly."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from raincheck.locks.modes import Mode
from raincheck.rules import ALL

ONE_POSTGRES = True
ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "comparison.md").read_text("utf-8")

sys.path.insert(0, str(ROOT / "bench"))
import locks_asked as asked  # noqa: E402
import locks_cases as judged  # noqa: E402
import locks_comparison as comparison  # noqa: E402
import projects_comparison as of_projects  # noqa: E402
import projects_measured as measuring  # noqa: E402

sys.path.pop(0)


def test_the_tables_are_read_as_they_are_written():
    """That Raincheck's and squawk's figures are current is held by tests/test_generated.py."""
    assert (
        comparison.tables(judged.cases(), comparison.read_figures(PAGE)) == comparison.TABLES.search(PAGE)[0]
    )


def test_every_statement_is_counted_once_for_each_program():
    printed = comparison.read_figures(PAGE)
    assert len(printed) == 3
    for name, figures in printed.items():
        *verdicts, _ = figures.totals
        assert sum(map(int, verdicts)) == len(judged.cases()), name
        groups = [map(int, cell.split(" / ")) for cell in figures.groups]
        right, wrong, silent = map(sum, zip(*groups, strict=True))
        right_, stronger, weaker, *rest = map(int, verdicts)
        assert (right, wrong, silent) == (right_, stronger + weaker, sum(rest)), name


def test_the_page_names_the_versions_that_were_asked():
    squawk = re.search(
        r"^squawk-cli==([\d.]+)", (ROOT / "requirements/dev.txt").read_text("utf-8"), re.MULTILINE
    )[1]
    versions = {"squawk": squawk, "pgfence": asked.PGFENCE.rpartition("@")[2]}
    assert {f"{name} {version}" for name, version in versions.items()} < set(comparison.read_figures(PAGE))
    assert asked.PGFENCE in PAGE
    assert all(re.search(rf"\| \[{name}\]\S+ \| {version}\b", PAGE) for name, version in versions.items())


def check(sql, locks, claim, verdict):
    case = judged.Case("", "", (), sql, 15, modes(locks), rewritten=False, scanned=False, reads=False)
    assert judged.verdict(case, judged.Claim(modes(claim))) is judged.Verdict[verdict]


def modes(text):
    """`users: SHARE, …`; a mode alone is of the statement."""
    pairs = [part.rpartition(":") for part in text.split(",") if part]
    return {name.strip(): Mode[mode.strip()] for name, _, mode in pairs}


ATTACH = (
    "ALTER TABLE events ATTACH PARTITION events_2026 DEFAULT",
    "events_2026: ACCESS_EXCLUSIVE, events: SHARE",
)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    {
        "events: SHARE": "RIGHT",
        "events: ACCESS_EXCLUSIVE": "STRONGER",
        "events: ROW_SHARE, events_2026: ACCESS_EXCLUSIVE": "WEAKER",
        "events_2026: ACCESS_EXCLUSIVE": "RIGHT",
        "SHARE": "RIGHT",
        "ACCESS_EXCLUSIVE": "RIGHT",
        "SHARE_ROW_EXCLUSIVE": "WEAKER",
        "": "SILENT",
    }.items(),
)
def test_a_claim_is_held_against_the_relation_that_it_names(claim, verdict):
    check(*ATTACH, claim, verdict)


def test_silence_on_a_lock_that_blocks_neither_reads_nor_writes_is_harmless():
    check("COMMENT ON TABLE users IS 'x'", "users: SHARE_UPDATE_EXCLUSIVE", "", "SILENT_HARMLESS")


def test_a_statement_that_names_no_relation_is_judged_by_its_strongest_lock():
    check("DROP SCHEMA billing CASCADE", "a: SHARE, b: ACCESS_EXCLUSIVE", "ACCESS_EXCLUSIVE", "RIGHT")
    check("DROP SCHEMA billing CASCADE", "a: SHARE, b: ACCESS_EXCLUSIVE", "SHARE", "WEAKER")


def test_what_cannot_be_parsed_is_told_from_silence():
    case = judged.Case("", "", (), "", 15, modes("a: SHARE"), rewritten=False, scanned=False, reads=False)
    assert judged.verdict(case, judged.Claim(is_parsed=False)) is judged.Verdict.UNREADABLE


def test_the_table_of_the_migrations_is_read_as_it_is_written():
    printed = of_projects.read_figures(PAGE)
    assert len(printed) == 3
    assert of_projects.table(of_projects.asked(), printed) == of_projects.TABLE.search(PAGE)[0]


@pytest.mark.parametrize("folder", ["chain-v0/drizzle", "chain-v1/drizzle", "old-kits/k0.28.1/drizzle"])
def test_a_server_does_what_was_written_down(folder, postgres):
    with postgres.database() as dsn:
        found = list(measuring.measured(postgres, dsn, folder))
    assert found == [one for one in measuring.read() if one.path.startswith(f"{folder}/")]


def test_every_rule_that_counts_as_an_answer_is_one():
    """Of Raincheck's; a name that no rule has any more would go missing without a sound."""
    names = {rule.name for rule in ALL}
    answers = {answer for rules in of_projects.RAINCHECK.values() for answer in rules.split()}
    assert {answer.partition(":")[0] for answer in answers} <= names
