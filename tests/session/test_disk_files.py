"""The disk with an editor's texts over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raincheck.project.discover import discover
from raincheck.project.files import Listing
from raincheck.project.source import as_written, digest_of
from raincheck.session.files import DiskFiles, absolute

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any


def test_bytes_from_the_disk_and_texts_from_the_editor(tmp_path: Path) -> None:
    path = tmp_path / "é a.sql"
    path.write_bytes(b"\xef\xbb\xbfSELECT 1;\r\n\xff")
    overlays: dict[str, str] = {}
    files = DiskFiles(overlays)
    assert files.read(path.as_posix()) == b"\xef\xbb\xbfSELECT 1;\r\n\xff"
    overlays[path.as_posix()] = "SELECT 2;"
    assert files.read(path.as_posix()) == "\ufeffSELECT 2;"  # as the editor will write it
    del overlays[path.as_posix()]
    assert isinstance(files.read(path.as_posix()), bytes)


@pytest.mark.parametrize(
    ("held", "before", "written"),
    [
        ("a\nb\n", b"a\r\nb\r\n", "a\r\nb\r\n"),
        ("a\nb\nc", b"a\r\n", "a\r\nb\r\nc"),
        ("a\nb\n", b"a\r\nb\n", "a\nb\n"),  # mixed, and held as it is
        ("a\r\nb\n", b"a\r\n", "a\r\nb\n"),
        ("a\n", b"", "a\n"),
        ("a", b"\xef\xbb\xbfb", "\ufeffa"),
        ("\ufeffa", b"\xef\xbb\xbfb", "\ufeffa"),
        ("a\n", b"\xef\xbb\xbfa\r\n", "\ufeffa\r\n"),
        ("a\n", None, "a\n"),
    ],
)
def test_a_text_is_taken_as_the_editor_will_write_it(held: str, before: bytes | None, written: str) -> None:
    assert as_written(held, before) == written


def test_what_cannot_be_read_is_none(tmp_path: Path) -> None:
    files = DiskFiles()
    for path in ((tmp_path / "missing").as_posix(), tmp_path.as_posix(), "nul\x00"):
        assert files.read(path) is None
    for path in ((tmp_path / "missing").as_posix(), __file__, "nul\x00"):
        assert files.listing(path) is None


def test_listing_is_sorted_and_leaves_linked_folders_out(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        (tmp_path / f"{name}.sql").touch()
    (tmp_path / "round").symlink_to(tmp_path)
    (tmp_path / "c.sql").symlink_to(tmp_path / "a.sql")
    assert DiskFiles().listing(tmp_path.as_posix()) == Listing(("a", "b"), ("a.sql", "b.sql", "c.sql"))


def test_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute("x/../y.sql") == (tmp_path / "y.sql").as_posix()


def test_an_unsaved_migration_has_the_digest_it_will_be_saved_with(tmp_path: Path) -> None:
    path = tmp_path / "drizzle/2026_a/migration.sql"
    path.parent.mkdir(parents=True)
    path.write_text("SELECT 1;")
    seen: list[str] = []

    def read_document(text: str) -> Any:
        seen.append(text)

    files = DiskFiles({path.as_posix(): "SELECT 'é';"})
    (project,) = discover(files, tmp_path.as_posix(), read_document).projects
    assert seen == ["SELECT 'é';"]
    assert project.migrations[0].digest == digest_of("SELECT 'é';")
