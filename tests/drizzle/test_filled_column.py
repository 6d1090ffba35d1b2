"""A plain column that a trigger fills holds what the generated column would, in old rows and in new ones."""

from __future__ import annotations

import psycopg

from raincheck.sql.document import read
from support.drizzle import Outcome, migrate
from support.fix_proofs import cases, fixed, project

SOME_POSTGRES = (12, 15, 18)
(CASE,) = (case for case in cases() if case.rule == "generated-column-rewrites")
ROWS = 'SELECT "id", "Label" FROM "assets" ORDER BY 1'
LATER = (
    'INSERT INTO "assets" ("id", "size", "Name") VALUES (9001, 3, \'new\'), (9002, 4, NULL)',
    'UPDATE "assets" SET "size" = "size" + 1 WHERE "id" % 3 = 0',
    'UPDATE "assets" SET "Name" = NULL WHERE "id" = 2',
)


def labels(postgres, root, scripts):
    """The rows after the migrations, the scripts, and some writes."""
    with postgres.database() as dsn:
        assert migrate(root / "drizzle", dsn, "v0") == Outcome(ok=True)
        with psycopg.connect(dsn, autocommit=True) as conn:
            for script in scripts:
                for statement in read(script.read_text()).statements:
                    conn.execute(statement.text)
            for write in LATER:
                conn.execute(write)
            return conn.execute(ROWS).fetchall()


def test_it_holds_what_the_generated_column_would(postgres, tmp_path):
    original = project(tmp_path / "original", "v0", (CASE.base, *CASE.pending))
    cured, _ = fixed(original, tmp_path / "fixed", CASE, postgres.major)
    scripts = list((cured / "drizzle-scripts").iterdir())
    wanted = labels(postgres, original, ())
    assert labels(postgres, cured, scripts) == wanted
    assert (9001, "NEW-3") in wanted or (9001, "NEW-4") in wanted
