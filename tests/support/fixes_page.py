"""docs/fixes.md: what is proven of each fix, by the cases of tests/drizzle/fix_cases/.

    python tests/support/fixes_page.py

measures how long a writer waits, before and after, and writes the page; what else it says, test_fix_proofs.py holds.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
sys.path.insert(0, str(HERE.parents[1]))

import psycopg  # noqa: E402 - behind the path, as the next ones

from support.fix_proofs import Runs, cases, fixed, project  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.fix_cases import FixCase

PAGE = ROOT / "docs" / "fixes.md"
WAITS = ROOT / "tests" / "drizzle" / "fix_waits.json"
ROWS = 300_000
MAJOR = 15
ORMS = {"v0": "0.x", "v1": "1.0"}

HEAD = f"""\
# What is proven of each fix

Each line is a project with a finding, and the fix that Raincheck offers for it. `tests/drizzle/test_fix_proofs.py` runs the
original and the fixed project with the real `migrate()` of drizzle-orm, 0.45.4 (0.x) on PostgreSQL 15 and 1.0.0-rc.5 (1.0) on
18 where not said otherwise, and fails where one of these does not hold:

- **Schema**: both end in the same schema, by PostgreSQL's own catalogs, and with the same rows; what differs is named. An
  original that fails has its SQLSTATE here; the fixed project ends as what was meant.
- **Again**: the fixed project runs to its end, also on a new database, and once more when there is nothing to do.
- **Cut off**: the connection is cut at each query that the migrator sends, and while the server is in the midst of each
  CONCURRENTLY; the next run goes to the end, and the schema is the same.
- **Writers**: while the original reads the table whole, rewrites it or builds an index, nobody can write to it; while the fixed
  one does, everybody can. That holds on any machine. Of one project of each rule the longest wait of a session that wrote
  all the while was measured once, on {ROWS:,} rows on PostgreSQL {MAJOR} with 0.x, before → after: on a busy machine, so only the
  proportion says something.

*exact*: the same schema under weaker locks, and nothing else to do. *needs-deploy*: spread over deployments, as its title says.
`raincheck fix` applies the first kind, `raincheck fix --needs-deploy` both; *manual* ones are for a person.
"""


def page() -> str:
    """The page, from the cases and the waits that were measured."""
    rules = sorted({case.rule for case in cases()})
    return HEAD + "".join(_section(rule) for rule in rules)


def _section(rule: str) -> str:
    lines = [
        "| project | fix | | Drizzle | schema | again | cut off | writers |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [f"| {' | '.join(_row(case))} |" for case in cases() if case.rule == rule]
    return f"\n## [{rule}](rules/README.md)\n\n" + "\n".join(lines) + "\n"


def _row(case: FixCase) -> Iterator[str]:
    title, safety = offered(case)
    yield case.name
    yield title.replace("|", "\\|")
    yield safety
    on = "" if set(case.postgres) == {15, 18} else f", PostgreSQL {', '.join(map(str, case.postgres))}"
    yield " and ".join(ORMS[version] for version in case.versions) + on
    yield _schema(case)
    yield "yes" + (", with what is done in between" if case.between else "")
    yield "yes" if case.rerun else "no"
    yield _writers(case)


def _schema(case: FixCase) -> str:
    fails = f"{case.fails} before; " if case.fails else ""
    names = ", ".join(f"`{name}`" for name in case.differs)
    rows = "" if case.same_rows else ", rows of its own"
    return f"{fails}the same" + (f", save for {names}" if names else "") + rows


def _writers(case: FixCase) -> str:
    if not case.blocks:
        return "-"
    before, after = waits().get(case.name, (None, None))
    times = f" ({_told(before)} → {_told(after)})" if before and after else ""
    return ("fails" if case.fails else "kept out") + " → not kept out" + times


def _told(wait: float) -> str:
    """Milliseconds with one figure that counts: 2, 30, 400."""
    milliseconds = max(wait * 1000, 1)
    return f"{float(f'{milliseconds:.1g}'):.0f} ms"


@cache
def offered(case: FixCase) -> tuple[str, str]:
    """The title of the fix, and its safety."""
    with tempfile.TemporaryDirectory() as folder:
        version = case.versions[0]
        root = project(Path(folder).resolve() / "original", version, (case.base, *case.pending))
        _, fixes = fixed(root, root.with_name("fixed"), case, min(case.postgres))
        return fixes[0].title, fixes[0].safety


@cache
def waits() -> dict[str, list[float]]:
    """The longest waits of a writer in seconds, before and after, by the case's name."""
    return json.loads(WAITS.read_text("utf-8")) if WAITS.exists() else {}


def measured() -> dict[str, list[float]]:
    """Measure one case of each rule: the first whose tables can be filled with that many rows."""
    from support.pg import Server  # the page alone needs none

    found: dict[str, list[float]] = {}
    rules: set[str] = set()
    with Server(MAJOR) as server, tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(cases()):
            fits = case.blocks and not case.fails and MAJOR in case.postgres and "v0" in case.versions
            if fits and case.rule not in rules and "generate_series(1" in case.base:
                with suppress(AssertionError):  # as many rows do not fit its data
                    found[case.name] = _measured(case, server, Path(folder).resolve() / str(number))
                    rules.add(case.rule)
    return found


def _measured(case, server, folder):
    large = _large(case)
    runs = Runs(large, "v0", server, folder)
    original = runs.original()
    with runs.deployed() as base:
        with runs.copy(base) as dsn:
            before = _longest(case, dsn, lambda: runs.deploy(original, dsn))
        with runs.copy(base) as dsn:
            plan = runs.deploys(runs.fixed())
            after = _longest(case, dsn, lambda: [runs.deploy(what, dsn) for what in plan])
    return [before, after]


def _large(case: FixCase) -> FixCase:
    """The case with many rows in the tables that its first migration fills by generate_series(1, n)."""
    return replace(case, base=re.sub(r"generate_series\(1, ?\d+\)", f"generate_series(1, {ROWS})", case.base))


def _longest(case, dsn, work) -> float:
    """The longest time that another session waited to write to the table while `work` was done."""
    found, over = [0.0], threading.Event()

    def write():
        with psycopg.connect(dsn, autocommit=True) as conn:
            while not over.wait(0.001):
                start = time.perf_counter()
                try:
                    conn.execute(f"DELETE FROM {case.blocks} WHERE false")
                except psycopg.Error:  # it is gone
                    return
                found.append(time.perf_counter() - start)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        work()
    finally:
        over.set()
        writer.join()
    return round(max(found), 4)


if __name__ == "__main__":
    WAITS.write_text(json.dumps(measured(), indent=1, ensure_ascii=False) + "\n", "utf-8")
    PAGE.write_text(page(), "utf-8")
