"""A language server, spoken to as directly as can be, so that what is measured is the server's time."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

CAPABILITIES: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {"workspaceFolders": True},
    "textDocument": {
        "publishDiagnostics": {
            "versionSupport": True,
            "relatedInformation": True,
            "codeDescriptionSupport": True,
            "dataSupport": True,
        },
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix"]}}},
    },
}
PULLING: dict[str, Any] = {"diagnostic": {}}

Message = dict[str, Any]


class Server:
    """One run of a server. Times are in seconds; `pulls`: ask for diagnostics, where the server does not push them."""

    def __init__(self, command: list[str], folder: Path, *, pulls: bool) -> None:
        self._pulls = pulls
        self._number = 0
        self._shown: list[dict[str, Any]] = []
        self._messages: queue.Queue[tuple[float, Message]] = queue.Queue()
        self.began = time.perf_counter()
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        surroundings = {
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "",
        }  # users have bytecode from the second start on
        self._process = subprocess.Popen(command, cwd=folder, env=surroundings, **pipes)
        threading.Thread(target=self._read, daemon=True).start()
        capabilities = json.loads(json.dumps(CAPABILITIES))
        if pulls:
            capabilities["textDocument"] |= PULLING
        folders = [{"uri": folder.as_uri(), "name": folder.name}]
        params = {"processId": os.getpid(), "rootUri": folder.as_uri(), "workspaceFolders": folders}
        self.request("initialize", {**params, "capabilities": capabilities})
        self.initialized = time.perf_counter() - self.began
        self._send("initialized", {})

    def open(self, path: Path) -> tuple[float, int]:
        """Open a file: the time to its diagnostics, and how many they are."""
        began = time.perf_counter()
        document = {"uri": path.as_uri(), "languageId": "sql", "version": 1, "text": path.read_text()}
        self._send("textDocument/didOpen", {"textDocument": document})
        return self._diagnosed(path, 1, began)

    def type(self, path: Path, version: int, line: int, character: int, text: str) -> tuple[float, int]:
        """Insert a text: the time to the diagnostics of the text with it, and how many they are."""
        began = time.perf_counter()
        place = {"line": line, "character": character}
        change = {"range": {"start": place, "end": place}, "text": text}
        document = {"uri": path.as_uri(), "version": version}
        self._send("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        return self._diagnosed(path, version, began)

    def hover(self, path: Path, line: int, character: int) -> float:
        began = time.perf_counter()
        place = {"line": line, "character": character}
        self.request("textDocument/hover", {"textDocument": {"uri": path.as_uri()}, "position": place})
        return time.perf_counter() - began

    def actions(self, path: Path, line: int, character: int) -> float:
        began = time.perf_counter()
        place = {"line": line, "character": character}
        context = {"diagnostics": [one for one in self._shown if one["range"]["start"]["line"] == line]}
        params = {"textDocument": {"uri": path.as_uri()}, "range": {"start": place, "end": place}}
        self.request("textDocument/codeAction", {**params, "context": context})
        return time.perf_counter() - began

    def memory(self) -> float:
        """What the process, and all that runs from its program's folder, holds in memory, in MB; 0 where /proc is not."""
        return sum(_resident(Path(f"/proc/{one}/status")) for one in self._processes())

    def processor(self) -> float:
        """The processor time that they have taken, in seconds: a busy machine changes it less than the time on the clock."""
        return sum(_processor(Path(f"/proc/{one}/stat")) for one in self._processes())

    def _processes(self) -> set[int]:
        return {self._process.pid, *_running_from(Path(self._process.args[0]).resolve())}

    def stop(self) -> None:
        self.request("shutdown", None)
        self._send("exit", None)
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:  # one of the peers stays
            self._process.kill()
            self._process.wait()

    def request(self, method: str, params: object) -> Message:
        self._number += 1
        number = self._number
        self._send(method, params, id=number)
        return self._wait(lambda message: message.get("id") == number and "method" not in message)[1]

    def _diagnosed(self, path: Path, version: int, began: float) -> tuple[float, int]:
        if self._pulls:
            answer = self.request("textDocument/diagnostic", {"textDocument": {"uri": path.as_uri()}})
            self._shown = answer["result"]["items"]
            return time.perf_counter() - began, len(self._shown)
        uri = path.as_uri()
        then, message = self._wait(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics"
                and message["params"]["uri"] == uri
                and message["params"].get("version", version) == version
            )
        )
        self._shown = message["params"]["diagnostics"]
        return then - began, len(self._shown)

    def _wait(self, wanted: Callable[[Message], bool]) -> tuple[float, Message]:
        while True:
            then, message = self._messages.get(timeout=300)
            if not message:
                raise ConnectionError("the server has ended")
            if wanted(message):
                return then, message
            if "id" in message and "method" in message:
                self._write({"jsonrpc": "2.0", "id": message["id"], "result": None})

    def _send(self, method: str, params: object, **more: object) -> None:
        self._write({"jsonrpc": "2.0", "method": method, "params": params, **more})

    def _write(self, message: Message) -> None:
        body = json.dumps(message).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> None:
        """Takes the time of a message before it is decoded, which is not the server's work."""
        stream = self._process.stdout
        while header := stream.readline():
            length = 0
            while header not in {b"\r\n", b""}:
                name, _, value = header.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
                header = stream.readline()
            body = stream.read(length)
            then = time.perf_counter()
            if body:
                self._messages.put((then, json.loads(body)))
        self._messages.put((time.perf_counter(), {}))


def _running_from(program: Path) -> list[int]:
    """The processes of a program, by /proc."""
    found = []
    for link in Path("/proc").glob("[0-9]*/exe"):
        try:
            if link.readlink() == program:
                found.append(int(link.parent.name))
        except OSError:
            continue
    return found


def _resident(status: Path) -> float:
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def _processor(stat: Path) -> float:
    """User and system time: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html"""
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
