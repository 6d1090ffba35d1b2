"""raincheck/gate over stdio: what VS Code shows in its status bar."""

from __future__ import annotations

import asyncio

import pytest

from lsp.conftest import INDEX
from raincheck.lsp.convert import uri_of

PROFILE = "visual_studio_code_v1.139"

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def gate(editor, params):
    return await asyncio.wait_for(editor.client.protocol.send_request_async("raincheck/gate", params), 20)


async def test_of_a_pending_migration(editor, opened):
    path = opened.path("0001_index")
    editor.open(path, INDEX)
    found = await gate(editor, {"uri": uri_of(path.as_posix())})
    assert (found.gate, found.asks) == ("yellow", "wants a look beforehand, and timeouts")
    assert found.reasons == ["create index on users", "index-blocks-writes"]


@pytest.mark.parametrize(
    "params", [{"uri": "untitled:Untitled-1"}, {"uri": "file:///nowhere/0000_a.sql"}, {"uri": 1}, {}]
)
async def test_of_what_does_not_run(editor, opened, params):
    assert await gate(editor, params) is None
