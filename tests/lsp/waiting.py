"""Waiting for what a server says: for a message, never for a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    Found = TypeVar("Found")

PATIENCE = 20.0
"""Seconds until a message that does not come fails the test."""


class Waiting:
    """Who sees messages come, and sets `news` after each."""

    def __init__(self) -> None:
        self.news = asyncio.Event()

    async def until(self, look: Callable[[], Found | None]) -> Found:
        """What `look` finds, as soon as it finds something; it looks again after each message."""
        async with asyncio.timeout(PATIENCE):
            while not (found := look()):
                self.news.clear()
                await self.news.wait()
        return found
