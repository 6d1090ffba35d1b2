"""docs/status.md: three environments that the real Drizzle has broken, and what `raincheck status` says of each.

    python tests/support/status_page.py

writes it anew, with a PostgreSQL of its own.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
sys.path.insert(0, str(HERE.parents[1]))

import psycopg  # noqa: E402 - behind the path, as the next ones

from raincheck.report.status import render  # noqa: E402
from raincheck.report.style import Style  # noqa: E402
from raincheck.session.session import Options, Session  # noqa: E402
from raincheck.session.status import statuses  # noqa: E402
from support.drizzle import ask, kit  # noqa: E402
from support.pg import Server  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.report.status import Status

PAGE = ROOT / "docs" / "status.md"
MAJOR = 15
NOW = 1795402800_000_000_000
"""Nanoseconds: 2026-11-23."""
TABLE = "drizzle.__drizzle_migrations"

HEAD = """\
# What is the matter with this database

`raincheck status --database-url env:DATABASE_URL` on three databases that the real drizzle-orm and drizzle-kit have brought to
where they are (0.45.4 with 0.31.11, and 1.0.0-rc.5), on PostgreSQL 15. The output is the command's own, only the address of
the database is another. `tests/cli/test_status_page.py` makes them again and compares.

The columns say who has a migration: `journal` its entry, `file` its SQL, `snapshot` its snapshot, `seal` its line in
`raincheck.sum`, `git` the branch that is deployed, `db` its row. What a source has with another text or hash is marked ≠.
"""

MERGED = """
## A branch was merged late, and a file was edited

`0004_add_suppliers` came from a branch that was merged after the database had run `0007`. `drizzle-kit migrate` said that all
went well. Later somebody made a column of `0001` shorter, in the file.
"""

PUSHED = """
## The database was pushed, and then migrated

Somebody ran `drizzle-kit push` on an empty database, and a table was made by hand. `drizzle-kit migrate` fails there with
`type "chat_role" already exists`, prints nothing, and exits with 1.
"""

RECORDABLE = """
`push` had left out the schema `analytics`, which `schemaFilter` did not name. After it was made by hand, the tables are what all ten
migrations make. With the SQL that is printed now they are recorded, and the next `drizzle-kit migrate` goes well.
"""

RENAMED = """
## Drizzle 1.0: a folder was renamed, and another branch was deployed

`20261122132352` got a better name after the database had run it, and the newest migration of the database is of a branch
that this checkout does not have.
"""


def page(server: Server) -> str:
    """The page, from three databases on this server."""
    parts = [HEAD]
    for make in (_merged, _pushed, _renamed):
        with tempfile.TemporaryDirectory() as folder, server.database() as dsn:
            for text, shown in make(Path(folder).resolve() / "app", dsn):
                parts += [text, "\n```text\n", shown, "```\n"]
    return "".join(parts)


def asked(root: Path, dsn: str) -> tuple[Status, ...]:
    """What the command makes of this project."""
    with patch("time.time_ns", return_value=NOW):
        return statuses(Session(str(root), Options(database=dsn)))


def status(root: Path, dsn: str) -> str:
    """What it prints in the project's folder, on a terminal of 100 columns; the address is another."""
    found = asked(root, dsn)
    told = [replace(one, database='the database "renovation" on staging.example.com:5432') for one in found]
    return render(told, Style(width=100, start=root.as_posix()))


def _merged(root: Path, dsn: str) -> Iterator[tuple[str, str]]:
    _copied(root, ROOT / "examples" / "renovation")
    journal = root / "drizzle" / "meta" / "_journal.json"
    merged = journal.read_text()
    _keep(journal, lambda tag: tag < "0008" and not tag.startswith("0004"))
    _migrated(root, dsn, "v0")
    journal.write_text(merged)
    _migrated(root, dsn, "v0")
    edited = root / "drizzle" / "0001_add_nullable_column.sql"
    edited.write_text(edited.read_text().replace('"locale" text', '"locale" varchar(5)'))
    yield MERGED, status(root, dsn)


def _pushed(root: Path, dsn: str) -> Iterator[tuple[str, str]]:
    _copied(root, ROOT / "examples" / "renovation")
    shutil.copy(root / "src" / "schema.ts", root / "schema.ts")
    code, told = kit(root, "v0", dsn, "push")
    assert code == 0, told
    _run(dsn, "CREATE TABLE audit_log (id bigint PRIMARY KEY, told text)")
    (root / "drizzle" / "raincheck.sum").unlink()
    code, told = kit(root, "v0", dsn)
    assert (code, "already exists" in told) == (1, False)
    assert ask("v0", dsn, root / "drizzle").outcome.message == 'type "chat_role" already exists'
    yield PUSHED, status(root, dsn)
    statements = (root / "drizzle" / "0000_init.sql").read_text().split("--> statement-breakpoint")
    for statement in statements:
        if statement.lstrip().startswith(("CREATE SCHEMA", 'CREATE TABLE "analytics"')):
            _run(dsn, statement)
    yield RECORDABLE, status(root, dsn)
    (sql,) = [one.sql for one in asked(root, dsn)[0].diagnoses if one.sql]
    for _ in range(2):
        _run(dsn, sql)
    assert not asked(root, dsn)[0].wrong
    assert kit(root, "v0", dsn)[0] == 0


def _renamed(root: Path, dsn: str) -> Iterator[tuple[str, str]]:
    _copied(root, ROOT / "tests" / "projects" / "chain-v1")
    folders = sorted((root / "drizzle").iterdir())
    for later in folders[6:]:
        shutil.rmtree(later)
    _migrated(root, dsn, "v1")
    shutil.rmtree(folders[5])
    folders[3].rename(folders[3].with_name("20261122132352_add_is_admin"))
    yield RENAMED, status(root, dsn)


def _copied(root: Path, project: Path) -> None:
    shutil.copytree(project, root, ignore=shutil.ignore_patterns("node_modules"))
    (root / ".git").mkdir()  # nothing above it is looked at


def _keep(journal: Path, wanted) -> None:
    content = json.loads(journal.read_text())
    content["entries"] = [entry for entry in content["entries"] if wanted(entry["tag"])]
    journal.write_text(json.dumps(content))


def _migrated(root: Path, dsn: str, version: str) -> None:
    outcome = ask(version, dsn, root / "drizzle").outcome
    assert outcome.ok, outcome


def _run(dsn: str, statement: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(statement)


if __name__ == "__main__":
    with Server(MAJOR) as own:
        PAGE.write_text(page(own), "utf-8")
