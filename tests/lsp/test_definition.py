"""From a name to where it is made, to all that is said of it, and to a column's type. VS Code: links, utf-16."""

from __future__ import annotations

import pytest
import pytest_asyncio
from lsprotocol import types

from lsp.editor import Editor
from lsp.pointing import at, document, position, shown, within
from raincheck.lsp.convert import uri_of
from support.drizzle_folder import DrizzleFolder
from support.projects import chunked

PROFILE = "visual_studio_code"
ROOMS = chunked(
    "CREATE TYPE \"kind\" AS ENUM ('🛏 bed', 'bath');\n",
    'CREATE TABLE "rooms" (\n\t"🏠 id" integer PRIMARY KEY,\n\t"kind" "kind",\n\t"area" real\n);\n',
)
RENAMED = chunked(
    'ALTER TABLE "rooms" RENAME TO "places";\n',
    'ALTER TABLE "places" RENAME COLUMN "area" TO "size";\n',
    'CREATE INDEX "size_idx" ON "places" ("🏠 id", "size");\n',
)
CUSTOM = "UPDATE public.Places SET size = 1 WHERE \"🏠 id\" > 2 AND kind = 'bath';\nDROP INDEX size_idx;\n"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def project(tmp_path) -> DrizzleFolder:
    return DrizzleFolder(tmp_path, {"0000_rooms": ROOMS, "0001_renamed": RENAMED, "0002_custom": CUSTOM})


async def definition(editor, path, needle, nth=0):
    params = types.DefinitionParams(*at(path, needle, nth))
    return await editor.client.text_document_definition_async(params)


async def references(editor, path, needle, nth=0, *, declaration=True):
    context = types.ReferenceContext(include_declaration=declaration)
    params = types.ReferenceParams(context, *at(path, needle, nth))
    found = await editor.client.text_document_references_async(params)
    return [shown(one.uri, one.range) for one in found]


async def test_a_link_says_where_it_starts_and_what_is_around(editor, opened):
    custom = opened.path("0002_custom")
    (link,) = await definition(editor, custom, "size")
    assert within(CUSTOM, link.origin_selection_range) == "size"
    assert shown(link.target_uri, link.target_selection_range) == '0000_rooms:6:"area"'
    assert shown(link.target_uri, link.target_range).startswith('0000_rooms:3:CREATE TABLE "rooms"')


async def test_an_unquoted_name_in_another_case(editor, opened):
    (link,) = await definition(editor, opened.path("0002_custom"), "Places")
    assert shown(link.target_uri, link.target_selection_range) == '0000_rooms:3:"rooms"'


async def test_behind_characters_of_two_units(editor, opened):
    (link,) = await definition(editor, opened.path("0001_renamed"), '"size"', 1)
    assert shown(link.target_uri, link.target_selection_range) == '0000_rooms:6:"area"'
    (link,) = await definition(editor, opened.path("0001_renamed"), '"🏠 id"')
    assert shown(link.target_uri, link.target_selection_range) == '0000_rooms:4:"🏠 id"'


async def test_the_type_of_a_column(editor, opened):
    params = types.TypeDefinitionParams(*at(opened.path("0002_custom"), "kind"))
    (link,) = await editor.client.text_document_type_definition_async(params)
    assert shown(link.target_uri, link.target_selection_range) == '0000_rooms:1:"kind"'


async def test_references_over_renames_and_files(editor, opened):
    assert await references(editor, opened.path("0002_custom"), "size") == [
        '0000_rooms:6:"area"',
        '0001_renamed:3:"area"',
        '0001_renamed:3:"size"',
        '0001_renamed:5:"size"',
        "0002_custom:1:size",
    ]


async def test_references_without_the_declaration(editor, opened):
    found = await references(editor, opened.path("0001_renamed"), '"size_idx"', declaration=False)
    assert found == ["0002_custom:2:size_idx"]


async def test_an_unsaved_text_counts(editor, opened):
    custom = opened.path("0002_custom")
    text = '-- one line more\nTRUNCATE "places";\n'
    editor.open(custom, text)
    params = types.DocumentHighlightParams(document(custom), position(text, '"places"'))
    (one,) = await editor.client.text_document_document_highlight_async(params)
    assert (one.range.start.line, within(text, one.range)) == (1, '"places"')
    context = types.ReferenceContext(include_declaration=False)
    found = await editor.client.text_document_references_async(
        types.ReferenceParams(context, *at(opened.path("0000_rooms"), '"rooms"'))
    )
    assert [one.range.start.line for one in found if one.uri == uri_of(str(custom))] == [1]


async def test_highlights_tell_what_changes_from_what_is_used(editor, opened):
    params = types.DocumentHighlightParams(*at(opened.path("0001_renamed"), '"places"'))
    found = await editor.client.text_document_document_highlight_async(params)
    assert [(within(RENAMED, one.range), one.kind) for one in found] == [
        ('"rooms"', types.DocumentHighlightKind.Write),
        ('"places"', types.DocumentHighlightKind.Write),
        ('"places"', types.DocumentHighlightKind.Write),
        ('"places"', types.DocumentHighlightKind.Read),
    ]


async def test_nothing_where_nothing_is_named(editor, opened):
    params = types.DocumentHighlightParams(*at(opened.path("0002_custom"), "UPDATE"))
    assert not await editor.client.text_document_document_highlight_async(params)
    assert await references(editor, opened.path("0002_custom"), "'bath'") == []


@pytest_asyncio.fixture(loop_scope="module")
async def plain(project):
    """A client that takes no links, and counts in utf-32."""
    editor = await Editor.start(
        "emacs_v30.1",
        [project.root],
        without=["textDocument.definition.linkSupport", "textDocument.typeDefinition.linkSupport"],
    )
    yield editor
    assert await editor.stop() == 0


async def test_a_client_that_takes_no_links(plain, project):
    text = RENAMED.split("\n")
    line = next(n for n, one in enumerate(text) if "size_idx" in one)
    cursor = types.Position(line, text[line].index('"size"') + 1)
    params = types.DefinitionParams(document(project.path("0001_renamed")), cursor)
    (place,) = await plain.client.text_document_definition_async(params)
    assert isinstance(place, types.Location)
    assert place.uri == uri_of(str(project.path("0000_rooms")))
    assert place.range.start == types.Position(5, 1)
