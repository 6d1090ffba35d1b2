"""Coming and going: start, exit, a parent that dies, TCP, what the server cannot make sense of."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest
from lsprotocol import types

import raincheck
from lsp.editor import COMMAND, Editor
from raincheck.lsp.convert import uri_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
PROFILE = "neovim_v0.7"


async def test_a_client_of_few_words(editor, opened):
    """Neovim 0.7 says nothing of encodings, watching, pulling or settings."""
    assert editor.answer.capabilities.position_encoding == "utf-16"
    assert editor.answer.server_info == types.ServerInfo("raincheck", raincheck.__version__)
    found = await editor.shown(opened.path("0001_index"), rule="index-blocks-writes")
    assert found.code_description is None
    assert editor.watched == []


async def test_a_request_it_does_not_know_is_an_error_and_no_more(editor, opened):
    with pytest.raises(Exception, match=r"(?i)method"):
        await editor.client.protocol.send_request_async("raincheck/nothing", {})
    await editor.hover(opened.path("0001_index"), 0, 0)


async def test_nonsense_does_not_stop_it(editor, opened):
    """Positions far away, a change to a file that is not open, files that are none."""
    path = opened.path("0001_index")
    editor.versions[uri_of(str(path))] = 1
    editor.edit(path, (0, 0, 0, 0, "x"))
    editor.open(path)
    editor.edit(path, (900, 900, 901, 2, ";"), (0, 0, 0, 0, "\n"))
    assert await editor.hover(path, 1, 3)
    assert await editor.hover(path, 99999, 99999) is None
    assert await editor.actions(path, 12345, 0) == []


async def _raw(*command: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)


def _message(**content: object) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **content}).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


async def test_it_leaves_when_its_parent_is_gone():
    """The end of the input is all that is seen of a parent's death. Nothing is written to standard error."""
    server = await _raw(*COMMAND)
    params = {"processId": None, "rootUri": None, "capabilities": {}}
    server.stdin.write(_message(id=1, method="initialize", params=params))
    await asyncio.wait_for(server.stdout.readline(), 20)
    server.stdin.close()
    _, said = await asyncio.wait_for(server.communicate(), 20)
    assert said == b""


async def test_it_says_goodbye(project):
    editor = await Editor.start("visual_studio_code_v1.139", [project.root])
    assert await editor.hover(project.path("0001_index"), 0, 0)
    assert await editor.stop() == 0


async def test_on_tcp(project):
    """It says on standard error where it listens; port 0 stands for any that is free."""
    script = "from raincheck.lsp.server import serve; serve(('127.0.0.1', 0))"
    server = await _raw(sys.executable, "-c", script)
    try:
        await asyncio.wait_for(server.stderr.readuntil(b"Serving on ('127.0.0.1', "), 20)
        port = int((await server.stderr.readuntil(b")"))[:-1])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        params = {"processId": None, "rootUri": uri_of(str(project.root)), "capabilities": {}}
        writer.write(_message(id=1, method="initialize", params=params))
        header = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
        answer = json.loads(await reader.readexactly(int(header.split(b":")[1])))
        assert answer["result"]["serverInfo"]["name"] == "raincheck"
        writer.close()
    finally:
        server.terminate()
        await server.communicate()
