from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.fixes.keys import key_online
from raincheck.locks.effects import Work
from raincheck.rules.locking.constraints import index_first
from raincheck.rules.locking.index_built import BuildsIndex
from raincheck.rules.phrases import felt, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class UniqueBuildsIndex(BuildsIndex):
    """A UNIQUE constraint of an existing table builds its index under the strongest lock."""

    name = "unique-builds-index"
    kinds = frozenset({Kind.ADD_UNIQUE})

    def what(self, step: Step, action: Action) -> str:  # noqa: ARG002
        return "UNIQUE builds an index over all rows,"

    def fails(self, step: Step, action: Action) -> str:  # noqa: ARG002
        return "A duplicate"

    def help(self, step: Step, action: Action) -> str:
        return index_first(step, action)

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        return key_online(analysis, step, action)


class PrimaryKeyBuildsIndex(BuildsIndex):
    """A primary key of an existing table builds its index, and looks for NULLs, under the strongest lock."""

    name = "primary-key-builds-index"
    kinds = frozenset({Kind.ADD_PRIMARY_KEY})

    def what(self, step: Step, action: Action) -> str:
        if not felt(step, action, Work.SCAN):
            return "PRIMARY KEY builds an index over all rows,"
        known = step.before.table(subject(action)) is not None
        unless = "" if known else ", unless its columns are NOT NULL already,"
        return f"PRIMARY KEY reads all rows to look for a NULL{unless} and builds an index over all rows,"

    def fails(self, step: Step, action: Action) -> str:
        return "A NULL or a duplicate" if felt(step, action, Work.SCAN) else "A duplicate"

    def help(self, step: Step, action: Action) -> str:
        return index_first(step, action)

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        return key_online(analysis, step, action)
