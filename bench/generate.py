"""SQL and Drizzle projects of any size, the same each time: the mix that drizzle-kit writes for a growing application.

The mix is that of the recorded projects in tests/projects: of ten statements about four create a table, two add a
foreign key, two add a column, one builds an index and one changes a column.
"""

from __future__ import annotations

import json
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BREAKPOINT = "--> statement-breakpoint\n"
SEED = 20

TYPES = ("text", "integer", "bigint", "boolean", "uuid", "jsonb", "varchar(255)", "timestamp with time zone")


def statements(seed: int = SEED, prefix: str = "table") -> Iterator[str]:
    """Statements without end, each with its semicolon, that PostgreSQL would run one after the other.

    `prefix` is that of the tables' names.
    """
    random = Random(seed)
    columns: dict[str, list[str]] = {}
    for number in range(10**9):
        kind = random.choice(KINDS) if len(columns) > 2 else "table"
        if kind == "table":
            name = f"{prefix}_{number}"
            columns[name] = [f"column_{n}" for n in range(random.randint(2, 6))]
            yield _table(name, columns[name], random)
            continue
        table = random.choice(list(columns))
        column = random.choice(columns[table])
        match kind:
            case "foreign key":
                other = random.choice(list(columns))
                columns[table].append(f"{other}_{number}")
                yield f'ALTER TABLE "{table}" ADD COLUMN "{other}_{number}" integer;'
                yield (
                    f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{other}_{number}_fk" FOREIGN KEY '
                    f'("{other}_{number}") REFERENCES "public"."{other}"("id") ON DELETE cascade ON UPDATE no action;'
                )
            case "column":
                columns[table].append(f"column_{number}")
                yield f'ALTER TABLE "{table}" ADD COLUMN "column_{number}" {random.choice(TYPES)};'
            case "index":
                yield f'CREATE INDEX "{table}_{number}_idx" ON "{table}" USING btree ("{column}");'
            case "default":
                yield f'ALTER TABLE "{table}" ALTER COLUMN "{column}" DROP DEFAULT;'


KINDS = ("table", "table", "table", "table", "foreign key", "column", "column", "column", "index", "default")


def sql(count: int, seed: int = SEED) -> str:
    """One migration of so many statements."""
    return BREAKPOINT.join(islice(statements(seed), count)) + "\n"


def risky(count: int) -> str:
    """One migration of so many statements, each on a table that is there already: something to say of each."""
    return (
        BREAKPOINT.join(
            f'CREATE INDEX "table_{n}_idx" ON "table_{n}" USING btree ("column_0");' for n in range(count)
        )
        + "\n"
    )


def files(folder: Path, count: int, each: int) -> list[Path]:
    """So many SQL files with so many statements each, in a folder and no project."""
    folder.mkdir(parents=True, exist_ok=True)
    source = statements()
    paths = [folder / f"{number:04}.sql" for number in range(count)]
    for path in paths:
        path.write_text(BREAKPOINT.join(islice(source, each)) + "\n")
    return paths


def project(root: Path, migrations: int, each: int = 5, applied: int | None = None) -> Path:
    """A Drizzle project in the journal layout; the first `applied` migrations (all but ten) are sealed."""
    from raincheck.project.seal import render
    from raincheck.session.session import Session

    folder = root / "drizzle"
    (folder / "meta").mkdir(parents=True, exist_ok=True)
    source = statements()
    tags = [f"{number:04}_step" for number in range(migrations)]
    for tag in tags:
        (folder / f"{tag}.sql").write_text(BREAKPOINT.join(islice(source, each)) + "\n")
    entries = [
        {"idx": n, "version": "7", "when": 1_700_000_000_000 + n, "tag": tag, "breakpoints": True}
        for n, tag in enumerate(tags)
    ]
    journal = {"version": "7", "dialect": "postgresql", "entries": entries}
    (folder / "meta" / "_journal.json").write_text(json.dumps(journal, indent=2))
    (analysis,) = Session(str(root)).analyses()
    sealed = migrations - 10 if applied is None else applied
    (folder / "raincheck.sum").write_text(render(analysis.project.migrations[:sealed]))
    return root


def usual(root: Path, count: int) -> Path:
    """One more migration for such a project, of so many statements in the same mix, on tables of its own."""
    return _appended(root, list(islice(statements(prefix="more"), count)))


def risky_last(root: Path, count: int) -> Path:
    """One more migration for such a project, of so many statements on its tables: half of them create an index."""
    source = islice(statements(), 2000)
    tables = [line.split('"')[1] for line in source if line.startswith("CREATE TABLE")]
    made = [
        f'CREATE INDEX "last_{n}_idx" ON "{tables[n % 40]}" USING btree ("id");'
        if n % 2
        else f'ALTER TABLE "{tables[n % 40]}" ADD COLUMN "last_{n}" text;'
        for n in range(count)
    ]
    return _appended(root, made)


def _appended(root: Path, made: list[str]) -> Path:
    folder = root / "drizzle"
    journal = json.loads((folder / "meta" / "_journal.json").read_text())
    number = len(journal["entries"])
    entry = {**journal["entries"][-1], "idx": number, "when": 1_700_000_000_000 + number}
    entry["tag"] = f"{number:04}_last"
    journal["entries"].append(entry)
    (folder / "meta" / "_journal.json").write_text(json.dumps(journal, indent=2))
    path = folder / f"{entry['tag']}.sql"
    path.write_text(BREAKPOINT.join(made) + "\n")
    return path


def _table(name: str, columns: list[str], random: Random) -> str:
    lines = ['\t"id" serial PRIMARY KEY NOT NULL']
    lines += [
        f'\t"{column}" {random.choice(TYPES)}{random.choice((" NOT NULL", "", ""))}' for column in columns
    ]
    return f'CREATE TABLE "{name}" (\n' + ",\n".join(lines) + "\n);"
