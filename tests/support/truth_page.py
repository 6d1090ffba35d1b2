"""docs/runner.md: what Drizzle does, beside what Raincheck says it does."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from support.run_words import told
from support.truth import CASES
from support.truth_model import predicted

if TYPE_CHECKING:
    from support.truth import Case, Said

_FOLDER = re.compile(r"\b20\d{12}_")
_DRIZZLE = Path(__file__).resolve().parents[1] / "drizzle"

HEAD = """\
# What Drizzle's migrators do

Each row was run: with drizzle-orm {v0} and {v1}, over node-postgres and postgres-js, on a real PostgreSQL, and what
Raincheck says was compared with it (`tests/drizzle/test_truth.py`); where it can be, with {beta} too, which read 1.0's
folders and still chose by time. A few more ran with pglite and with the migrators of pg-proxy, xata-http and (0.x)
neon-http, and with `drizzle-kit migrate` (`tests/drizzle/test_truth_kit.py`).

Where Drizzle fails in the middle of a run with an error of PostgreSQL, everything of the run is rolled back. Raincheck
tells from the files and rows alone which migrations run; what their SQL does is told by its rules.

`a@1 b@2` are two migrations, made one and two seconds after some moment; behind a colon stands what is different about
one. "Before" was applied by an earlier run, "now" is what the next one finds.
"""

BEHIND = """\
## What a failure leaves behind

| where the statement fails | what stays | the next run |
|---|---|---|
| in Drizzle's transaction | nothing | runs all of it again |
| behind an embedded `COMMIT`, in the same file | what the file did before, and the earlier files with their rows, but not this file's row | starts the file again: what it created already exists |
| in a later file, and no `BEGIN` followed | each statement by itself, and the rows of the files that ended | starts the failed file again: what it created already exists |
| in a later file, behind `BEGIN` | what stands before `BEGIN`, **without** the row of that file, which was written behind it | starts that file again: write what stands before `BEGIN` so that it can be repeated |
| `CREATE INDEX CONCURRENTLY` itself, outside | an INVALID index, and no row | the index already exists; with IF NOT EXISTS it stays invalid |
| behind an embedded `ROLLBACK` | earlier files of the run are gone, with their rows | 0.x skips them for ever once a later row is there; 1.0 runs them |
| with neon-http of 0.x | each statement, and no row at all | runs everything again |
| with xata-http | each statement, and the rows of the files that ended | starts the failed file again |

Held by `tests/drizzle/test_truth_aftermath.py`, which runs each twice.
"""


def page() -> str:
    """The page."""
    head = HEAD.format(**{version: _release(version) for version in ("v0", "v1", "beta")})
    columns = f"| case | before | now | {_release('v0')} | Raincheck | {_release('v1')} | Raincheck |"
    return "\n".join((head, columns, "|---|---|---|---|---|---|---|", *map(_row, CASES), "", BEHIND))


def _release(version: str) -> str:
    package = json.loads((_DRIZZLE / version / "package.json").read_text("utf-8"))
    return package["dependencies"]["drizzle-orm"]


def _row(case: Case) -> str:
    name = f"{case.name}: `{case.rows.format(t='the table')}`" if case.rows else case.name
    with tempfile.TemporaryDirectory() as folder:
        cells = [name, _code(case.before), _code(case.after)]
        for version, said in (("v0", case.v0), ("v1", case.v1)):
            cells += [_said(said), _told(case, version, Path(folder))] if said else ["", ""]
    return "| " + " | ".join(cells) + " |"


def _told(case: Case, version: str, root: Path) -> str:
    return _escaped(_FOLDER.sub("", told(predicted(case, version, root))))


def _code(line: str) -> str:
    return f"`{line}`" if line else ""


def _said(said: Said) -> str:
    if said.stops:
        return _escaped(f'runs nothing: "{said.stops}"')
    parts = [f"runs {', '.join(said.runs.split()) or 'nothing'}"]
    parts += [f"skips {', '.join(said.skips.split())}, and says that all went well"] if said.skips else []
    parts += [f"fails: {said.fails}"] if said.fails else []
    return _escaped("; ".join(parts))


def _escaped(text: str) -> str:
    return text.replace("\ufeff", "\\uFEFF").replace("|", "\\|")
