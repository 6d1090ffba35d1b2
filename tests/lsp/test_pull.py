"""What a client that asks is answered. VS Code: asks for each document it shows, and for the whole workspace."""

from __future__ import annotations

import asyncio

import pytest
from lsprotocol import types

from lsp.conftest import INDEX, USERS
from raincheck.lsp.convert import path_of, uri_of
from raincheck.rules.pages import page_path
from support.projects import BREAKPOINT

PROFILE = "visual_studio_code_v1.139"
RULE = "index-blocks-writes"

pytestmark = pytest.mark.asyncio(loop_scope="module")


def of(rule: str, report) -> types.Diagnostic:
    return next(diagnostic for diagnostic in report.items if diagnostic.code == rule)


async def test_the_server_says_what_it_can(editor):
    provider = editor.answer.capabilities.diagnostic_provider
    assert provider.inter_file_dependencies
    assert provider.workspace_diagnostics
    assert editor.answer.capabilities.position_encoding == "utf-16"
    assert editor.answer.server_info.name == "raincheck"
    assert editor.answer.server_info.version


async def test_a_document(editor, opened):
    path = opened.path("0001_index")
    editor.open(path)
    report = await editor.pull(path)
    assert report.kind == "full"
    found = of(RULE, report)
    assert found.range.start == types.Position(0, 0)
    page = path_of(found.code_description.href)
    assert page.endswith("rules/locking/index_blocks_writes.md")
    assert page_path(RULE) == page
    assert found.data["severity"] == "risk"


async def test_an_edit_is_in_the_answer_to_the_next_question(editor, opened):
    path = opened.path("0001_index")
    editor.open(path)
    editor.edit(path, (0, 0, 0, 0, "/* 😋 */ "))
    assert of(RULE, await editor.pull(path)).range.start == types.Position(0, 9)
    editor.edit(path, (0, 0, 0, 0, "-- "))
    assert not (await editor.pull(path)).items


async def test_what_has_not_changed_is_not_sent_again(editor, opened):
    path = opened.path("0001_index")
    editor.open(path)
    first = await editor.pull(path)
    again = await editor.pull(path, first.result_id)
    assert (again.kind, again.result_id) == ("unchanged", first.result_id)
    editor.edit(path, (0, 0, 0, 0, "\n"))
    assert (await editor.pull(path, first.result_id)).kind == "full"


async def test_a_document_without_findings(editor, opened):
    path = opened.path("0000_users")
    editor.open(path)
    report = await editor.pull(path)
    assert (report.kind, list(report.items)) == ("full", [])


async def test_the_whole_workspace(editor, opened):
    reports = {report.uri: report for report in await editor.pull_all()}
    uri = uri_of(str(opened.path("0001_index")))
    assert of(RULE, reports[uri]).source == "raincheck"
    known = [types.PreviousResultId(uri, reports[uri].result_id)]
    (again,) = (report for report in await editor.pull_all(known) if report.uri == uri)
    assert again.kind == "unchanged"


async def test_what_is_gone_from_the_workspace_is_said_to_be_empty(editor, opened):
    path = opened.add("0002_drop", 'DROP TABLE "users";\n')
    editor.tell_of(path, opened.journal)
    (before,) = (report for report in await editor.pull_all() if report.uri == uri_of(str(path)))
    opened.remove("0002_drop")
    editor.tell_of(path, opened.journal)
    known = [types.PreviousResultId(before.uri, before.result_id)]
    (after,) = (report for report in await editor.pull_all(known) if report.uri == before.uri)
    assert (after.kind, list(after.items)) == ("full", [])


async def test_related_places_and_tags(editor, opened):
    path = opened.path("0001_index")
    editor.open(path, f'ALTER TABLE "posts" DROP COLUMN "author";\n{BREAKPOINT}{INDEX}')
    related, joined = of("work-under-exclusive-lock", await editor.pull(path)).related_information
    assert joined.message.startswith(f"{RULE}: ")
    assert related.location.uri == uri_of(str(path))
    assert related.location.range.start == types.Position(0, 0)
    assert "ACCESS EXCLUSIVE" in related.message
    editor.rewrite(path, f"-- raincheck: allow table-dropped because nothing is dropped here\n{INDEX}")
    assert of("allowance-unused", await editor.pull(path)).tags == (types.DiagnosticTag.Unnecessary,)


async def test_who_asks_is_not_told(editor, opened):
    """Once it has asked for the workspace, nothing is pushed to a client that pulls, and nothing shows twice."""
    await editor.pull_all()
    editor.published.clear()
    path = opened.path("0001_index")
    editor.open(path)
    editor.edit(path, (0, 0, 0, 0, "\n"))
    await editor.pull(path)
    editor.close(path)
    opened.add("0002_drop", 'DROP TABLE "users";\n')
    editor.tell_of(opened.journal, opened.path("0002_drop"))
    await editor.until(lambda: editor.client.diagnostic_refresh_count or None)
    await editor.pull_all()
    assert [uri for uri, params in editor.published.items() if params.diagnostics] == []


async def test_the_client_is_made_to_ask_again_when_the_disk_has_changed(editor, opened):
    path = opened.path("0001_index")
    editor.open(path)
    await editor.pull(path)
    seen = editor.client.diagnostic_refresh_count
    opened.path("0000_users").write_text(USERS.replace("users", "people"))
    (opened.root / "raincheck.toml").write_text('[rules]\nindex-blocks-writes = "off"\n')
    editor.tell_of(opened.root / "raincheck.toml", opened.path("0000_users"))
    await editor.until(lambda: editor.client.diagnostic_refresh_count > seen or None)
    assert RULE not in {diagnostic.code for diagnostic in (await editor.pull(path)).items}


async def test_a_question_can_be_taken_back(editor, opened):
    path = opened.path("0001_index")
    editor.open(path, USERS * 2000)
    question = asyncio.ensure_future(
        editor.client.protocol.send_request_async(
            types.TEXT_DOCUMENT_DIAGNOSTIC,
            types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri_of(str(path)))),
            msg_id="taken-back",
        )
    )
    await asyncio.sleep(0)  # the question is on its way
    editor.client.cancel_request(types.CancelParams("taken-back"))
    with pytest.raises(Exception, match="cancel"):
        await asyncio.wait_for(question, 20)
    editor.rewrite(path, INDEX)
    assert of(RULE, await editor.pull(path))
