"""What comes too late: questions taken back, answers about a text that is another by now, diagnostics of old versions.

The server's threads are held up meanwhile, so that nothing here depends on how fast they are.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from threading import Event

import pytest

from lsp.conftest import INDEX
from lsp.wire import CANCELLED, CONTENT_MODIFIED, Refused, Wire, at
from raincheck.lsp.background import AT_ONCE
from raincheck.lsp.methods import code_action, hover
from raincheck.lsp.workspace import Workspace

RULE = "index-blocks-writes"
ASKED = {
    "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}},
    "context": {"diagnostics": []},
}


@pytest.fixture
async def wire(wire, project):
    await wire.enter(project.root, profile="helix")
    return wire


@contextmanager
def held(wire: Wire):
    """Nothing is worked on meanwhile."""
    go = Event()
    for threads in (wire.server.background._thread, wire.server.background._readers):
        threads.submit(go.wait, 20)
    try:
        yield
    finally:
        go.set()


async def refusal(wire: Wire, number: int) -> int:
    with pytest.raises(Refused) as refused:
        await wire.answered(number)
    return refused.value.code


@pytest.fixture
def begun(monkeypatch):
    """The questions that a thread began to work on."""
    found = []
    for module, name in ((hover, "_hover"), (code_action, "_actions")):
        monkeypatch.setattr(module, name, lambda *_, name=name, **__: found.append(name) or ())
    return found


async def test_a_question_taken_back_is_answered_at_once_and_not_worked_on(wire, project, begun):
    path = project.path("0001_index")
    wire.open(path, INDEX)
    await wire.settled()
    with held(wire):
        questions = (
            wire.put("textDocument/hover", at(path, 0, 3)),
            wire.put("textDocument/codeAction", {**at(path, 0, 0), **ASKED}),
        )
        await wire.tick()
        for number in questions:
            wire.tell("$/cancelRequest", {"id": number})
        assert [await refusal(wire, number) for number in questions] == [CANCELLED, CANCELLED]
    await wire.settled()
    assert begun == []


async def test_a_question_about_a_place_in_an_older_text(wire, project):
    path = project.path("0001_index")
    wire.open(path, INDEX)
    await wire.settled()
    with held(wire):
        question = wire.put("textDocument/hover", at(path, 0, 3))
        action = wire.put("textDocument/codeAction", {**at(path, 0, 0), **ASKED})
        pulled = wire.put("textDocument/diagnostic", {"textDocument": {"uri": path.as_uri()}})
        wire.rewrite(path, f"-- a\n{INDEX}")
        after = wire.put("textDocument/hover", at(path, 1, 3))
    assert await refusal(wire, question) == CONTENT_MODIFIED
    assert await refusal(wire, action) == CONTENT_MODIFIED
    ranges = [d["range"]["start"] for d in (await wire.answered(pulled))["items"] if d["code"] == RULE]
    assert ranges == [{"line": 1, "character": 0}]  # of the text as it is now
    assert (await wire.answered(after))["range"]["start"] == {"line": 1, "character": 0}


@pytest.mark.parametrize(("profile", "stale"), [("neovim_v0.10", False), ("visual_studio_code", True)])
async def test_only_who_can_be_told_to_ask_again_is_answered_in_haste(project, profile, stale):
    """What is said far behind an edit may be what was said before, where the client is sure to ask once more."""
    wire, missing = Wire.inside(), "relation-missing"
    between = "--> statement-breakpoint\nSELECT 1;" * (2 * AT_ONCE)
    text = f'SELECT 0;{between}--> statement-breakpoint\nDROP TABLE "posts";'
    path = project.add("0002_late", text)
    await wire.enter(project.root, profile=profile)
    wire.open(path, text)
    await wire.settled()
    assert missing in {found["code"] for found in await wire.pull(path)}
    with held(wire):
        wire.rewrite(path, text.replace("SELECT 0;", 'CREATE TABLE "posts" ("id" integer);'))
        await wire.tick()
        pulled = wire.put("textDocument/diagnostic", {"textDocument": {"uri": path.as_uri()}})
        await wire.tick()
        wire.seen.clear()
    first = {found["code"] for found in (await wire.answered(pulled))["items"]}
    await wire.settled()
    asked_again = "workspace/diagnostic/refresh" in {message["method"] for message in wire.seen}
    assert ((missing in first), asked_again) == (stale, stale)
    assert missing not in {found["code"] for found in await wire.pull(path)}
    await wire.close()


async def test_diagnostics_of_an_older_version_are_never_published_over_newer_ones(wire, project):
    path = project.path("0001_index")
    wire.open(path, INDEX)
    await wire.settled()
    wire.seen.clear()
    for text in ("-- a\n", f"-- b\n{INDEX}", "-- c\n", f"-- d\n\n{INDEX}"):
        with held(wire):
            wire.rewrite(path, text)
            wire.rewrite(path, text + "\n")
        await wire.pull(path)
    await wire.settled()
    told = [m["params"] for m in wire.seen if m["method"] == "textDocument/publishDiagnostics"]
    versions = [said["version"] for said in told if said["uri"] == path.as_uri()]
    assert versions == sorted(versions)
    assert versions[-1] == 9
    assert [d["range"]["start"]["line"] for d in wire.pushed(path) if d["code"] == RULE] == [2]


async def test_what_was_found_in_a_text_that_was_edited_meanwhile_is_dropped(wire, project, monkeypatch):
    path, looked, go = project.path("0001_index"), Event(), Event()
    before = Workspace.looked_through

    def held_up(self, **named):
        found = before(self, **named)
        looked.set()
        go.wait(20)
        return found

    wire.open(path, "-- nothing\n")
    await wire.settled()
    monkeypatch.setattr(Workspace, "looked_through", held_up)
    late = wire.rewrite(path, INDEX)
    await asyncio.to_thread(looked.wait, 20)
    newest = wire.rewrite(path, f"-- a\n{INDEX}")
    await wire.tick()
    go.set()
    await wire.until(lambda: wire.told(path, newest))
    assert wire.told(path, late) is None


async def test_nothing_stays_on_a_file_that_was_closed_while_it_was_looked_at(wire, tmp_path_factory):
    loose = tmp_path_factory.mktemp("loose") / "a.sql"
    (loose.parent / ".git").mkdir()
    wire.open(loose, "-- nothing\n")
    await wire.settled()
    with held(wire):
        wire.rewrite(loose, INDEX)
        wire.shut(loose)
    await wire.settled()
    assert wire.pushed(loose) == []
    wire.open(loose, INDEX)
    await wire.shown(loose, RULE)
    with held(wire):
        wire.rewrite(loose, f"{INDEX}-- more\n")
        wire.shut(loose)
    await wire.settled()
    assert wire.pushed(loose) == []


async def test_nothing_is_told_after_the_end(wire, project):
    path = project.path("0001_index")
    wire.open(path, INDEX)
    await wire.settled()
    with held(wire):
        wire.rewrite(path, "-- nothing\n")
        question = wire.put("textDocument/hover", at(path, 0, 3))
        end = wire.put("shutdown")
        assert await wire.answered(end) is None
        wire.seen.clear()
    assert await refusal(wire, question) == CANCELLED
    assert [m for m in wire.seen if m["method"] != "window/logMessage"] == []
