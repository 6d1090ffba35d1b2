"""Noticing that the editor is gone where the end of standard input does not tell: another process may hold its pipe."""

from __future__ import annotations

import asyncio
import os
import sys

PAUSE = 2.0
"""Seconds between two looks, where the system does not tell by itself."""


def lives(pid: int) -> bool:
    """Whether there is such a process; on Windows, where looking would end it, always False."""
    if sys.platform == "win32" or pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


async def end_of(pid: int) -> None:
    """Returns when a process has ended, also where nobody has collected it yet, if the system can tell that."""
    if sys.platform == "linux":
        try:
            handle = os.pidfd_open(pid)
        except OSError:  # an old kernel
            pass
        else:
            await _readable(handle)
            return
    while lives(pid):  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(PAUSE)


async def _readable(handle: int) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(handle, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(handle)
        os.close(handle)
