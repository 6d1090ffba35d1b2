"""The same work on many things, in several processes."""

from __future__ import annotations

import gc
import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MOST = 4
"""Each takes some 150 MB."""

Thing = TypeVar("Thing")
Result = TypeVar("Result")


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_several(work: Callable[[Thing], Result], things: Sequence[Thing]) -> Iterator[Result]:
    """What a function, which can be pickled like all that it is given, makes of each thing, in their order.

    This process does what others did not: where none can be started, or one of them was killed.
    """
    from concurrent.futures import ProcessPoolExecutor  # these take time that others need not pay
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    done = 0
    count = min(len(things), processors(), MOST)
    try:
        with ProcessPoolExecutor(count, get_context("spawn"), _begin) as pool:
            with _deaf():
                results = pool.map(work, things)
            for result in results:
                done += 1
                yield result
    except (BrokenProcessPool, NotImplementedError, OSError):
        pass
    yield from map(work, things[done:])


@contextmanager
def _deaf() -> Iterator[None]:
    """What is started meanwhile does not hear Ctrl-C: this process answers it, and not each with a traceback."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _begin() -> None:
    """What such a process does first."""
    gc.disable()  # as the command line does
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows nobody inherits it
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A process that was killed tells those it started nothing, and they would wait for ever."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
