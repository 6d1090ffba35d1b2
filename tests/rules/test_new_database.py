"""What a new database meets where existing ones got their migrations in another order, or not all of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from raincheck.engine.analysis import analyse
from raincheck.engine.settings import Settings
from raincheck.project.project import State
from raincheck.rules import ALL
from support.projects import chunked, project

INIT = 'CREATE TABLE "a" ("id" integer PRIMARY KEY, "n" integer);'
STATES = {"a": State.APPLIED, "p": State.PENDING, "s": State.SKIPPED}


def notes(states: str, *texts: str) -> list[str]:
    """Where it is said: a migration's number and PostgreSQL's answer; a letter of `states` for each migration."""
    found = project({f"000{n}_step": text for n, text in enumerate(texts)}, everything=True)
    settled = zip(found.migrations, states, strict=True)
    migrations = tuple(replace(migration, state=STATES[letter]) for migration, letter in settled)
    findings = analyse(replace(found, migrations=migrations), Settings(), ALL).findings
    told = [finding for finding in findings if finding.rule == "new-database-fails"]
    return [f"{one.path[-11:-9]} {one.message.rpartition('fails here: ')[2]}" for one in told]


@pytest.mark.parametrize(
    ("states", "texts", "expected"),
    [
        (
            "asp",
            (
                INIT,
                'ALTER TABLE "a" RENAME COLUMN "n" TO "m";',
                'ALTER TABLE "a" ALTER COLUMN "n" SET DEFAULT 1;',
            ),
            ['02 column "n" of relation "a" does not exist (42703).'],
        ),
        (
            "asa",
            (INIT, 'ALTER TABLE "a" ADD COLUMN "x" text;', 'ALTER TABLE "a" ADD COLUMN "x" text;'),
            ['02 column "x" of relation "a" already exists (42701).'],
        ),
        ("asp", (INIT, 'ALTER TABLE "a" ADD COLUMN "x" text;', 'ALTER TABLE "a" ADD COLUMN "y" text;'), []),
        ("aap", (INIT, 'ALTER TABLE "a" ADD COLUMN "x" text;', 'ALTER TABLE "a" ADD COLUMN "x" text;'), []),
        ("pa", ('ALTER TABLE "a" ADD COLUMN "x" text;', INIT), ['00 relation "a" does not exist (42P01).']),
        ("pa", (chunked('DROP TABLE IF EXISTS "b";'), INIT), []),
    ],
    ids=["skipped", "both did it", "independent", "it fails anyway", "late", "late, and needs nothing"],
)
def test_a_new_database(states, texts, expected):
    assert notes(states, *texts) == expected
