"""A client that speaks in bytes: it says what no library would, and sees each message as it comes.

`Wire.inside` has the server in this process, with nothing between but the two ends of its pipe; `Wire.process` starts
one, for what is about processes.
"""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lsp.editor import CLIENTS, COMMAND
from lsp.waiting import PATIENCE, Waiting
from raincheck.lsp.convert import uri_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from raincheck.lsp.language_server import RaincheckServer

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
NOT_INITIALIZED, CANCELLED, CONTENT_MODIFIED = -32002, -32800, -32801


class Refused(Exception):  # noqa: N818 - an answer
    """A request was answered by an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(code, message)
        self.code, self.message = code, message


def frame(content: object) -> bytes:
    body = json.dumps(content).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def capabilities(profile: str | None) -> dict[str, Any]:
    """What a recorded client says of itself; None: a client that says nothing."""
    if profile is None:
        return {}
    (recorded,) = CLIENTS.glob(f"{profile}*.json")
    return json.loads(recorded.read_text())["capabilities"]


class Wire(Waiting):
    """`seen` has all messages of the server, in their order, but the answers; requests of the server are answered.

    `send` takes what the client says, `end` is called when it says nothing more.
    """

    def __init__(self, send: Callable[[bytes], object], end: Callable[[], object]) -> None:
        super().__init__()
        self.send = send
        self._end = end
        self.seen: list[dict[str, Any]] = []
        self.answers: dict[object, dict[str, Any]] = {}
        self.diagnostics: dict[str, dict[str, Any]] = {}
        """What was pushed last, by URI."""
        self.settings: object = None
        """The answer to workspace/configuration; an exception stands for an error."""
        self.server: RaincheckServer | None = None
        self.running: asyncio.subprocess.Process | None = None
        self._number = 0
        self._versions: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def inside(cls) -> Wire:
        from pygls.io_ import run_async

        from raincheck.lsp.language_server import RaincheckServer

        server, reader, ended = RaincheckServer(), asyncio.StreamReader(), threading.Event()
        wire = cls(reader.feed_data, reader.feed_eof)
        wire.server = server
        server._stop_event = ended
        server.protocol.set_writer(_Written(wire))
        wire._task = asyncio.ensure_future(
            run_async(ended, reader, server.protocol, error_handler=server.report_server_error)
        )
        return wire

    @classmethod
    async def process(cls, *command: str) -> Wire:
        pipe = asyncio.subprocess.PIPE
        running = await asyncio.create_subprocess_exec(
            *(command or COMMAND), stdin=pipe, stdout=pipe, stderr=pipe, limit=2**26
        )
        wire = cls(running.stdin.write, running.stdin.close)
        wire.running = running
        wire._task = asyncio.ensure_future(wire._listen(running.stdout))
        return wire

    async def close(self) -> int | None:
        """The client is gone; the exit code of a server in a process of its own."""
        self._end()
        await asyncio.wait_for(self._task, PATIENCE)
        if self.running:
            await asyncio.wait_for(self.running.wait(), PATIENCE)
            return self.running.returncode
        self.server.shutdown()
        return None

    async def meet(self, profile: str | None = None, **params: object) -> dict[str, Any]:
        """initialize and initialized; what the server can do. `params` may have `capabilities`."""
        given = {"processId": None, "rootUri": None, "capabilities": capabilities(profile), **params}
        answer = await self.ask("initialize", given)
        self.tell("initialized", {})
        return answer["capabilities"]

    async def enter(self, *folders: Path, profile: str | None = None, **params: object) -> None:
        """`meet`, with these workspace folders; then it has looked at them."""
        await self.meet(profile, workspaceFolders=[_folder(folder) for folder in folders], **params)
        await self.settled()

    def tell(self, method: str, params: object = None) -> None:
        self.send(frame({"jsonrpc": "2.0", "method": method, "params": params}))

    def put(self, method: str, params: object = None) -> int:
        """Send a request, and wait for nothing; its number."""
        self._number += 1
        self.send(frame({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}))
        return self._number

    async def answered(self, number: object) -> Any:
        """The answer to a request; raises Refused."""
        answer = await self.until(lambda: self.answers.get(number))
        if "error" in answer:
            raise Refused(answer["error"]["code"], answer["error"]["message"])
        return answer["result"]

    async def ask(self, method: str, params: object = None) -> Any:
        return await self.answered(self.put(method, params))

    # what an editor does

    def open(self, path: Path | str, text: str, language: str = "sql") -> None:
        uri = _uri(path)
        self._versions[uri] = 1
        document = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def change(self, path: Path | str, *changes: dict[str, object]) -> int:
        uri = _uri(path)
        self._versions[uri] += 1
        document = {"uri": uri, "version": self._versions[uri]}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": list(changes)})
        return self._versions[uri]

    def rewrite(self, path: Path | str, text: str) -> int:
        return self.change(path, {"text": text})

    def shut(self, path: Path | str) -> None:
        self.tell("textDocument/didClose", {"textDocument": {"uri": _uri(path)}})

    def changed(self, *paths: Path, kind: int = 2) -> None:
        """The editor's watcher has seen files change (2), come (1) or go (3)."""
        events = [{"uri": uri_of(str(path)), "type": kind} for path in paths]
        self.tell("workspace/didChangeWatchedFiles", {"changes": events})

    def regroup(self, added: Iterable[Path] = (), removed: Iterable[Path] = ()) -> None:
        """Workspace folders come and go."""
        event = {"added": [_folder(each) for each in added], "removed": [_folder(each) for each in removed]}
        self.tell("workspace/didChangeWorkspaceFolders", {"event": event})

    async def hover(self, path: Path | str, line: int = 0, character: int = 0) -> Any:
        return await self.ask("textDocument/hover", at(path, line, character))

    async def pull(self, path: Path | str) -> list[dict[str, Any]]:
        return (await self.ask("textDocument/diagnostic", {"textDocument": {"uri": _uri(path)}}))["items"]

    # what it sees

    async def shown(self, path: Path | str, rule: str) -> dict[str, Any]:
        """The diagnostic of a rule, as soon as it has been pushed."""
        return await self.until(lambda: next((d for d in self.pushed(path) if d["code"] == rule), None))

    async def cleared(self, path: Path | str, rule: str = "") -> None:
        """Waits until what was pushed last for a file has nothing of a rule, or nothing at all."""
        uri = _uri(path)
        await self.until(
            lambda: (
                (uri in self.diagnostics and all(rule and d["code"] != rule for d in self.pushed(path)))
                or None
            )
        )

    async def tick(self) -> None:
        """Waits until the server has taken everything in; it may still be at work on it."""
        with suppress(Refused):
            await self.ask("raincheck/nothing")

    async def settled(self) -> None:
        """Waits until the server, which is in this process, has taken everything in and told what follows."""
        await self.tick()
        async with asyncio.timeout(PATIENCE):
            while not self.server.publisher.is_idle:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.001)

    def told(self, path: Path | str, version: int) -> dict[str, Any] | None:
        """What was pushed for a version of a file, if it was."""
        uri = _uri(path)
        sent = (m["params"] for m in self.seen if m["method"] == "textDocument/publishDiagnostics")
        return next((one for one in sent if (one["uri"], one.get("version")) == (uri, version)), None)

    def rules(self, path: Path | str) -> list[str]:
        """The rules of what was pushed last for a file."""
        return [diagnostic["code"] for diagnostic in self.pushed(path)]

    def pushed(self, path: Path | str) -> list[dict[str, Any]]:
        return self.diagnostics.get(_uri(path), {}).get("diagnostics", [])

    @property
    def log(self) -> list[str]:
        return [m["params"]["message"] for m in self.seen if m.get("method") == "window/logMessage"]

    # plumbing

    def take(self, message: dict[str, Any]) -> None:
        """A message of the server has come."""
        if "method" not in message:
            self.answers[message["id"]] = message
        else:
            self.seen.append(message)
            if message["method"] == "textDocument/publishDiagnostics":
                self.diagnostics[message["params"]["uri"]] = message["params"]
            if "id" in message:
                self._answer(message)
        self.news.set()

    def _answer(self, message: dict[str, Any]) -> None:
        said: dict[str, object] = {"result": None}
        if message["method"] == "workspace/configuration":
            said = {"result": [self.settings]}
            if isinstance(self.settings, Exception):
                said = {"error": {"code": METHOD_NOT_FOUND, "message": str(self.settings)}}
        self.send(frame({"jsonrpc": "2.0", "id": message["id"], **said}))

    async def _listen(self, stream: asyncio.StreamReader) -> None:
        while header := await stream.readline():
            if header.startswith(b"Content-Length"):
                size = int(header.split(b":")[1])
                await stream.readline()
                self.take(json.loads(await stream.readexactly(size)))
        self.news.set()


class _Written:
    """The server's end of the pipe."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def write(self, data: bytes) -> None:
        self._wire.take(json.loads(data.split(b"\r\n\r\n", 1)[1]))

    def close(self) -> None:
        """Nothing to close."""


def at(path: Path | str, line: int, character: int) -> dict[str, object]:
    return {"textDocument": {"uri": _uri(path)}, "position": {"line": line, "character": character}}


def _uri(path: Path | str) -> str:
    return path if isinstance(path, str) else uri_of(str(path))


def _folder(path: Path) -> dict[str, str]:
    return {"uri": uri_of(str(path)), "name": path.name}
