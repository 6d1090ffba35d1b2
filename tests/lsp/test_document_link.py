"""Links between the files of a project, and to the pages of rules. VS Code: with tooltips; a client without."""

from __future__ import annotations

import json

import pytest
from lsprotocol import types

from lsp.editor import Editor
from lsp.pointing import document, within
from raincheck.lsp.convert import uri_of
from raincheck.rules.pages import page_path
from support.drizzle_folder import DrizzleFolder

PROFILE = "visual_studio_code"
ALLOWED = (
    "-- raincheck: allow index-blocks-writes, no-such-rule because table-dropped is another\n"
    'CREATE INDEX "🏠" ON "users" ("id"); -- raincheck: allow index-blocks-writes\n'
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def project(tmp_path) -> DrizzleFolder:
    found = DrizzleFolder(tmp_path, {"0000_a": 'CREATE TABLE "users" ("id" integer);\n', "0001_b": ALLOWED})
    found.add("0002_c", "SELECT 1;\n")
    for number, before in enumerate((-1, 0, 0)):
        written = {"id": uuid(number), "prevId": uuid(before), "tables": {"x": {"id": "no", "prevId": "no"}}}
        snapshot(found, number).write_text(json.dumps(written, indent=2))
    return found


def uuid(number: int) -> str:
    return f"{number + 1:08x}-0000-0000-0000-000000000000"


def snapshot(project: DrizzleFolder, number: int):
    return project.journal.with_name(f"{number:04}_snapshot.json")


async def links(editor, path):
    found = await editor.client.text_document_document_link_async(types.DocumentLinkParams(document(path)))
    return [(within(path.read_text(), one.range), one.target, one.tooltip) for one in found], found


async def test_the_rules_of_an_allow_comment(editor, opened):
    page = uri_of(page_path("index-blocks-writes"))
    told, _ = await links(editor, opened.path("0001_b"))
    assert told == [("index-blocks-writes", page, "What index-blocks-writes means")] * 2


async def test_a_journal_leads_to_migrations_and_snapshots(editor, opened):
    told, _ = await links(editor, opened.journal)
    assert told[:2] == [
        ("0", uri_of(str(snapshot(opened, 0))), "Open its snapshot"),
        ("0000_a", uri_of(str(opened.path("0000_a"))), "Open the migration"),
    ]
    assert len(told) == 6


async def test_a_snapshot_leads_to_its_migration_and_to_the_one_before(editor, opened):
    told, found = await links(editor, snapshot(opened, 2))
    assert told == [
        (uuid(2), uri_of(str(opened.path("0002_c"))), "Open the migration"),
        (uuid(0), None, None),
    ]
    resolved = await editor.client.document_link_resolve_async(found[1])
    assert resolved.target == uri_of(str(snapshot(opened, 0)))
    assert resolved.range == found[1].range


async def test_the_first_snapshot_has_none_before_it(editor, opened):
    told, _ = await links(editor, snapshot(opened, 0))
    assert [text for text, _, _ in told] == [uuid(0)]


async def test_a_client_without_tooltips(project):
    editor = await Editor.start(PROFILE, [project.root], without=["textDocument.documentLink.tooltipSupport"])
    told, _ = await links(editor, project.path("0001_b"))
    assert await editor.stop() == 0
    assert [tooltip for _, _, tooltip in told] == [None, None]
