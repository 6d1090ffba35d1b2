"""The one thread in which sessions work, so that the event loop always has time for the client."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING

from raincheck.lsp.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from raincheck.lsp.client import Client
    from raincheck.lsp.workspace import Change

    Answer = TypeVar("Answer")


class Background:
    """Jobs run one after the other, each on the newest state: all changes noted before it starts are in it."""

    def __init__(self, client: Client) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="raincheck")
        self._workspace = Workspace(client)
        self._changes: list[Change] = []
        self._guard = Lock()

    def note(self, change: Change) -> None:
        """Keep a change for the next job. Costs nothing now."""
        with self._guard:
            self._changes.append(change)

    async def run(self, job: Callable[[Workspace], Answer]) -> Answer:
        """Do a job and return what it returns. Cancelling takes it out of the queue."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._work, job)

    def stop(self) -> None:
        """Let the running job end, and drop the others."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _work(self, job: Callable[[Workspace], Answer]) -> Answer:
        with self._guard:
            changes, self._changes = self._changes, []
        self._workspace.apply(changes)
        return job(self._workspace)
