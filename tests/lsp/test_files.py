"""Files that change on disk, and the project's other files: journal, raincheck.toml. Emacs 28: watches, no versions."""

from __future__ import annotations

import json

import pytest
from lsprotocol import types

from lsp.conftest import INDEX
from raincheck.lsp.watching import GONE, WATCHED
from support.projects import journal

PROFILE = "emacs_v28"
RULE = "index-blocks-writes"

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_client_is_asked_to_watch(editor, opened):
    await editor.until(lambda: editor.watched or None)
    assert editor.watched == [*WATCHED, GONE]


async def test_a_file_written_by_drizzle_kit(editor, opened):
    await editor.shown(opened.path("0001_index"), rule=RULE)
    path = opened.add("0002_more", INDEX.replace("users_email_idx", "other_idx"))
    editor.tell_of(path, opened.journal)
    await editor.shown(path, rule=RULE)
    path.write_text(INDEX.replace("CREATE", "-- CREATE"))
    editor.tell_of(path)
    await editor.cleared(path, rule=RULE)


async def test_a_burst_is_one_pass(editor, opened):
    """Files that git changes arrive one by one; each is told of once, and in the end all is right."""
    await editor.shown(opened.path("0001_index"), rule=RULE)
    paths = [opened.add(f"{n:04}_more", INDEX.replace("users_email_idx", f"i{n}")) for n in range(2, 30)]
    for path in paths:
        editor.tell_of(path, opened.journal)
    for path in paths:
        await editor.shown(path, rule=RULE)
    assert {editor.count[path.as_uri()] for path in paths} == {1}


async def test_an_unsaved_text_wins_over_the_disk(editor, opened):
    path = opened.path("0001_index")
    await editor.shown(path, rule=RULE)
    editor.open(path, "-- nothing\n")
    await editor.cleared(path, rule=RULE)
    path.write_text('DROP TABLE "users";\n')
    editor.tell_of(path)
    editor.close(path)
    await editor.shown(path, rule="table-dropped")


async def test_settings_are_read_again(editor, opened):
    path, settings = opened.path("0001_index"), opened.root / "raincheck.toml"
    await editor.shown(path, rule=RULE)
    settings.write_text(f'[rules]\n{RULE} = "danger"\n')
    editor.tell_of(settings)
    await editor.until(lambda: [d for d in editor.pushed(path) if d.code == RULE and d.severity == 1])
    settings.write_text(f'[rules]\n{RULE} = "off"\n')
    editor.tell_of(settings)
    await editor.cleared(path, rule=RULE)


async def test_settings_that_are_wrong_are_told_where_they_stand(editor, opened):
    settings = opened.root / "raincheck.toml"
    await editor.shown(opened.path("0001_index"), rule=RULE)
    settings.write_text('# é\n[rules]\nindex-block-writes = "off"\n')
    editor.tell_of(settings)
    found = await editor.shown(settings, rule="settings-invalid")
    assert found.range == types.Range(types.Position(2, 0), types.Position(2, 18))
    assert "index-blocks-writes" in found.message
    editor.open(settings, "")
    await editor.cleared(settings, rule="settings-invalid")


async def test_a_broken_journal(editor, opened):
    await editor.shown(opened.path("0001_index"), rule=RULE)
    opened.journal.write_text('{"entries": [')
    editor.tell_of(opened.journal)
    await editor.until(lambda: editor.pushed(opened.journal))
    opened.journal.write_text(journal(["0000_users", "0001_index"]))
    editor.tell_of(opened.journal)
    await editor.until(lambda: not editor.pushed(opened.journal) or None)
    await editor.shown(opened.path("0001_index"), rule=RULE)


async def test_an_unsaved_journal(editor, opened):
    """A migration counts as soon as the journal that the editor holds names it."""
    await editor.shown(opened.path("0001_index"), rule=RULE)
    drop = opened.root / "drizzle" / "0002_drop.sql"
    drop.write_text('DROP TABLE "users";\n')
    editor.tell_of(drop)
    editor.open(opened.journal)
    editor.rewrite(opened.journal, journal(["0000_users", "0001_index", "0002_drop"]))
    await editor.shown(drop, rule="table-dropped")
    editor.close(opened.journal)
    assert len(json.loads(opened.journal.read_text())["entries"]) == 2
    await editor.cleared(drop, rule="table-dropped")


async def test_what_is_said_of_a_folder_is_logged(editor, opened):
    """There is no git here, so nobody knows what is pending; that has no place in a file."""
    await editor.until(lambda: [line for line in editor.log if str(opened.root / "drizzle") in line])
    assert (opened.root / "drizzle").as_uri() not in editor.published
