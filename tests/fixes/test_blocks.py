"""What stands beside a statement in a DO block stays, whichever fix of that statement is applied."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from raincheck.ide.actions import is_cure
from raincheck.text import apply_edits
from support.changes import changing
from support.projects import journal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.finding import Fix

CHANGE = "drizzle/0001_change.sql"
SNAPSHOT = ("drizzle/meta/0001_snapshot.json", '{"id": "00000000-0000-4000-8000-000000000000"}')
BESIDE = 'INSERT INTO "posts" VALUES (7, 7);'


def cures(text: str) -> Iterator[tuple[Fix, str]]:
    """The fixes of all that is found in a pending migration, and what each makes of it."""
    found = changing(text)
    project = replace(
        found.project, last_snapshot=SNAPSHOT, journal_text=journal(["0000_init", "0001_change"])
    )
    analysis = replace(found, project=project)
    for finding in analysis.findings:
        for _, fix in analysis.fixes(finding):
            if is_cure(fix) and CHANGE in fix.edits:
                yield fix, apply_edits(text, fix.edits[CHANGE])


@pytest.mark.parametrize(
    "statement",
    [
        'ALTER TABLE "users" ALTER COLUMN "age" SET NOT NULL;',
        'ALTER TABLE "users" ALTER COLUMN "age" TYPE bigint;',
        'ALTER TABLE "users" ADD COLUMN "token" uuid DEFAULT gen_random_uuid();',
        'ALTER TABLE "users" ADD CONSTRAINT "named" UNIQUE ("name");',
        'ALTER TABLE "users" RENAME COLUMN "age" TO "years";',
        'ALTER TABLE "users" ADD COLUMN "number" serial;',
    ],
)
def test_what_else_a_block_does_stays(statement):
    alone = [fix.title for fix, after in cures(statement) if statement not in after]
    assert alone, "there is a fix that puts something else in its place"
    made = [after for _, after in cures(f"DO $$ BEGIN {statement} {BESIDE} END $$;")]
    assert all(BESIDE in after for after in made)
    guarded = [
        after for _, after in cures(f"DO $$ BEGIN {statement} EXCEPTION WHEN others THEN NULL; END $$;")
    ]
    assert all("EXCEPTION WHEN others" in after for after in guarded)
