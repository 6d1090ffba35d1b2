"""What goes wrong between us and a server, in one line that holds neither a password nor an address in full.

LiveError
└── NotDisposableError    trace was given a database that nobody said may be written to
"""

from __future__ import annotations


class LiveError(Exception):
    """What is wrong and what to do, in one or two sentences. It names the database, the host and the port at most."""


class NotDisposableError(LiveError):
    """A database that was not declared disposable, or that holds something."""
