"""Runs migrations as Drizzle runs them, statement by statement, and watches each.

Within an open transaction the statements of a chunk are sent one by one, which is the same to PostgreSQL. Outside of
one, several statements in a chunk make a transaction of their own, which is opened for them here. A single statement
outside gets one too, since that changes nothing but for those that PostgreSQL refuses in a block: these are watched
from beside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg.pq import TransactionStatus

from raincheck.catalog.schema import Table
from raincheck.live.observing import Observed, observe, observe_alone, relations
from raincheck.live.prediction import differences, predicted
from raincheck.live.records import Records
from raincheck.live.traced import Left, ProjectTrace, Stop, Traced
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.project.project import Migration
    from raincheck.sql.chunks import Chunk
    from raincheck.sql.names import Name

_CONTROL = {Kind.BEGIN, Kind.COMMIT, Kind.ROLLBACK, Kind.SAVEPOINT}


class StoppedError(Exception):
    """A query of the run failed, so that Drizzle goes no further."""

    def __init__(self, stop: Stop) -> None:
        super().__init__(stop.message)
        self.stop = stop


class Run:
    """One run of the pending migrations, over one session. `beside` is a second session in the same database."""

    def __init__(
        self, connection: psycopg.Connection, beside: psycopg.Connection, analysis: Analysis
    ) -> None:
        self._connection, self._beside, self._analysis = connection, beside, analysis
        self._traced: list[Traced] = []
        self._ours = False
        """Whether a transaction was opened here for a chunk, which PostgreSQL would have opened itself."""

    def trace(self) -> ProjectTrace:
        """Run all that is pending, to the end or to the first failure."""
        analysis = self._analysis
        pending = [migration for migration in analysis.project.migrations if migration.pending]
        records = Records(self._connection, analysis.project.layout)
        records.prepare()
        before = {one.name for one in relations(self._beside).values()}
        stop = self._all(pending, records)
        left = None
        if stop:
            after = {one.name for one in relations(self._beside).values()}
            left = Left(
                tuple(sorted(after - before)), tuple(sorted(before - after)), records.recorded(pending)
            )
        applied = len(analysis.project.migrations) - len(pending)
        return ProjectTrace(analysis, applied, tuple(self._traced), stop, left)

    def _all(self, pending: Sequence[Migration], records: Records) -> Stop | None:
        transactional = self._analysis.settings.runner == "transaction"
        try:
            if transactional:
                self._connection.execute("BEGIN")
            for migration in pending:
                self._migration(migration)
                if transactional:
                    self._send(migration, records.row(migration))
            for migration in () if transactional else pending:
                self._send(migration, records.row(migration))
            if transactional and pending:
                self._send(pending[-1], "COMMIT")
        except StoppedError as stopped:
            self._connection.execute("ROLLBACK")
            return stopped.stop
        return None

    def _migration(self, migration: Migration) -> None:
        steps = self._analysis.steps_by_path.get(migration.path, ())
        for chunk in migration.document.chunks:
            self._chunk(migration, chunk, [step for step in steps if step.statement.chunk == chunk.index])
            self._close(migration)

    def _chunk(self, migration: Migration, chunk: Chunk, steps: Sequence[Step]) -> None:
        query = migration.document.text[chunk.span.start : chunk.span.end]
        whole = any(not _lies_in(step, chunk) for step in steps) or not steps
        if whole or (chunk.index == 0 and migration.document.text.startswith("\ufeff")):
            self._send(migration, query)
        for step in () if whole else steps:
            said = predicted(step)
            seen = self._observed(step)
            self._traced.append(Traced(step, said, seen, differences(said, seen, step)))
            if seen.message is not None:
                raise StoppedError(Stop(migration, query, seen.sqlstate, seen.message))

    def _send(self, migration: Migration, query: str) -> None:
        """A chunk that is no statement, or is broken, goes as it is: the server says what it is."""
        try:
            self._connection.execute(query.encode())
        except psycopg.Error as error:
            message = error.diag.message_primary or str(error)
            raise StoppedError(Stop(migration, query, error.sqlstate, message)) from None

    def _observed(self, step: Step) -> Observed:
        text = step.statement.text
        if any(action.kind in _CONTROL for action in step.actions):
            self._ours = self._ours and any(action.kind is Kind.SAVEPOINT for action in step.actions)
            return self._control(text)
        if self._status is TransactionStatus.IDLE:
            if any(effects.outside_transaction for effects in step.effects) and not step.transaction.open:
                return observe_alone(self._connection, self._beside, text, _tables(step))
            self._connection.execute("BEGIN")
            self._ours = True
        return observe(self._connection, text)

    def _control(self, text: str) -> Observed:
        """A statement that opens or ends a transaction takes no locks."""
        try:
            self._connection.execute(text.encode())
        except psycopg.Error as error:
            return Observed(sqlstate=error.sqlstate, message=error.diag.message_primary or str(error))
        return Observed()

    def _close(self, migration: Migration) -> None:
        """End what was opened here for a chunk."""
        if self._ours:
            self._ours = False
            self._send(migration, "COMMIT")

    @property
    def _status(self) -> TransactionStatus:
        return self._connection.info.transaction_status


def _lies_in(step: Step, chunk: Chunk) -> bool:
    """Whether a statement can be sent by itself: it is whole, and PostgreSQL's grammar reads it."""
    return step.statement.problem is None and step.statement.span.end <= chunk.span.end


def _tables(step: Step) -> Iterable[Name]:
    """The tables that a statement locks, and that were there before."""
    return [name for name in step.locks if isinstance(step.before.relations.get(name), Table)]
