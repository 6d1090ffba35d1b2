"""What is told to write in the place of an IF NOT EXISTS that PostgreSQL does not have runs, and runs again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from raincheck.sql.document import read
from raincheck.sql.parse import parse

if TYPE_CHECKING:
    from psycopg import Connection

SOME_POSTGRES = (12, 18)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TYPE IF NOT EXISTS e AS ENUM ('a',\n'b')",
        "CREATE POLICY if not exists p ON t USING (n = 1)",
        "ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS c CHECK (n > 0) NOT VALID;",
        "ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS u UNIQUE (n)",
        "ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS f FOREIGN KEY (n) REFERENCES t (id)",
    ],
)
def test_a_block_does_it(connection: Connection, sql: str) -> None:
    connection.execute("CREATE TABLE t (id int PRIMARY KEY, n int)")
    with pytest.raises(psycopg.errors.SyntaxError):
        connection.execute(sql)
    problem = parse(sql).problem
    assert problem is not None
    (block,) = read(problem.help.partition("\n")[2]).statements
    connection.execute(block.text)
    connection.execute(block.text)
    assert len(block.actions) == 2  # the block, and what is in it
