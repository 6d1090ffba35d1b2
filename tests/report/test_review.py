from __future__ import annotations

import json

import pytest

from raincheck.plan.review import review
from raincheck.report.review import review_markdown
from raincheck.report.review_json import ReviewsReport, render
from raincheck.report.review_text import review_text
from raincheck.report.style import Style
from support.changes import changing


def test_it_has_the_parts_of_the_form_in_their_order():
    text = review_markdown(review(changing('CREATE INDEX "i" ON "users" ("name");', "SELECT 1;")))
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings == [
        "## Migration Safety Review: 0001_change",
        "### Statements",
        "### Locks held over the run",
        "### Required Actions",
        "### Rollback SQL",
        "### Post-Migration Verification",
    ]
    assert text.splitlines()[2].startswith("**Verdict: NEEDS CHANGES.** ")
    assert (
        '| 1 | `CREATE INDEX "i" ON "users" ("name")` | risk | SHARE on public.users: blocks writes | '
        in text
    )
    assert '   CREATE INDEX CONCURRENTLY "i" ON "users" ("name");--> statement-breakpoint' in text
    assert "   +SET LOCAL lock_timeout = '2s';--> statement-breakpoint" in text


def test_what_an_interrupted_run_may_have_left_is_known_to_hinder_nobody():
    concurrent = (
        'DROP INDEX CONCURRENTLY IF EXISTS "i";',
        'CREATE INDEX CONCURRENTLY "i" ON "users" ("name");',
    )
    text = review_markdown(review(changing("COMMIT;", *concurrent, "BEGIN;")))
    (row,) = [line for line in text.splitlines() if line.startswith("| 2 |")]
    told = "if it is there, SHARE UPDATE EXCLUSIVE on its table: reads and writes go on"
    assert f"| safe (gate yellow) | {told} | until open transactions end |" in row
    plain = review_markdown(review(changing('DROP INDEX IF EXISTS "i";')))
    assert "| not known (gate yellow) | not known | not known |" in plain


def test_a_safe_one_is_short():
    text = review_markdown(review(changing('CREATE TABLE "n" ("a" integer);')))
    assert "### Required Actions" not in text
    assert "### Locks held" not in text
    assert "**Verdict: SAFE.**" in text


def test_folds_are_closed_and_nothing_of_the_user_s_breaks_them():
    odd = 'ALTER TABLE "users" ADD COLUMN "a|b</details>`*_" text NOT NULL;'
    text = review_markdown(review(changing(odd)))
    assert text.count("<details>") == text.count("\n</details>") + text.count("   </details>")
    (row,) = [line for line in text.splitlines() if line.startswith("| 1 |")]
    assert row.replace("\\|", "").count("|") == 7


def test_a_long_one_fits_into_a_comment():
    many = [f'CREATE TABLE "t{number}" ("a" integer);' for number in range(700)]
    text = review_markdown(review(changing(*many)))
    assert len(text) <= 65_000
    assert "too long for a comment" in text


def test_many_statements_show_those_with_a_finding_first():
    many = [f'CREATE TABLE "t{number}" ("a" integer);' for number in range(40)]
    text = review_markdown(review(changing(*many, 'DROP TABLE "posts";')))
    shown, _, folded = text.partition("<summary>40 statements without a finding</summary>")
    assert '| 41 | `DROP TABLE "posts"` | danger |' in shown
    assert '| 1 | `CREATE TABLE "t0" ("a" integer)` | safe |' in folded


@pytest.mark.parametrize("width", [60, 100])
def test_a_terminal_gets_no_line_of_prose_that_is_too_wide(width):
    text = review_text(review(changing('ALTER TABLE "users" DROP COLUMN "age";')), Style(width))
    before = text.partition("Rollback SQL")[0]
    assert [line for line in before.splitlines() if len(line) > width and "\\copy" not in line] == []


def test_json_is_as_its_models_say():
    found = review(
        changing('ALTER TABLE "users" DROP COLUMN "age";', 'CREATE INDEX "i" ON "users" ("name");')
    )
    text = render([found])
    ReviewsReport.model_validate_json(text)
    (one,) = json.loads(text)["reviews"]
    assert (one["verdict"], one["gate"]) == ("BLOCKED", "red")
    assert [(line["risk"], line["duration"]) for line in one["statements"]] == [
        ("danger", "instant"),
        ("danger", "grows"),
    ]
    assert one["rollback"]["grade"] == "loses-data"
    assert [held["until"] for held in one["held"]] == [2]
