"""What a failure leaves behind: `left_behind(project, timeline, step)`.

PostgreSQL takes back the transaction that the failing statement runs in. Whatever an embedded COMMIT, or a driver
without transactions, has made lasting before stays, also without its migration's row in `__drizzle_migrations`; the
next run then starts that file again from its first statement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raincheck.catalog.evolve import evolve
from raincheck.catalog.relations import put
from raincheck.catalog.schema import Index
from raincheck.engine.repeat import repeated
from raincheck.project.project import State
from raincheck.project.runner.states import states
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.engine.step import Step, Transaction
    from raincheck.engine.timeline import Timeline
    from raincheck.locks.effects import Failure
    from raincheck.project.project import Migration, Project
    from raincheck.sql.names import Name


@dataclass(frozen=True, slots=True)
class Stuck:
    """The first statement of the next run that fails because it was run before."""

    step: int
    failure: Failure


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is left of a run that failed. Steps are ordinals of the timeline, migrations are tags."""

    persists: tuple[int, ...]
    """The steps whose work stays, in order; those that open or end a transaction are not counted."""
    recorded: tuple[str, ...]
    """The migrations whose rows stay."""
    invalid: Name | None
    """The INVALID index that a failed CREATE INDEX CONCURRENTLY leaves."""
    again: tuple[str, ...]
    """What the next run will run, in order."""
    lost: tuple[str, ...]
    """What no run will run any more, although the database does not have it: 0.x skips it for ever."""
    schema: Schema
    """What the database has then."""
    stuck: Stuck | None
    """Why running it again cannot work; None where nothing says so."""

    @property
    def repeatable(self) -> bool:
        return self.stuck is None and not self.lost


def left_behind(project: Project, timeline: Timeline, step: Step, *, rows_last: bool = False) -> Aftermath:
    """What stays where `step`, of a pending migration, fails. `rows_last`: the migrator writes all rows at the end."""
    ledger = _Ledger()
    for event in _events(project, timeline, step):
        ledger.take(event)
    ledger.settle(step)
    recorded = () if rows_last else tuple(row.tag for row in ledger.rows)
    first = next((one for one in timeline.steps if one.pending), step)
    invalid = _invalid(step)
    schema = _schema(first.before, ledger.steps, step if invalid else None)
    applied = {m.tag for m in project.migrations if m.state is State.APPLIED} | set(recorded)
    after = states(project.layout, project.migrations, applied)
    again = tuple(migration.tag for migration in after if migration.state is State.PENDING)
    return Aftermath(
        persists=tuple(one.ordinal for one in ledger.steps),
        recorded=recorded,
        invalid=invalid,
        again=again,
        lost=tuple(_lost(project, after)),
        schema=schema,
        stuck=_stuck(timeline, step, schema, set(again)),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A migration's row in `__drizzle_migrations`, written behind its last statement in this transaction."""

    tag: str
    transaction: Transaction


def _events(project: Project, timeline: Timeline, step: Step) -> Iterator[Step | _Row]:
    """The run up to the failing step, rows included; a migration without statements has its row."""
    by_path: dict[str, list[Step]] = {}
    for one in timeline.steps:
        by_path.setdefault(one.migration.path, []).append(one)
    transaction = next((one.transaction for one in timeline.steps if one.pending), step.transaction)
    for migration in project.migrations:
        if not migration.pending:
            continue
        for one in by_path.get(migration.path, ()):
            if one.ordinal >= step.ordinal:
                return
            yield one
            transaction = timeline.moments[one.ordinal].transaction
        yield _Row(migration.tag, transaction)


class _Ledger:
    """What is lasting, and what still hangs on the open transaction."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.rows: list[_Row] = []
        self.index: int | None = None
        self.open: list[Step | _Row] = []
        self.marks: list[tuple[str, int]] = []

    def take(self, event: Step | _Row) -> None:
        self.settle(event)
        if isinstance(event, _Row):
            self.open.append(event)
            return
        ends = [action for action in event.actions if action.kind in _CONTROL]
        for action in ends:
            self.control(action.kind, action.node)
        if not ends:
            self.open.append(event)

    def settle(self, event: Step | _Row) -> None:
        """What comes next runs in another transaction, or in none: the one before it ended well."""
        alone = isinstance(event, _Row) and event.transaction.opened_by not in {"drizzle", "begin"}
        if alone or event.transaction.index != self.index:
            self.commit()
            self.index = None if alone else event.transaction.index

    def commit(self) -> None:
        self.steps += (one for one in self.open if not isinstance(one, _Row))
        self.rows += (one for one in self.open if isinstance(one, _Row))
        self.open, self.marks = [], []

    def control(self, kind: Kind, node: dict[str, object]) -> None:
        name = str(node.get("savepoint_name", ""))
        match kind, node.get("kind"):
            case Kind.COMMIT, _:
                self.commit()
            case Kind.ROLLBACK, _:
                self.open, self.marks = [], []
            case _, "TRANS_STMT_SAVEPOINT":
                self.marks.append((name, len(self.open)))
            case _, "TRANS_STMT_ROLLBACK_TO":
                place = next((at for mark, at in reversed(self.marks) if mark == name), len(self.open))
                del self.open[place:]


_CONTROL = {Kind.BEGIN, Kind.COMMIT, Kind.ROLLBACK, Kind.SAVEPOINT}


def _invalid(step: Step) -> Name | None:
    """The index that a concurrent build leaves behind; one that PostgreSQL refuses in a transaction leaves none."""
    building = [action for action in step.actions if action.kind is Kind.CREATE_INDEX]
    if not building or step.transaction.open or not building[0].node.get("concurrent"):
        return None
    created = [name for name in step.after.relations if name not in step.before.relations]
    return created[0] if created else None


def _schema(schema: Schema, lasting: list[Step], failed: Step | None) -> Schema:
    """The schema that is left. `failed` is the concurrent build that leaves an invalid index."""
    for step in lasting:
        for action in step.actions:
            schema = evolve(schema, action, step.statement.text)
    if failed is None:
        return schema
    before = schema
    for action in failed.actions:
        schema = evolve(schema, action, failed.statement.text)
    made = (schema.relations[name] for name in schema.relations if name not in before.relations)
    return put(schema, *(replace(index, valid=False) for index in made if isinstance(index, Index)))


def _lost(project: Project, after: tuple[Migration, ...]) -> Iterator[str]:
    for old, new in zip(project.migrations, after, strict=True):
        if old.pending and new.state is State.SKIPPED:
            yield old.tag


def _stuck(timeline: Timeline, failing: Step, schema: Schema, again: set[str]) -> Stuck | None:
    """The next run, up to the statement that failed, on what the failed one left."""
    for step in timeline.steps[: failing.ordinal + 1]:
        if not step.pending or step.migration.tag not in again:
            continue
        failure = repeated(step, schema)
        if failure is not None:
            return Stuck(step.ordinal, failure)
        for action in step.actions:
            schema = evolve(schema, action, step.statement.text)
    return None
