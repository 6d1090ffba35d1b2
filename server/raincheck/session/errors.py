"""What a person must mend before anything can be said.

    SessionError
    ├── UnknownBaseError       git cannot compare with the commit of `--base`
    └── UnknownAppliedError    nobody can tell which migrations are applied

UnknownTagError (session.pending) is raised for a `--since` that names no migration.
"""

from __future__ import annotations


class SessionError(Exception):
    """What is wrong, and what to do, in one or two sentences."""


class UnknownBaseError(SessionError):
    """What is pending was to be told by a commit, and git does not know it or shares nothing with it."""


class UnknownAppliedError(SessionError):
    """Something can only be done with what is applied, and nobody can tell what that is."""
