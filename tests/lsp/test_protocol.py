"""The protocol itself: what comes too early, too late, twice, or is nonsense. Each request is answered; the server lives."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest

from lsp.wire import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    NOT_INITIALIZED,
    PARSE_ERROR,
    Refused,
    Wire,
    capabilities,
    frame,
)

SERVE = "import sys; sys.argv = ['raincheck', 'serve']; from raincheck.cli.main import main; main()"
LOOSE = "file:///nowhere/a.sql"


@pytest.fixture
async def wire():
    wire = Wire.inside()
    yield wire
    await wire.close()


async def refusal(wire: Wire, method: str, params: object = None) -> int:
    with pytest.raises(Refused) as refused:
        await wire.ask(method, params)
    return refused.value.code


async def lives(wire: Wire) -> bool:
    return await refusal(wire, "raincheck/nothing") == METHOD_NOT_FOUND


async def test_before_initialize_nothing_is_done(wire):
    assert await refusal(wire, "textDocument/hover", {}) == NOT_INITIALIZED
    assert await refusal(wire, "raincheck/nothing") == NOT_INITIALIZED
    wire.open(LOOSE, 'DROP TABLE "a";')  # and told to nobody
    await wire.meet()
    assert await wire.pull(LOOSE) == []


async def test_initialize_comes_once(wire):
    await wire.meet()
    assert await refusal(wire, "initialize", {"processId": None, "rootUri": None, "capabilities": {}}) == (
        INVALID_REQUEST
    )
    assert await lives(wire)


async def test_after_shutdown_nothing_is_done(wire):
    await wire.meet()
    assert await wire.ask("shutdown") is None
    assert await refusal(wire, "textDocument/hover", {}) == INVALID_REQUEST
    assert await refusal(wire, "shutdown") == INVALID_REQUEST


@pytest.mark.parametrize(
    "params",
    [
        None,
        [1],
        {},
        {"textDocument": {"uri": LOOSE}},
        {"textDocument": {"uri": LOOSE}, "position": {"line": "x", "character": 0}},
        {"textDocument": 7, "position": {"line": 0, "character": 0}},
    ],
)
async def test_wrong_parameters(wire, params):
    await wire.meet()
    assert await refusal(wire, "textDocument/hover", params) == INVALID_PARAMS
    assert wire.log == []


async def test_a_notification_with_wrong_parameters_is_told_in_the_log_without_what_it_holds(wire):
    await wire.meet()
    wire.tell("textDocument/didOpen", {"secret": "secret"})
    assert await lives(wire)
    (said,) = wire.log
    assert said.startswith("textDocument/didOpen was ignored")
    assert "secret" not in said


async def test_what_is_unknown_is_let_be(wire):
    """Whatever a newer client sends, and a question taken back that was answered meanwhile."""
    await wire.meet()
    wire.tell("$/unknown", {})
    wire.tell("textDocument/unknown")
    wire.tell("$/cancelRequest", {"id": 999})
    assert await refusal(wire, "$/unknown") == METHOD_NOT_FOUND
    assert wire.log == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"{bad}", PARSE_ERROR),
        (b"\xff\xfe", PARSE_ERROR),
        (b"[" * 100_000, PARSE_ERROR),
        (b"[1, 2]", INVALID_REQUEST),
        (b'"text"', INVALID_REQUEST),
        (b'{"id": 1, "method": "shutdown"}', INVALID_REQUEST),
        (b'{"jsonrpc": "2.0"}', INVALID_REQUEST),
    ],
    ids=["no JSON", "no text", "deep", "a batch", "a text", "no version", "nothing"],
)
async def test_nonsense_is_answered(wire, said, code):
    await wire.meet()
    wire.send(b"Content-Length: %d\r\n\r\n%b" % (len(said), said))
    answer = await wire.until(
        lambda: wire.answers.get(None) or (wire.answers.get(1, {}).get("error") and wire.answers[1])
    )
    assert answer["error"]["code"] == code
    assert await lives(wire)


async def test_an_answer_to_nothing_is_not_answered(wire):
    await wire.meet()
    wire.send(frame({"jsonrpc": "2.0", "id": "stranger", "result": 1}))
    wire.send(frame({"jsonrpc": "2.0", "id": "stranger", "error": {"code": 1, "message": "x"}}))
    wire.send(frame({"jsonrpc": "2.0", "id": "stranger", "error": 5}))
    assert await lives(wire)
    assert "stranger" not in wire.answers


async def test_a_client_that_is_newer_than_the_library(wire):
    """Values that nobody knows yet cost themselves, and nothing beside them."""
    newer = capabilities("visual_studio_code_v1.139")
    newer["textDocument"]["publishDiagnostics"]["tagSupport"] = {"valueSet": [1, 99]}
    newer["textDocument"]["hover"]["contentFormat"] = ["html", "markdown"]
    newer["textDocument"]["codeAction"]["codeActionLiteralSupport"] = {"what": "is required is not there"}
    newer["textDocument"]["brandNew"] = {"dynamicRegistration": True}
    newer["workspace"]["workspaceEdit"]["failureHandling"] = "ostrich"
    newer["general"]["positionEncodings"] = ["utf-128", "utf-8"]
    answer = await wire.meet(capabilities=newer)
    assert answer["positionEncoding"] == "utf-8"
    client = wire.server.client
    assert (client.tags, client.markdown, client.actions, client.creates) == (
        frozenset({1}),
        True,
        False,
        True,
    )


async def test_a_client_that_cannot_be_asked_for_its_settings_after_all(wire):
    wire.settings = ValueError("no such method")
    await wire.meet("emacs_v28")
    await wire.until(lambda: any(m["method"] == "workspace/configuration" for m in wire.seen) or None)
    assert await lives(wire)
    assert wire.log == []


# about processes


async def test_lengths_that_are_wrong_cost_what_they_are_wrong_about():
    """Bodies longer and shorter than they are said to be, and without a length; headers as HTTP allows them."""
    wire = await Wire.process()
    await wire.meet()
    body = json.dumps({"jsonrpc": "2.0", "id": "lost", "method": "x"}).encode()
    for length in (b"%d" % (len(body) - 5), b"%d" % (len(body) + 5), b"many", b"-3"):
        wire.send(b"Content-Length: %b\r\n\r\n%b" % (length, body))
        wire.put("raincheck/nothing")  # may be lost with it
        wire.put("raincheck/nothing")
        assert await lives(wire)
    assert wire.answers[None]["error"]["code"] == PARSE_ERROR
    body = body.replace(b"lost", b"here")
    wire.send(b"content-LENGTH:%d \r\nContent-Type: application/vscode-jsonrpc\r\n\r\n%b" % (len(body), body))
    with pytest.raises(Refused):
        await wire.answered("here")
    assert await wire.ask("shutdown") is None
    wire.tell("exit")
    assert (await wire.close(), await wire.running.stderr.read()) == (0, b"")


@pytest.mark.parametrize("met", [True, False])
async def test_who_leaves_without_a_word_gets_an_error(met):
    wire = await Wire.process(sys.executable, "-c", SERVE)
    if met:
        await wire.meet()
    wire.tell("exit")
    assert (await wire.close(), await wire.running.stderr.read()) == (1, b"")


async def test_a_long_analysis_is_not_waited_for(project):
    project.add("0002_rows", "INSERT INTO users VALUES (1, 'a');\n" * 49_000)  # many seconds
    wire = await Wire.process()
    await wire.meet(rootUri=project.root.as_uri())
    assert await lives(wire)
    assert await wire.ask("shutdown") is None
    wire.tell("exit")
    await asyncio.wait_for(wire.running.wait(), 5)
    assert (wire.running.returncode, wire.diagnostics) == (0, {})


async def test_it_leaves_when_its_client_is_gone_and_the_pipe_is_not():
    """Whoever started the editor's process may hold the other end of standard input; the process id tells."""
    editor = await asyncio.create_subprocess_exec("sleep", "60")
    wire = await Wire.process()
    await wire.meet(processId=editor.pid)
    assert await lives(wire)
    editor.kill()
    await asyncio.wait_for(wire.running.wait(), 20)
    await editor.wait()
    assert wire.running.returncode == 1


async def test_a_process_that_is_not_on_this_machine_is_not_missed(wire):
    """A client outside of a container says a number that nobody has inside."""
    gone = await asyncio.create_subprocess_exec("true")
    await gone.wait()
    await wire.meet(processId=gone.pid)
    assert await lives(wire)
    assert wire.server._parent is None
