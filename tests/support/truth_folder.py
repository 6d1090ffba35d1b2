"""A migrations folder from a line of text, in the layout of a release: `a@1 b@2:edited c@3:missing`.

`NAME@SECOND`, and behind a colon what is different about it. A name is its table's too.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
BREAKPOINT = "--> statement-breakpoint"

_TABLE = 'CREATE TABLE "{name}" ("id" integer);'
TEXTS = {
    "": _TABLE,
    "edited": _TABLE.replace('"id"', '"id" integer, "more"'),
    "garbage": "THIS IS NO SQL",
    "empty": "",
    "comment": "-- nothing",
    "crlf": _TABLE.replace(" (", "\r\n(") + BREAKPOINT + "\r\nSELECT 1;\r\n",
    "bom": "\ufeff" + _TABLE,
    "in-string": f"SELECT 'one{BREAKPOINT}two';",
    "in-body": f"DO $$ BEGIN NULL; {BREAKPOINT}\nEND $$;",
    "in-comment": f"/* one {BREAKPOINT} two */ SELECT 1;",
    "misspelt": _TABLE + "-->statement-breakpoint\nSELECT 1;",
    "together": _TABLE + ' INSERT INTO "{name}" VALUES (1); INSERT INTO "{name}" VALUES (2);',
    "no-semicolon": _TABLE[:-1] + BREAKPOINT + "\nSELECT 1" + BREAKPOINT,
    "psql": "\\connect other\n" + _TABLE,
    "copy": _TABLE + f'{BREAKPOINT}\nCOPY "{{name}}" FROM STDIN;\n1\n\\.\n',
    "of-b": _TABLE.replace("{name}", "b"),
    "needs-c": 'ALTER TABLE "c" ADD COLUMN "b" integer;',
    "concurrently": _TABLE + f'{BREAKPOINT}\nCREATE INDEX CONCURRENTLY "{{name}}_i" ON "{{name}}" ("id");',
}
"""The SQL of a migration; `{name}` is its own."""

_ITEM = re.compile(r"(?P<name>\w+)@(?P<at>-?\d+|x|null|late)(?::(?P<what>[\w-]+))?")


@dataclass(frozen=True, slots=True)
class Item:
    """One migration of the line. `at`: seconds after START; "x" for no time, "null", "late" for the year 2057."""

    name: str
    at: str
    what: str

    @property
    def sql(self) -> str:
        return TEXTS.get(self.what, _TABLE).replace("{name}", self.name)

    @property
    def time(self) -> datetime:
        return (
            datetime(2057, 1, 1, tzinfo=UTC) if self.at == "late" else START + timedelta(seconds=int(self.at))
        )

    @property
    def folder(self) -> str:
        return self.name if self.at in {"x", "null"} else f"{self.time:%Y%m%d%H%M%S}_{self.name}"

    @property
    def has_file(self) -> bool:
        return self.what != "missing"

    @property
    def is_listed(self) -> bool:
        return self.what != "unlisted"

    @property
    def entry(self) -> dict[str, object]:
        """The entry as drizzle-kit writes it; without `when` for "x"."""
        entry: dict[str, object] = {"idx": 0, "version": "7", "tag": self.name, "breakpoints": True}
        if self.at != "x":
            entry["when"] = None if self.at == "null" else int(self.time.timestamp() * 1000) + 351
        return entry


def items(line: str) -> Iterator[Item]:
    """The migrations of a line; one that stands twice has two entries and one file."""
    for word in line.split():
        found = _ITEM.fullmatch(word)
        assert found, word
        yield Item(found["name"], found["at"], found["what"] or "")


CONFLICT = (
    '{\n<<<<<<< HEAD\n  "version": "7",\n=======\n  "version": "6",\n>>>>>>> theirs\n  "entries": []\n}'
)


def write(root: Path, line: str, layout: str, journal: str = "") -> Path:
    """Write the migrations into `root`/drizzle, in place of what is there. `journal`: "conflict", "bom", "none"."""
    out = root / "drizzle"
    shutil.rmtree(out, ignore_errors=True)
    (root / ".git").mkdir(parents=True, exist_ok=True)  # nothing above it is looked at
    (root / "drizzle.config.ts").write_text('export default { dialect: "postgresql", out: "./drizzle" };')
    if journal == "gone":
        return out
    out.mkdir()
    _journal(out, line, journal) if layout == "journal" else _folders(out, line, journal)
    return out


def _journal(out: Path, line: str, journal: str) -> None:
    for item in items(line):
        if item.has_file:
            (out / f"{item.name}.sql").write_bytes(item.sql.encode())
    listed = [item for item in items(line) if item.is_listed]
    entries = [item.entry | {"idx": number} for number, item in enumerate(listed)]
    text = json.dumps({"version": "7", "dialect": "postgresql", "entries": entries}, indent=2)
    text = {"conflict": CONFLICT, "bom": "\ufeff" + text}.get(journal, text)
    if journal != "none":
        (out / "meta").mkdir()
        (out / "meta" / "_journal.json").write_bytes(text.encode())


def _folders(out: Path, line: str, journal: str) -> None:
    for item in items(line):
        if not item.is_listed:
            (out / f"{item.folder}.sql").write_text(item.sql)
            continue
        (out / item.folder).mkdir()
        (out / item.folder / "snapshot.json").write_text("{}")
        if item.has_file:
            (out / item.folder / "migration.sql").write_bytes(item.sql.encode())
    if journal == "present":
        (out / "meta").mkdir()
        (out / "meta" / "_journal.json").write_text(
            '{"version": "7", "dialect": "postgresql", "entries": []}'
        )


def write_texts(root: Path, texts: Sequence[str], version: str) -> Path:
    """Migrations m0, m1, ... of these texts, a second between them, in the layout of "v0" or "v1"."""
    out = write(root, "", "journal" if version == "v0" else "folder")
    entries = []
    for number, text in enumerate(texts):
        item = Item(f"m{number}", str(number), "")
        entries.append(item.entry)
        path = out / f"{item.name}.sql" if version == "v0" else out / item.folder / "migration.sql"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    if version == "v0":
        (out / "meta" / "_journal.json").write_text(json.dumps({"entries": entries}))
    return out
