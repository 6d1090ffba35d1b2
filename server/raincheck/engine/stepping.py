"""One statement of the fold: the state in which it runs, its step, and the state behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raincheck.catalog.evolve import evolve, in_passes
from raincheck.catalog.schema import EMPTY, Schema
from raincheck.engine.enum_values import NONE, carried
from raincheck.engine.moments import HISTORY, Moment, alone, begun, following, transacted
from raincheck.engine.step import Step, Transaction, held_behind
from raincheck.locks.session import UNKNOWN, Session
from raincheck.project.project import State
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from raincheck.engine.step import Opened
    from raincheck.project.project import Migration
    from raincheck.sql.actions import Action
    from raincheck.sql.document import Statement


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the fold depends on besides the migrations. `cautious`: nobody knows what is applied, so only what a
    migration creates itself counts as new. `start` is the schema before all migrations, `session` what is known of
    the session that runs them.
    """

    target: int
    transactional: bool
    cautious: bool
    start: Schema = EMPTY
    session: Session = UNKNOWN


def step_of(moment: Moment, migration: Migration, statement: Statement, ordinal: int, on: Conditions) -> Step:
    """The step of a statement that runs in a state."""
    after = moment.schema
    for action in in_passes(statement.actions):
        undone = _undone(moment, action) if migration.pending else None
        after = undone or evolve(after, action, statement.text)
    if statement.problem is not None:
        after = replace(after, opaque=(*after.opaque, "a statement that cannot be read"))
    transaction = moment.transaction
    return Step(
        ordinal,
        migration,
        statement,
        moment.schema,
        after,
        transaction,
        moment.first_new_oid,
        on.target,
        on_new_database=moment.on_new_database if on.transactional else NONE,
        started=on.session,
    )


def _undone(moment: Moment, action: Action) -> Schema | None:
    """The schema that a ROLLBACK returns to; None for everything else."""
    if action.kind is Kind.ROLLBACK:
        return moment.began
    if action.node.get("kind") == "TRANS_STMT_ROLLBACK_TO" and action.kind is Kind.SAVEPOINT:
        return dict(moment.savepoints).get(action.node["savepoint_name"])
    return None


def enter(moment: Moment, migration: Migration, statement: Statement, on: Conditions) -> Moment:
    """The state in which a statement runs: a new file, or a new query outside a transaction, may open another."""
    if moment.migration != migration.path:
        moment = _open_file(moment, migration, on)
    if migration.pending and moment.transaction.opened_by in {"autocommit", "chunk"}:
        same_query = moment.transaction.opened_by == "chunk" and moment.chunk == statement.chunk
        if not same_query:
            opened: Opened = "autocommit" if alone(migration, statement) else "chunk"
            moment = begun(moment, following(moment, opened))
    return moment


def _open_file(moment: Moment, migration: Migration, on: Conditions) -> Moment:
    schema = migration.snapshot or moment.schema
    transaction = moment.transaction
    if "" in transaction.told:
        transaction = replace(transaction, told=transaction.told - {""})
    moment = replace(moment, schema=schema, transaction=transaction, migration=migration.path, chunk=-1)
    if not migration.pending:
        return replace(moment, first_new_oid=schema.next_oid, transaction=HISTORY)
    if moment.transaction is HISTORY:
        run = Transaction(0, "drizzle") if on.transactional else Transaction(-1, "autocommit")
        moment = begun(replace(moment, first_new_oid=schema.next_oid), run)
    if on.cautious and migration.state is State.UNKNOWN:
        apart = replace(moment.transaction, enum_values=NONE)
        moment = replace(moment, first_new_oid=schema.next_oid, transaction=apart)
    return moment


def leave(moment: Moment, step: Step) -> Moment:
    """The state behind a step; `moment` is the one that it was made in."""
    transaction = held_behind(step) if step.pending else moment.transaction
    on_new_database, transaction = carried(step, transaction)
    moment = replace(
        moment,
        schema=step.after,
        transaction=transaction,
        on_new_database=on_new_database,
        migration=step.migration.path,
        chunk=step.statement.chunk,
    )
    if step.pending:
        for action in step.actions:
            moment = transacted(moment, action, step)
    return moment
