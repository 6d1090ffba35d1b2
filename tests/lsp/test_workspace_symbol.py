"""Tables, columns, indexes, types and migrations of all projects, by parts of their names. Helix: utf-8."""

from __future__ import annotations

import pytest
from lsprotocol import types

from lsp.pointing import shown
from raincheck.ide.symbols import MOST
from support.drizzle_folder import DrizzleFolder
from support.projects import chunked

PROFILE = "helix"
ROOMS = chunked(
    "CREATE TYPE \"room_kind\" AS ENUM ('bed');\n",
    'CREATE TABLE "rooms" (\n\t"id" integer PRIMARY KEY,\n\t"price" real\n);\n',
    'CREATE TABLE "old" ("id" integer);\n',
)
LATER = chunked(
    'ALTER TABLE "rooms" RENAME COLUMN "price" TO "cost";\n',
    'ALTER TABLE "rooms" ADD COLUMN "area" real;\n',
    'CREATE INDEX "rooms_area" ON "rooms" ("area");\n',
    'DROP TABLE "old";\n',
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def project(tmp_path) -> DrizzleFolder:
    return DrizzleFolder(tmp_path, {"0000_rooms": ROOMS, "0001_later": LATER})


async def search(editor, query):
    return await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams(query))


async def names(editor, query):
    return [(one.name, one.container_name) for one in await search(editor, query)]


async def test_the_best_first(editor, opened):
    assert await names(editor, "rooms") == [
        ("rooms", None),
        ("rooms_area", "rooms"),
        ("rooms_pkey", "rooms"),
        ("0000_rooms", "drizzle/0000_rooms.sql"),
    ]


async def test_letters_in_their_order_and_a_dot(editor, opened):
    assert ("rooms_area", "rooms") in await names(editor, "RmA")
    assert await names(editor, "rooms.cost") == [("cost", "rooms")]
    assert await names(editor, "ksot") == []


async def test_what_is_renamed_or_dropped(editor, opened):
    assert await names(editor, "price") == []
    assert await names(editor, "old") == []


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("area", '0001_later:3:"area"'),
        ("room_kind", '0000_rooms:1:"room_kind"'),
        ("rooms_area", '0001_later:5:"rooms_area"'),
        ("rooms", '0000_rooms:3:"rooms"'),
        ("0001", "0001_later:1:"),
    ],
)
async def test_where_it_is_made(editor, opened, query, place):
    first, *_ = await search(editor, query)
    assert shown(first.location.uri, first.location.range) == place


async def test_all_projects_and_no_more_than_can_be_read(editor, opened, tmp_path_factory):
    columns = ", ".join(f'"c{n}" integer' for n in range(MOST + 50))
    other = DrizzleFolder(
        tmp_path_factory.mktemp("other"), {"0000_wide": f'CREATE TABLE "wide" ({columns});'}
    )
    editor.enter(other.root)
    assert ("wide", None) in await names(editor, "wide")
    assert ("rooms", None) in await names(editor, "rooms")
    assert len(await search(editor, "c")) == MOST
    editor.leave(other.root)
    assert await names(editor, "wide") == []
