"""What can be folded, and what a selection grows to. VS Code: whole lines, at most 5000 ranges."""

from __future__ import annotations

import pytest
from lsprotocol import types

from lsp.pointing import document, position, within
from support.drizzle_folder import DrizzleFolder
from support.projects import chunked

PROFILE = "visual_studio_code"
TEXT = chunked(
    "-- one\n-- two\n-- three\n"
    'CREATE TABLE "rooms" (\n\t"id" integer,\n\t-- a note\n\t-- on two lines\n\t"price" numeric(10, 2)\n);\n',
    "SET LOCAL lock_timeout = '2s';\n/* about\n   this */\n"
    'ALTER TABLE "s"."rooms" ADD COLUMN "🏠 area" real DEFAULT round(1.5 + 2), DROP COLUMN "id";\n',
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def project(tmp_path) -> DrizzleFolder:
    return DrizzleFolder(tmp_path, {"0000_rooms": TEXT})


async def folds(editor, path):
    found = await editor.client.text_document_folding_range_async(types.FoldingRangeParams(document(path)))
    return [(one.start_line, one.end_line, one.kind) for one in found]


async def grown(editor, path, text, needle, nth=0):
    params = types.SelectionRangeParams(document(path), [position(text, needle, nth)])
    (one,) = await editor.client.text_document_selection_range_async(params)
    found = []
    while one is not None:
        found.append(within(text, one.range))
        one = one.parent
    return found


async def test_statements_queries_and_comments(editor, opened):
    assert await folds(editor, opened.path("0000_rooms")) == [
        (0, 2, "comment"),
        (3, 8, None),
        (5, 6, "comment"),
        (9, 13, "region"),
        (11, 12, "comment"),
    ]


async def test_no_more_than_the_client_takes(editor, opened):
    path = opened.path("0000_rooms")
    many = "".join(f"CREATE TABLE t{n} (\n\tid int\n);\n" for n in range(5100)) + "CREATE TABLE u (\n\n\n);\n"
    editor.open(path, many)
    found = await folds(editor, path)
    assert len(found) == 5000
    assert (15300, 15303, None) in found


async def test_a_selection_grows_by_the_parts_of_a_statement(editor, opened):
    path = opened.path("0000_rooms")
    assert (await grown(editor, path, TEXT, "1.5"))[:-2] == [
        "1.5",
        "1.5 + 2",
        "(1.5 + 2)",
        'ADD COLUMN "🏠 area" real DEFAULT round(1.5 + 2)',
        TEXT[TEXT.index('ALTER TABLE "s"') : TEXT.rindex(";")],
        TEXT[TEXT.index('ALTER TABLE "s"') : TEXT.rindex(";") + 1],
    ]
    assert (await grown(editor, path, TEXT, "1.5"))[-2].startswith("SET LOCAL")
    assert (await grown(editor, path, TEXT, "1.5"))[-1] == TEXT
    assert (await grown(editor, path, TEXT, "rooms", 1))[:3] == ["rooms", '"rooms"', '"s"."rooms"']
    assert (await grown(editor, path, TEXT, "10"))[:3] == ["10", "10, 2", "(10, 2)"]
    assert '"price" numeric(10, 2)' in await grown(editor, path, TEXT, "10")


async def test_each_selection_is_larger_than_the_one_in_it(editor, opened):
    params = types.SelectionRangeParams(
        document(opened.path("0000_rooms")),
        [types.Position(line, character) for line in range(14) for character in range(0, 40, 5)],
    )
    answers = await editor.client.text_document_selection_range_async(params)
    assert len(answers) == len(params.positions)
    for one in answers:
        around = one
        while around.parent is not None:
            small, large = within(TEXT, around.range), within(TEXT, around.parent.range)
            assert small in large
            assert len(small) < len(large)
            around = around.parent
        assert within(TEXT, around.range) == TEXT


async def test_other_files_have_neither(editor, opened):
    assert await folds(editor, opened.journal) == []
    params = types.SelectionRangeParams(document(opened.journal), [types.Position(0, 0)])
    assert await editor.client.text_document_selection_range_async(params) is None
