"""All exact fixes of a file at once: how many of its findings are looked at, and that it says so."""

from __future__ import annotations

from raincheck.ide.fix_all import MOST, fix_all, fixes_all, title
from raincheck.text import apply_edits
from support.projects import analysis, chunked

PATH = "drizzle/0001_b.sql"
MISSPELT = '\n-- > statement-breakpoint\nDROP TABLE "a";'


def migrated(drops: int):
    """A migration with that many findings that only a person can mend, and one more for each that has an exact fix."""
    table = "".join(f', "c{n}" text' for n in range(drops))
    statements = (f'ALTER TABLE "a" DROP COLUMN "c{n}";\n' for n in range(drops))
    return analysis(
        {"0000_a": f'CREATE TABLE "a" ("id" int{table});', "0001_b": chunked(*statements) + MISSPELT},
        since="0000_a",
    )


def test_all_findings_of_a_file_are_looked_at_as_a_rule():
    found = migrated(10)
    assert title(found, PATH) == "Apply all exact fixes in this file"
    assert fixes_all(found, PATH)
    assert "\n--> statement-breakpoint\n" in fix_all(found, PATH).text


def test_where_there_are_more_findings_than_are_looked_at_the_title_says_so():
    found = migrated(MOST + 1)
    assert title(found, PATH) == f"Apply all exact fixes in this file, for its first {MOST} findings"
    rest = found.by_path[PATH][MOST:]
    assert {finding.rule for finding in rest} >= {"breakpoint-misspelt"}
    text = found.project.at(PATH).document.text
    assert MISSPELT in apply_edits(text, filter(None, [fix_all(found, PATH)]))
