"""How far each recorded migration can be taken back: docs/rollbacks.md.

Run from the repository's root: `python tests/support/rollback_evidence.py`. That the SQL does what is said of it is
tests/live/test_migrate.py's, for every one of them.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from raincheck.engine.analysis import analyse  # noqa: E402 - the path is set above
from raincheck.engine.reversible import ORDER  # noqa: E402
from raincheck.engine.settings import Settings  # noqa: E402
from raincheck.plan.rollback import rollback  # noqa: E402
from support.recorded import folders, only, project_in  # noqa: E402

PAGE = ROOT / "docs" / "rollbacks.md"
HEAD = """# What a rollback brings back

`raincheck rollback` of each of the {migrations} migrations of [tests/projects](../tests/projects/README.md) that drizzle-kit wrote, each as the only pending one: how many come back exactly, with loss of data, or not at all. A migration is as good as its worst statement. *exact* is everything, *unknown* leaves a part to a person, *loses data* brings the schema back and not all rows, *impossible* leaves something behind: a value that an enum got. `tests/live/test_migrate.py` runs each that PostgreSQL takes on a real server, takes it back, and compares the schema with the one before. This page is printed by `python tests/support/rollback_evidence.py`.

| projects | layout | migrations | exact | unknown | loses data | impossible |
|---|---|---:|---:|---:|---:|---:|
"""
WHY = """
## Not exact, one by one

| migration | outcome | statement | why |
|---|---|---|---|
"""


def page() -> str:
    """The page as it should be."""
    rows: list[str] = []
    reasons: list[str] = []
    whole: Counter[str] = Counter()
    groups: dict[tuple[str, str], Counter[str]] = {}
    for folder in folders():
        project = project_in(folder)
        counted = groups.setdefault((_group(folder), project.layout), Counter())
        for number, migration in enumerate(project.migrations):
            analysis = analyse(only(project, number), Settings(), ())
            found = rollback(analysis, analysis.project.migrations[-1:])
            counted[found.grade] += 1
            whole[found.grade] += 1
            reasons += _reasons(f"{folder}/{migration.tag}", found)
    rows += (_row(f"`{group}`", layout, counted) for (group, layout), counted in groups.items())
    rows.append(_row("**all**", "", whole))
    head = HEAD.format(migrations=sum(whole.values()))
    return head + "".join(rows) + WHY + "".join(reasons)


def _group(folder: str) -> str:
    """What a project is told with: all variants, configurations, old kits or scenarios of a layout are one line."""
    return folder.split("/", maxsplit=1)[0]


def _row(name: str, layout: str, counted: Counter[str]) -> str:
    cells = " | ".join(str(counted[grade] or "") for grade in ORDER)
    return f"| {name} | {layout} | {sum(counted.values())} | {cells} |\n"


def _reasons(migration: str, found) -> Iterator[str]:
    for part in found.parts:
        if part.grade != "exact":
            sql = " ".join(part.step.statement.text.split()).replace("|", "\\|")
            shown = sql if len(sql) <= 80 else sql[:77].rstrip() + "..."
            yield f"| `{migration}` | {part.grade.replace('-', ' ')} | `{shown}` | {part.how} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
