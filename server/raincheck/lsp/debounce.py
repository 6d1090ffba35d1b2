"""Waiting for many small things to be over before doing one: git and drizzle-kit write files one by one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

QUIET = 0.1
"""Seconds without news after which something is taken to be over."""
LONGEST = 1.0
"""Seconds after which it is not waited for any more."""


class Debounce:
    """Makes one call for all news that come close together. Used from the event loop's thread alone."""

    def __init__(self, then: Callable[[], None]) -> None:
        self._then = then
        self._timer: asyncio.TimerHandle | None = None
        self._latest = 0.0

    @property
    def is_awaited(self) -> bool:
        return self._timer is not None

    def heard(self) -> None:
        """There is news."""
        loop = asyncio.get_running_loop()
        if self._timer is None:
            self._latest = loop.time() + LONGEST
        elif loop.time() >= self._latest:
            return  # the call is due, and only waits for its turn
        else:
            self._timer.cancel()
        self._timer = loop.call_at(min(loop.time() + QUIET, self._latest), self._over)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _over(self) -> None:
        self._timer = None
        self._then()
