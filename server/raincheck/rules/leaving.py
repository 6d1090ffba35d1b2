"""The pending files that end Drizzle's transaction themselves, and what is committed before their journal row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.evolve import evolve
from raincheck.engine.repeat import repeated
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline

_ENDS = frozenset({Kind.COMMIT, Kind.ROLLBACK})


@dataclass(frozen=True, slots=True)
class LeavingFile:
    """The steps of one pending migration, and those of them that end a transaction block."""

    steps: tuple[Step, ...]
    ends: tuple[Step, ...]
    open_behind: bool
    """Whether a transaction is open again behind its last statement, for Drizzle's row of the migration."""

    @property
    def first(self) -> Step:
        return self.ends[0]

    def committed(self) -> Iterator[tuple[Step, Schema]]:
        """What stays although the file's row may not be written, and the schema when that is lasting."""
        for step in self.steps:
            if control(step):
                continue
            if not step.transaction.open:
                yield step, step.after
                continue
            end = next((one for one in self.ends if one.ordinal > step.ordinal), None)
            if end is not None and commits(end):
                yield step, end.after
            elif step.transaction.opened_by == "chunk":
                yield step, self._chunk_end(step).after

    def _chunk_end(self, step: Step) -> Step:
        chunk = step.statement.chunk
        return next(one for one in reversed(self.steps) if one.statement.chunk == chunk)


def leaving(timeline: Timeline) -> Iterator[LeavingFile]:
    """The pending files in which the transaction of Drizzle's migrator ends, or one that an earlier file opened."""
    if not _ENDS & timeline.acting.keys() or timeline.pending[0].transaction.opened_by != "drizzle":
        return
    for steps in timeline.by_file.values():
        ends = tuple(
            step
            for step in steps
            if kind_of(step) in _ENDS and step.transaction.opened_by in {"drizzle", "begin"}
        )
        if ends:
            last = timeline.moments[steps[-1].ordinal].transaction
            yield LeavingFile(steps, ends, last.opened_by in {"drizzle", "begin"})


def kind_of(step: Step) -> Kind | None:
    return step.actions[0].kind if step.actions else None


def commits(step: Step) -> bool:
    return kind_of(step) is Kind.COMMIT


def control(step: Step) -> bool:
    """Whether a statement only opens, marks or ends a transaction."""
    return kind_of(step) in {*_ENDS, Kind.BEGIN, Kind.SAVEPOINT}


def done_twice(file: LeavingFile, step: Step, lasting: Schema) -> str:
    """What the statement does the second time that it should not; empty where that is nothing, as far as is known."""
    schema = lasting
    for earlier in file.steps:
        if earlier.ordinal >= step.ordinal:
            break
        for action in earlier.actions:
            schema = evolve(schema, action, earlier.statement.text)
    failure = repeated(step, schema)
    if failure is not None:
        return (
            f"This statement then fails: {failure.message} ({failure.sqlstate}), and no deploy gets past it."
        )
    if any(action.kind is Kind.INSERT and _adds(action.node) for action in step.actions):
        return "This statement then adds its rows a second time, or fails where a key forbids that (23505)."
    return ""


def _adds(node: dict[str, dict[str, dict[str, object]]]) -> bool:
    """Whether an INSERT of VALUES takes no care of rows that are there."""
    return "onConflictClause" not in node and "valuesLists" in node.get("selectStmt", {}).get(
        "SelectStmt", {}
    )
