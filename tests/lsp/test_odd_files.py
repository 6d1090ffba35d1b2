"""Files that cannot be read, or not as they should be: each costs what it says itself, and nothing beside it."""

from __future__ import annotations

import os

from lsp.conftest import INDEX
from raincheck.lsp.convert import uri_of

RULE = "index-blocks-writes"


def made(index: int) -> str:
    return INDEX.replace("users_email_idx", f"i{index}")


async def test_what_cannot_be_opened(wire, project):
    """Without rights, or with root's: a folder of that name, a link that leads to itself, one that leads nowhere."""
    for number, tag in enumerate(("0002_folder", "0003_loop", "0004_nowhere", "0005_last")):
        project.add(tag, made(number))
    for tag in ("0002_folder", "0003_loop", "0004_nowhere"):
        project.path(tag).unlink()
    project.path("0002_folder").mkdir()
    project.path("0003_loop").symlink_to(project.path("0003_loop"))
    project.path("0004_nowhere").symlink_to(project.root / "nowhere")
    await wire.enter(project.root)
    assert RULE in wire.rules(project.path("0005_last"))
    assert wire.rules(project.journal) == ["journal-entry-without-file"] * 3


async def test_a_folder_that_cannot_be_listed(wire, project):
    (project.root / "packages").symlink_to(project.root / "packages")
    (project.root / "drizzle" / "meta" / "loop").symlink_to(project.root, target_is_directory=True)
    await wire.enter(project.root)
    assert RULE in wire.rules(project.path("0001_index"))


async def test_a_pipe_is_not_waited_for(wire, project):
    project.add("0002_pipe", "").unlink()
    os.mkfifo(project.path("0002_pipe"))
    await wire.enter(project.root)
    assert RULE in wire.rules(project.path("0001_index"))
    assert wire.rules(project.journal) == ["journal-entry-without-file"]


async def test_a_name_that_is_not_utf_8(wire, project):
    name = os.fsencode(project.root / "drizzle") + b"/0002_\xff.sql"
    with open(name, "wb") as file:  # noqa: ASYNC230, PTH123 - an empty file
        file.write(b"DROP TABLE users;")
    await wire.enter(project.root)
    assert RULE in wire.rules(project.path("0001_index"))
    uri = uri_of(os.fsdecode(name))
    assert uri.endswith("/0002_%FF.sql")
    assert "file-without-journal-entry" in wire.rules(uri)
    wire.open(uri, "DROP TABLE users;")
    wire.shut(uri)
    await wire.settled()
    assert "file-without-journal-entry" in wire.rules(uri)


async def test_bytes_that_are_not_utf_8(wire, project):
    path = project.path("0001_index")
    path.write_bytes(b"-- \xe9\n" + INDEX.encode())
    await wire.enter(project.root)
    found = next(d for d in wire.pushed(path) if d["code"] == RULE)
    assert found["range"]["start"] == {"line": 1, "character": 0}
    assert "not-utf-8" in wire.rules(path)
    wire.open(path, "-- é\n" + INDEX)  # the editor has read it its own way, and will write UTF-8
    await wire.settled()
    assert "not-utf-8" not in wire.rules(path)


async def test_links_are_followed_under_the_names_they_have(wire, project):
    """A migrations folder and a whole project behind links; nothing is said under another name than the client's."""
    (project.root / "drizzle").rename(project.root / "elsewhere")
    (project.root / "drizzle").symlink_to("elsewhere")
    (project.root / "drizzle.config.ts").write_text(
        "export default { dialect: 'postgresql', out: './drizzle' };\n"
    )
    door = project.root.with_name(f"{project.root.name}-door")
    door.symlink_to(project.root)
    await wire.enter(door)
    path = door / "drizzle" / "0001_index.sql"
    await wire.shown(path, RULE)
    assert {
        uri for uri, said in wire.diagnostics.items() if uri_of(str(door)) not in uri and said["diagnostics"]
    } == set()
    wire.open(path, "-- nothing\n")
    await wire.cleared(path, RULE)


async def test_fifty_megabytes(wire, project):
    """Rows that somebody put into a migration: 700,000 statements."""
    path = project.add("0002_rows", "")
    path.write_bytes(b"INSERT INTO users VALUES (1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');\n" * 700_000)
    await wire.enter(project.root)
    assert RULE in wire.rules(project.path("0001_index"))
    assert "statement-too-complex" in wire.rules(path)
