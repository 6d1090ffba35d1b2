"""The script that a fix writes for an UPDATE changes what the UPDATE would have changed, however often it is run."""

from __future__ import annotations

import psycopg
import pytest

from raincheck.sql.document import read
from support.drizzle import Outcome, migrate
from support.fix_proofs import cases, fixed, project

SOME_POSTGRES = (12, 15, 18)
CASES = [case for case in cases() if case.rule == "rows-updated-without-where"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_script_does_what_the_update_would_have_done(case, postgres, tmp_path):
    rows = []
    original = project(tmp_path / "original", "v0", (case.base, *case.pending))
    cured = fixed(original, tmp_path / "fixed", case, postgres.major)[0]
    for root in (original, cured):
        with postgres.database() as dsn:
            assert migrate(root / "drizzle", dsn, "v0") == Outcome(ok=True)
            with psycopg.connect(dsn, autocommit=True) as conn:
                for path in sorted(root.glob("drizzle-scripts/*.sql")):
                    before = _written(conn)
                    for statement in read(path.read_text()).statements:
                        conn.execute(statement.text)
                    after = _written(conn)
                    assert after != before
                    for statement in read(path.read_text()).statements:
                        conn.execute(statement.text)
                    assert _written(conn) == after  # nothing is left to do
                rows.append(conn.execute('SELECT * FROM "Leads" ORDER BY "id"').fetchall())
    assert rows[0] == rows[1]


def _written(conn: psycopg.Connection) -> list[tuple]:
    return conn.execute('SELECT "id", xmin::text FROM "Leads" ORDER BY "id"').fetchall()
