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

RENAMED = """
## Drizzle 1.0: a folder was renamed, and another branch was deployed

`20261122132352` got a better name after the database had run it, and the newest migration of the database is of a branch
that this checkout does not have.
"""


def page(server: Server) -> str:
    """The page, from three databases on this server."""
    parts = [HEAD]
    for text, make in ((MERGED, _merged), (PUSHED, _pushed), (RENAMED, _renamed)):
        with tempfile.TemporaryDirectory() as folder, server.database() as dsn:
            root = Path(folder).resolve() / "app"
            make(root, dsn)
            parts += [text, "\n```text\n", status(root, dsn), "```\n"]
    return "".join(parts)


def status(root: Path, dsn: str) -> str:
    """What the command prints for this project, in its folder, on a terminal of 100 columns; the address is another."""
    with patch("time.time_ns", return_value=NOW):
        found = statuses(Session(str(root), Options(database=dsn)))
    told = [replace(one, database='the database "renovation" on staging.example.com:5432') for one in found]
    return render(told, Style(width=100, start=root.as_posix()))


def _merged(root: Path, dsn: str) -> None:
    _copied(root, ROOT / "examples" / "renovation")
    journal = root / "drizzle" / "meta" / "_journal.json"
    merged = journal.read_text()
    _keep(journal, lambda tag: tag < "0008" and not tag.startswith("0004"))
    _migrated(root, dsn, "v0")
    journal.write_text(merged)
    _migrated(root, dsn, "v0")
    edited = root / "drizzle" / "0001_add_nullable_column.sql"
    edited.write_text(edited.read_text().replace('"locale" text', '"locale" varchar(5)'))


def _pushed(root: Path, dsn: str) -> None:
    _copied(root, ROOT / "examples" / "renovation")
    shutil.copy(root / "src" / "schema.ts", root / "schema.ts")
    code, told = kit(root, "v0", dsn, "push")
    assert code == 0, told
    _run(dsn, "CREATE TABLE audit_log (id bigint PRIMARY KEY, told text)")
    (root / "drizzle" / "raincheck.sum").unlink()
    code, told = kit(root, "v0", dsn)
    assert code == 1, told


def _renamed(root: Path, dsn: str) -> None:
    _copied(root, ROOT / "tests" / "projects" / "chain-v1")
    folders = sorted((root / "drizzle").iterdir())
    for later in folders[6:]:
        shutil.rmtree(later)
    _migrated(root, dsn, "v1")
    shutil.rmtree(folders[5])
    folders[3].rename(folders[3].with_name("20261122132352_add_is_admin"))


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
