from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.locking.index_built import BuildsIndex
from raincheck.rules.phrases import named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class ExclusionBuildsIndex(BuildsIndex):
    """An exclusion constraint of an existing table builds its index under the strongest lock."""

    name = "exclusion-builds-index"
    kinds = frozenset({Kind.ADD_EXCLUSION})

    def what(self, step: Step, action: Action) -> str:  # noqa: ARG002
        return "EXCLUDE builds an index over all rows, and compares each with the others,"

    def fails(self, step: Step, action: Action) -> str:  # noqa: ARG002
        return "A conflict"

    def help(self, step: Step, action: Action) -> str:
        return (
            "PostgreSQL has no form of it that lets others work: neither NOT VALID nor USING INDEX. Add it while "
            f"{named(step, subject(action))} is small, or at a quiet time, as the only statement of its run and with a "
            "lock_timeout. Or add it to a new, empty table, let the code write both, copy the rows in batches, and rename."
        )
