"""The journal in the editor: what is wrong stands in it and is mended there; entries lead to files. Helix: pushed, utf-8."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from lsp.workspace_edits import apply
from raincheck.lsp.convert import uri_of

if TYPE_CHECKING:
    from pathlib import Path

PROFILE = "helix_v25.01"

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def definition(editor, path: Path, line: int) -> list[types.Location]:
    params = types.DefinitionParams(types.TextDocumentIdentifier(uri_of(str(path))), types.Position(line, 6))
    return await editor.client.text_document_definition_async(params)


async def test_an_entry_leads_to_its_file_and_back(editor, opened):
    journal = opened.journal
    line = journal.read_text().split("\n").index('      "tag": "0001_index",')
    editor.open(journal)
    (file, *_) = await definition(editor, journal, line)
    assert file.uri == uri_of(str(opened.path("0001_index")))
    back = await definition(editor, opened.path("0001_index"), 0)
    assert uri_of(str(journal)) in {place.uri for place in back}
    found = await editor.hover(journal, line, 8)
    assert "0001_index.sql" in found.contents.value
    assert "SHA-256" in found.contents.value


async def test_both_sides_of_a_merge_are_kept_by_a_fix(editor, opened):
    journal = opened.journal
    entries = json.loads(journal.read_text())["entries"]
    other = {**entries[1], "tag": "0001_other", "when": entries[1]["when"] - 500}
    opened.path("0001_other").write_text('CREATE TABLE "other" ("id" integer);')
    head, mine, theirs = (json.dumps(entry) for entry in (*entries, other))
    journal.write_text(
        f'{{"version": "7", "dialect": "postgresql", "entries": [\n{head},\n'
        f"<<<<<<< HEAD\n{mine}\n=======\n{theirs}\n>>>>>>> main\n]}}\n"
    )
    editor.tell_of(journal, opened.path("0001_other"))
    editor.open(journal)
    await editor.until(lambda: [d for d in editor.pushed(journal) if d.range.start.line == 2] or None)
    assert [d.code for d in editor.pushed(journal)] == ["journal-unreadable"]
    action = next(action for action in await editor.actions(journal, 2, 0) if action.is_preferred)
    assert action.title == "Keep both sides; what HEAD added runs last"
    apply((await editor.chosen(action)).edit)
    merged = json.loads(journal.read_text())["entries"]
    assert [(entry["idx"], entry["tag"]) for entry in merged] == [
        (0, "0000_users"),
        (1, "0001_other"),
        (2, "0001_index"),
    ]
    assert merged[1]["when"] < merged[2]["when"]
    editor.rewrite(journal, journal.read_text())
    await editor.cleared(journal, rule="journal-unreadable")
