"""The one thread in which sessions work, so that the event loop always has time for the client.

A second one reads what was found last, where that still holds: a hover does not wait for an analysis of other files.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING

from raincheck.engine.haste import HaltedError, Haste
from raincheck.lsp.view import View
from raincheck.lsp.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from raincheck.lsp.client import Client
    from raincheck.lsp.view import Readable
    from raincheck.lsp.workspace import Change

    Answer = TypeVar("Answer")

AT_ONCE = 32
"""How many statements from an edited one on are looked at before the client is told something for the first time."""


class Background:
    """Jobs run one after the other, each on the newest state: all changes noted before it starts are in it.

    A job that has to analyse gives way to a change that is noted meanwhile, and begins again behind the jobs for it.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="raincheck")
        self._readers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="raincheck-reader")
        self._workspace = Workspace(client)
        self._changes: list[Change] = []
        self._guard = Lock()
        self._noted = 0
        """How many changes there have been, and after how many the last one was: of each file, and of all else."""
        self._last: dict[str, int] = {}
        self._last_else = 0
        self._applied = 0
        self._view: tuple[int, View] | None = None

    def note(self, change: Change, edited: str | None = None) -> None:
        """Keep a change for the next job; `edited` is the open file in which it was made. Costs nothing now."""
        with self._guard:
            self._changes.append(change)
            self._noted += 1
            if edited is None:
                self._last_else = self._noted
            else:
                self._last[edited] = self._noted

    async def run(self, job: Callable[[Workspace], Answer], *, hasty: bool = False) -> Answer:
        """Do a job and return what it returns. Cancelling takes it out of the queue.

        `hasty`: what it says of statements behind an edit may be what was said before.
        """
        while True:
            try:
                return await self.attempt(job, hasty=hasty)
            except HaltedError:
                continue

    async def attempt(self, job: Callable[[Workspace], Answer], *, hasty: bool = False) -> Answer:
        """The same, once. Raises HaltedError where it had to give way to a change."""
        steps = AT_ONCE if hasty else None
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._work, job, steps)

    async def read(self, path: str, job: Callable[[Readable], Answer], *, hasty: bool = False) -> Answer:
        """Do a job that looks at one file: at once, where nothing has changed since it was analysed but other files.

        `hasty`: as in `run`, for a job that asks for nothing behind the place of an edit.
        """
        view = self._view_of(path)
        if view is None:
            return await self.run(job, hasty=hasty)
        return await asyncio.get_running_loop().run_in_executor(self._readers, job, view)

    def stop(self) -> None:
        """Let the running job end, and drop the others."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._readers.shutdown(wait=False, cancel_futures=True)

    def _view_of(self, path: str) -> View | None:
        with self._guard:
            if self._view is None:
                return None
            number, view = self._view
            holds = max(self._last.get(path, 0), self._last_else) <= number
        return view if holds and view.subject(path) is not None else None

    def _work(self, job: Callable[[Workspace], Answer], steps: int | None) -> Answer:
        with self._guard:
            changes, self._changes = self._changes, []
            self._applied = self._noted
        self._workspace.apply(changes)
        self._workspace.haste = Haste(steps, self._has_changes)
        answer = job(self._workspace)
        found = self._workspace.analysed()
        if found is not None:
            with self._guard:
                self._view = (self._applied, View(self._client, *found))
        return answer

    def _has_changes(self) -> bool:
        return bool(self._changes)
