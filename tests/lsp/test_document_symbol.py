"""The outline: statements by what they do, with what is in them. VS Code: nested; a client that wants it flat."""

from __future__ import annotations

import pytest
from lsprotocol import types

from lsp.editor import Editor
from lsp.pointing import document, within
from support.drizzle_folder import DrizzleFolder
from support.projects import chunked

PROFILE = "visual_studio_code"
ROOMS = chunked(
    'CREATE TABLE "rooms" (\n\t"🏠" integer PRIMARY KEY,\n\t"price" numeric(10, 2),\n'
    '\tCONSTRAINT "cheap" CHECK ("price" < 9)\n);\n',
    'ALTER TABLE "rooms" ADD COLUMN "area" real, DROP CONSTRAINT "cheap";\n',
    'SET LOCAL lock_timeout = \'2s\';\nCREATE INDEX "i" ON "rooms" ("area");\n',
    'ALTER TABLE "rooms" ADD COLUMN;\n',
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def project(tmp_path) -> DrizzleFolder:
    return DrizzleFolder(tmp_path, {"0000_rooms": ROOMS, "0001_next": 'DROP TABLE "rooms";\n'})


async def symbols(editor, path):
    return await editor.client.text_document_document_symbol_async(types.DocumentSymbolParams(document(path)))


def told(found, text: str, depth: int = 0):
    for one in found:
        yield "  " * depth + f"{one.name} · {within(text, one.selection_range)}"
        yield from told(one.children or (), text, depth + 1)


async def test_statements_by_what_they_do(editor, opened):
    found = await symbols(editor, opened.path("0000_rooms"))
    assert list(told(found, ROOMS)) == [
        'Create table "rooms" · "rooms"',
        '  🏠 · "🏠"',
        '  price · "price"',
        '  cheap · CONSTRAINT "cheap" CHECK ("price" < 9)',
        'Alter table "rooms" · "rooms"',
        '  Add column "rooms"."area" · ADD COLUMN "area" real',
        '  Drop constraint "cheap" on "rooms" · DROP CONSTRAINT "cheap"',
        "2 statements in one query · SET LOCAL lock_timeout = '2s'",
        "  SET LOCAL lock_timeout = '2s' · SET LOCAL lock_timeout = '2s'",
        '  Create index "i" on "rooms" · "rooms"',
        'ALTER TABLE "rooms" ADD COLUMN · ALTER TABLE "rooms" ADD COLUMN',
    ]
    assert within(ROOMS, found[0].children[1].range) == '"price" numeric(10, 2)'


async def test_an_unsaved_text(editor, opened):
    path = opened.path("0001_next")
    editor.open(path, 'DROP TABLE "rooms";\n\nDROP VIEW a, b;')
    found = await symbols(editor, path)
    assert [(one.name, one.range.start.line) for one in found] == [
        ('Drop table "rooms"', 0),
        ('Drop view "a" and 1 more', 2),
    ]
    editor.edit(path, (0, 0, 0, 0, "-- moved\n"))
    assert [one.range.start.line for one in await symbols(editor, path)] == [1, 3]


async def test_a_journal(editor, opened):
    found = await symbols(editor, opened.journal)
    assert [one.name for one in found] == ["0000_rooms", "0001_next"]
    assert all(one.kind == types.SymbolKind.File for one in found)


async def test_a_client_that_wants_it_flat(project):
    editor = await Editor.start(
        "neovim_v0.10",
        [project.root],
        without=["textDocument.documentSymbol.hierarchicalDocumentSymbolSupport"],
    )
    found = await symbols(editor, project.path("0000_rooms"))
    assert await editor.stop() == 0
    assert [(one.name, one.container_name) for one in found[:3]] == [
        ('Create table "rooms"', None),
        ("🏠", 'Create table "rooms"'),
        ("price", 'Create table "rooms"'),
    ]
    assert within(ROOMS, found[2].location.range) == '"price" numeric(10, 2)'
    assert ('Create index "i" on "rooms"', "2 statements in one query") in [
        (one.name, one.container_name) for one in found
    ]
