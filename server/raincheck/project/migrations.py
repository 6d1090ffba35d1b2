"""One migrations folder, read: its layout, its migrations in run order, and what is wrong with it.

A piece that cannot be read becomes a problem and never hides the others.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.project import missing
from raincheck.project.files import Listing, relative
from raincheck.project.folders import SNAPSHOT_FILE, SQL_FILE, name_order, time_of, without_timestamp
from raincheck.project.journal import Entry, Journal, read_journal
from raincheck.project.lineage import Ancestry, problems_of, read_ancestry
from raincheck.project.project import JOURNAL, FileProblem, Layout, Migration
from raincheck.project.source import Source, decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from raincheck.project.files import Files
    from raincheck.sql.document import Document

    ReadDocument = Callable[[str], Document]

PRISMA = "migration_lock.toml"
"""What tells Prisma's migrations folder from that of Drizzle 1.0; both have `TIME_NAME/migration.sql`."""
ARCHIVE = "archive"
"""A folder of old SQL files beside the migrations, left alone by convention."""

_DIALECT = re.compile(r'"dialect"\s*:\s*"(\w+)"')


@dataclass(frozen=True, slots=True)
class Contents:
    """What a migrations folder holds. `dialect` is what its journal or newest snapshot names."""

    layout: Layout
    migrations: tuple[Migration, ...]
    problems: tuple[FileProblem, ...]
    dialect: str | None = None
    journal_text: str | None = None
    last_snapshot: tuple[str, str] | None = None
    """Path and text of the last migration's snapshot."""


def layout_of(files: Files, folder: str) -> Layout | None:
    """The layout of a migrations folder; None where it is none. Where there are two, the journal's."""
    here = files.listing(folder)
    if here is None:
        return None
    if _has_journal(files, folder):
        return "journal"
    if PRISMA in here.files:
        return None
    return "folder" if any(_has_sql(files, f"{folder}/{name}") for name in here.folders) else None


def read_folder(files: Files, root: str, folder: str, read_document: ReadDocument) -> Contents:
    """Read the migrations folder `folder`; the paths in the result are relative to `root`."""
    reader = _Folder(files, root, folder, read_document)
    if _has_journal(files, folder):
        return reader.journal_layout()
    if layout_of(files, folder) == "folder":
        return reader.folder_layout()
    return reader.plain_files()


def read_loose(files: Files, path: str, read_document: ReadDocument) -> Contents:
    """Read one SQL file that belongs to no project, with its folder as root."""
    root = posixpath.dirname(path)
    reader = _Folder(files, root, root, read_document)
    migrations = reader.read([posixpath.basename(path).removesuffix(".sql")])
    return Contents("loose", migrations, tuple(reader.problems))


def _has_journal(files: Files, folder: str) -> bool:
    meta = files.listing(posixpath.dirname(f"{folder}/{JOURNAL}"))
    return meta is not None and posixpath.basename(JOURNAL) in meta.files


def _has_sql(files: Files, folder: str) -> bool:
    inside = files.listing(folder)
    return inside is not None and SQL_FILE in inside.files


