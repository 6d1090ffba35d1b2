"""Runs a program as a user's shell and as an editor would."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BARE = {"PATH": os.defpath, "HOME": os.environ["HOME"], "LANG": "C.UTF-8"}
"""An environment in which no Python but the system's is found."""


def run(*words: str | Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        cwd=folder,
        env={**BARE, **environment},
        stdin=subprocess.DEVNULL,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def introduces_itself(*words: str | Path, folder: Path, **environment: str) -> dict[str, object]:
    """What a language server says of itself; it has been told to end, and has ended well."""
    messages = [
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"id": 2, "method": "shutdown"},
        {"method": "exit"},
    ]
    sent = b"".join(_framed(message) for message in messages)
    done = subprocess.run(
        words,
        cwd=folder,
        env={**BARE, **environment},
        input=sent,
        check=True,
        capture_output=True,
        timeout=120,
    )
    header, _, rest = done.stdout.partition(b"\r\n\r\n")
    length = int(header.partition(b"Content-Length: ")[2].split(b"\r\n")[0])
    return dict(json.loads(rest[:length])["result"])


def _framed(message: dict[str, object]) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
