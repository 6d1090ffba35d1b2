from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.fixes.keys import key_online, online_key
from raincheck.fixes.writing import in_chunks
from raincheck.locks.effects import Work
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
        return _online(step, action)

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
        return _online(step, action)

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        return key_online(analysis, step, action)


def _online(step: Step, action: Action) -> str:
    online = online_key(step, action)
    if online is None:
        return (
            "Build a unique index CONCURRENTLY, in a migration that leaves Drizzle's transaction; then ADD CONSTRAINT ... "
            "USING INDEX, which takes an instant. On a partitioned table do so for each partition first."
        )
    chunks = in_chunks(online.chunks(step))
    where = ", in a migration of its own that leaves Drizzle's transaction" if step.transaction.open else ""
    now = "\n".join(online.first)
    first = f"Now, which reads nothing:\n{now}\nLater" if now else "Build its index CONCURRENTLY first"
    return f"{first}{where}:\n{chunks}{_replacing(step, action)}"


def _replacing(step: Step, action: Action) -> str:
    if step.before.resolve(subject(action)) not in step.transaction.held:
        return ""
    return (
        "\nWhere it replaces one that the run drops, build its index before that, under another name (USING INDEX renames "
        "it): nothing would hold in between."
    )