class _Folder:
    """Reads one folder and gathers its problems on the way."""

    def __init__(self, files: Files, root: str, folder: str, read_document: ReadDocument) -> None:
        self._files = files
        self._root = root
        self._folder = folder
        self._read_document = read_document
        self._here = files.listing(folder) or Listing()
        self.problems: list[FileProblem] = []

    def journal_layout(self) -> Contents:
        journal_path = f"{self._folder}/{JOURNAL}"
        source = self._source(journal_path)
        path = self._relative(journal_path)
        journal = read_journal(path, source.text) if source is not None else Journal(readable=False)
        self.problems += journal.problems
        listed = self._of_journal(journal, path)
        known = {migration.tag for migration in listed}
        entered = {entry.tag for entry in journal.entries}
        others = [tag for tag in self._sql_files() if tag not in entered]
        if journal.readable:
            self.problems += (missing.without_entry(tag, self._sql(tag), JOURNAL) for tag in others)
            self._say_subfolders()
        else:
            listed += self.read(tag for tag in others if tag not in known)
        self.problems += problems_of(self._ancestries_in_meta(), branches=False)
        folders = self._of_folders()
        if folders:
            self.problems.append(missing.mixed(path))
        migrations = (*listed, *folders)
        text = source.text if source is not None else None
        last = self._last_snapshot(migrations)
        return Contents("journal", migrations, tuple(self.problems), journal.dialect, text, last)

    def folder_layout(self) -> Contents:
        migrations = self._of_folders()
        snapshots = (
            (m.tag, posixpath.join(self._root, m.snapshot_path)) for m in migrations if m.snapshot_path
        )
        self.problems += problems_of(self._ancestries(snapshots), branches=True)
        self.problems += (missing.flat(self._sql(tag)) for tag in self._sql_files())
        last = self._last_snapshot(migrations)
        dialect = _DIALECT.search(last[1]) if last is not None else None
        return Contents(
            "folder", migrations, tuple(self.problems), dialect[1] if dialect else None, last_snapshot=last
        )

    def plain_files(self) -> Contents:
        """A folder that a configuration names and that has neither layout: SQL files in the order of their names."""
        migrations = self.read(self._sql_files())
        if migrations:
            self.problems.append(missing.journal(self._relative(f"{self._folder}/{JOURNAL}")))
        return Contents("loose", migrations, tuple(self.problems))

    def read(self, tags: Iterable[str]) -> tuple[Migration, ...]:
        """The files TAG.sql, without what a journal knows of them."""
        found = (self._migration(tag, f"{self._folder}/{tag}.sql", None, None) for tag in tags)
        return tuple(migration for migration in found if migration is not None)

    def _of_journal(self, journal: Journal, path: str) -> tuple[Migration, ...]:
        entries = tuple({entry.tag: entry for entry in reversed(journal.entries)}.values())[::-1]
        snapshots = self._snapshots(entries)
        migrations: list[Migration] = []
        for entry in entries:
            sql = posixpath.normpath(f"{self._folder}/{entry.tag}.sql")
            migration = self._migration(entry.tag, sql, entry.when, snapshots.get(entry.tag))
            if migration is None:
                self.problems.append(missing.file(path, entry.span, self._relative(sql)))
            else:
                migrations.append(migration)
        return tuple(migrations)

    def _of_folders(self) -> tuple[Migration, ...]:
        migrations: list[Migration] = []
        for name in sorted(self._here.folders, key=name_order):
            folder = f"{self._folder}/{name}"
            inside = self._files.listing(folder)
            if inside is None or SQL_FILE not in inside.files:
                continue
            snapshot = f"{folder}/{SNAPSHOT_FILE}" if SNAPSHOT_FILE in inside.files else None
            when = time_of(name)
            migration = self._migration(name, f"{folder}/{SQL_FILE}", when, snapshot)
            if migration is not None:
                migrations.append(migration)
                if when is None:
                    self.problems.append(without_timestamp(name, migration.path))
        return tuple(migrations)

    def _migration(self, tag: str, path: str, when: int | None, snapshot: str | None) -> Migration | None:
        source = self._source(path)
        if source is None:
            return None
        return Migration(
            tag=tag,
            path=self._relative(path),
            when=when,
            document=self._read_document(source.text),
            digest=source.digest,
            snapshot_path=self._relative(snapshot) if snapshot else None,
        )

    def _source(self, path: str) -> Source | None:
        content = self._files.read(path)
        if content is None:
            return None
        source = decode(content, self._relative(path))
        self.problems += source.problems
        return source

    def _snapshots(self, entries: tuple[Entry, ...]) -> dict[str, str]:
        """The snapshot of each tag, as far as it can be told whose a file is.

        With the prefix "none" every migration overwrites one file; two of one prefix have overwritten each other.
        """
        meta = self._files.listing(f"{self._folder}/meta") or Listing()
        present = {name for name in meta.files if name.endswith("_snapshot.json")}
        names = {entry.tag: entry.tag.split("_", 1)[0] + "_snapshot.json" for entry in entries}
        users = Counter(names.values())
        last = entries[-1].tag if entries else ""
        found = {
            tag: f"{self._folder}/meta/{name}"
            for tag, name in names.items()
            if name in present and (users[name] == 1 or (name == "_snapshot.json" and tag == last))
        }
        if present:
            lost = [tag for tag, name in names.items() if name not in present]
            self.problems += (missing.snapshot(self._sql(tag), names[tag]) for tag in lost)
        return found

    def _ancestries_in_meta(self) -> Iterator[Ancestry | FileProblem | None]:
        meta = self._files.listing(f"{self._folder}/meta") or Listing()
        names = (name for name in meta.files if name.endswith("_snapshot.json"))
        return self._ancestries(("", f"{self._folder}/meta/{name}") for name in names)

    def _ancestries(self, snapshots: Iterable[tuple[str, str]]) -> Iterator[Ancestry | FileProblem | None]:
        for tag, path in snapshots:
            content = self._files.read(path)
            if content is not None:
                content = content.encode("utf-8", "replace") if isinstance(content, str) else content
                yield read_ancestry(tag, self._relative(path), content)

    def _sql_files(self) -> list[str]:
        """The tags of the SQL files that lie in the folder itself."""
        return [name.removesuffix(".sql") for name in self._here.files if name.endswith(".sql")]

    def _last_snapshot(self, migrations: tuple[Migration, ...]) -> tuple[str, str] | None:
        path = migrations[-1].snapshot_path if migrations else None
        source = self._source(posixpath.join(self._root, path)) if path is not None else None
        return (path, source.text) if path is not None and source is not None else None

    def _sql(self, tag: str) -> str:
        return self._relative(f"{self._folder}/{tag}.sql")

    def _relative(self, path: str) -> str:
        return relative(path, self._root)

    def _say_subfolders(self) -> None:
        for name in self._here.folders:
            folder = f"{self._folder}/{name}"
            inside = self._files.listing(folder)
            if inside is None or name in {"meta", ARCHIVE} or layout_of(self._files, folder):
                continue
            loose = [file for file in inside.files if file.endswith(".sql") and file != SQL_FILE]
            if loose:
                self.problems.append(
                    missing.subfolder(self._relative(f"{folder}/{loose[0]}"), name, len(loose), ARCHIVE)
                )
