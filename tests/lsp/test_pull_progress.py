"""How far a check of the workspace is, its answer in parts, and what a diagnostic brings along. VS Code."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types

from lsp.conftest import INDEX, USERS
from raincheck.lsp.convert import uri_of
from raincheck.project.seal import render
from raincheck.session.session import Session
from support.drizzle_folder import DrizzleFolder

if TYPE_CHECKING:
    from lsp.editor import Editor

PROFILE = "visual_studio_code_v1.139"
MANY = 120

pytestmark = pytest.mark.asyncio(loop_scope="module")


def heard(editor: Editor) -> dict[str, list[dict[str, Any]]]:
    """What is told under each token from now on."""
    told: dict[str, list[dict[str, Any]]] = {}

    def take(params: types.ProgressParams) -> None:
        value = params.value
        told.setdefault(str(params.token), []).append(value._asdict() if hasattr(value, "_asdict") else value)

    editor.client.protocol.fm.features[types.PROGRESS] = take
    return told


async def asked(editor: Editor, **tokens: str) -> list[dict[str, Any]]:
    found = await editor.raw(types.WORKSPACE_DIAGNOSTIC, types.WorkspaceDiagnosticParams([], **tokens))
    return found["items"]


async def test_progress(editor, opened, tmp_path_factory):
    assert editor.answer.capabilities.diagnostic_provider.work_done_progress
    second = DrizzleFolder(tmp_path_factory.mktemp("second"), {"0000_users": USERS, "0001_index": INDEX})
    editor.enter(second.root)
    told = heard(editor)
    found = await asked(editor, work_done_token="w")
    assert {one["uri"] for one in found} >= {uri_of(str(of.path("0001_index"))) for of in (opened, second)}
    begin, *reports, end = told["w"]
    assert (begin["kind"], begin["title"], end["kind"]) == ("begin", "Checking migrations", "end")
    assert [one["percentage"] for one in reports] == [50, 100]
    editor.leave(second.root)


async def test_parts(editor, tmp_path):
    project = DrizzleFolder(tmp_path, {"0000_users": USERS})
    for number in range(1, MANY + 1):
        project.add(f"{number:04}_index", INDEX.replace("users_email_idx", f"i{number}"))
    editor.enter(project.root)
    whole = await asked(editor)
    told = heard(editor)
    assert await asked(editor, partial_result_token="p") == []
    parts = [[one["uri"] for one in plain(part["items"])] for part in told["p"]]
    assert len(parts) == 2
    assert [uri for part in parts for uri in part] == [one["uri"] for one in whole]
    editor.leave(project.root)


def plain(items: Any) -> list[dict[str, Any]]:
    return [one._asdict() if hasattr(one, "_asdict") else one for one in items]


async def test_an_end_is_told_also_where_the_question_is_taken_back(editor, opened):
    told = heard(editor)
    editor.open(opened.path("0001_index"), USERS * 2000)
    params = types.WorkspaceDiagnosticParams([], work_done_token="c")
    question = asyncio.ensure_future(
        editor.client.protocol.send_request_async(types.WORKSPACE_DIAGNOSTIC, params, msg_id="all")
    )
    await asyncio.sleep(0)  # the question is on its way
    editor.client.cancel_request(types.CancelParams("all"))
    with pytest.raises(Exception, match="cancel"):
        await asyncio.wait_for(question, 20)
    await editor.pull(opened.path("0000_users"))
    assert [one["kind"] for one in told["c"]][-1] == "end"


async def test_related_places_in_other_files(editor, opened):
    """A lock that an earlier migration of the run took is shown where that one takes it."""
    opened.path("0001_index").write_text('CREATE TABLE "posts" ("id" integer PRIMARY KEY NOT NULL);\n')
    (analysis,) = Session(str(opened.root)).analyses()
    seal = opened.root / "drizzle" / "raincheck.sum"
    seal.write_text(render(analysis.project.migrations))
    path = opened.add("0002_drop", 'ALTER TABLE "users" DROP COLUMN "email";\n')
    late = opened.add("0003_index", 'CREATE INDEX "by_id" ON "posts" ("id");\n')
    editor.tell_of(path, late, seal, opened.journal, opened.path("0001_index"))
    editor.open(late)
    found = next(d for d in (await editor.pull(late)).items if d.related_information)
    assert uri_of(str(path)) in {one.location.uri for one in found.related_information}
    assert [one for one in found.related_information if "ACCESS EXCLUSIVE" in one.message]


async def test_data_leads_from_a_diagnostic_to_its_actions(editor, opened):
    """The diagnostic of a code action is the one that was pulled, so an editor can tell which one it mends."""
    path = opened.path("0001_index")
    editor.open(path)
    (pulled,) = [d for d in (await editor.pull(path)).items if d.code == "index-blocks-writes"]
    action = next(one for one in await editor.actions(path, 0, 12) if "CONCURRENTLY" in one.title)
    (of_action,) = action.diagnostics
    assert (of_action.data, of_action.range, of_action.message) == (pulled.data, pulled.range, pulled.message)
    assert of_action.code_description.href == pulled.code_description.href
