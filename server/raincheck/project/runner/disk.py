"""A migrations folder as Drizzle's migrator finds it, before it makes anything of it."""

from __future__ import annotations

import json
import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.project.folders import SQL_FILE

if TYPE_CHECKING:
    from raincheck.project.project import Migration, Project


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the journal, duplicates included.

    `when` is what times are compared with, None where that is never true; `stored` is what is written into
    `created_at`, as JavaScript spells it: "null", "undefined" or "1.5" where that is in the journal.
    """

    tag: str
    when: int | None
    stored: str


@dataclass(frozen=True, slots=True)
class Journal:
    """`meta/_journal.json` as JSON.parse() sees it. `broken`: the error's own name and words, "" where it reads well."""

    entries: tuple[Entry, ...] = ()
    broken: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A SQL file that is there: the tag or folder name, the SHA-256 in hex of its text as Drizzle reads it.

    `crowded`: whether several statements share a chunk.
    """

    tag: str
    digest: str
    byte_order_mark: bool = False
    crowded: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Where a snapshot of drizzle-kit 1.0 stands in their history: its own id and those it was made from."""

    id: str
    parents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disk:
    """`path` is the folder as Drizzle was told it. `journal` is None where there is no such file."""

    path: str
    journal: Journal | None = None
    files: tuple[File, ...] = ()
    """`TAG.sql` in the folder itself."""
    folders: tuple[File, ...] = ()
    """`TAG/migration.sql`."""
    links: tuple[tuple[str, Link], ...] = ()
    """The snapshots of folders, by the folder's name, as far as they are known; only drizzle-kit looks at them."""
    exists: bool = True


def disk_of(project: Project) -> Disk:
    """The migrations folder of a project. What no migration of it came from (loose files, say) is left out."""
    folders: list[File] = []
    files: list[File] = []
    for migration in project.migrations:
        is_folder = posixpath.basename(migration.path) == SQL_FILE and project.layout != "loose"
        (folders if is_folder else files).append(_file(migration))
    journal = read(project.journal_text) if project.layout == "journal" else None
    return Disk(project.out, journal, tuple(files), tuple(folders))


def read(text: str | None) -> Journal:
    """The journal's entries as they are written. None stands for a file that cannot be read.

    V8's own words for a syntax error differ from one release of Node to the next; the place is the same.
    """
    if text is None:
        return Journal(broken="Error: it cannot be read")
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        return Journal(broken=f"SyntaxError: not JSON at position {error.pos}")
    except RecursionError:
        return Journal(broken="SyntaxError: not JSON")
    if value is None:
        return Journal(broken="TypeError: Cannot read properties of null (reading 'entries')")
    entries = value.get("entries") if isinstance(value, dict) else None
    if not isinstance(entries, list):
        return Journal(broken="TypeError: journal.entries is not iterable")
    if None in entries:
        return Journal(broken="TypeError: Cannot read properties of null (reading 'tag')")
    return Journal(tuple(map(_entry, entries)))


def _file(migration: Migration) -> File:
    document = migration.document
    chunks = [statement.chunk for statement in document.statements]
    crowded = len(set(chunks)) < len(chunks)
    return File(migration.tag, migration.digest, document.text.startswith("\ufeff"), crowded)


def _entry(value: object) -> Entry:
    fields = value if isinstance(value, dict) else {}
    when = fields.get("when")
    return Entry(_spelled(fields, "tag"), _number(when), _spelled(fields, "when"))


def _spelled(fields: dict[str, object], key: str) -> str:
    """A value as JavaScript's String() gives it."""
    value = fields.get(key, "undefined")
    return value if isinstance(value, str) else json.dumps(value)


def _number(value: object) -> int | None:
    """A value as JavaScript's `<` takes it, beside a number: a text of digits is one."""
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if abs(value) < 2**63 else None
