"""The fold: all migrations' statements in the order in which Drizzle runs them, each as a step.

Applied migrations come first, whatever their place in the journal, since the database has them; then everything
pending, in one run. Nothing here depends on what follows a step, so an equal beginning is reused.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from rpds import HashTrieMap

from raincheck.catalog.evolve import evolve, in_passes
from raincheck.catalog.schema import EMPTY, Schema
from raincheck.engine.enum_values import NONE, EnumValues, carried
from raincheck.engine.step import Opened, Step, Transaction, held_behind
from raincheck.locks.session import UNKNOWN, Session
from raincheck.project.project import State
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Many

    from raincheck.project.project import Migration, Project
    from raincheck.sql.actions import Action
    from raincheck.sql.document import Statement
    from raincheck.sql.nodes import Node

HISTORY = Transaction(-1, "history")


@dataclass(frozen=True, slots=True)
class Moment:
    """The state between two statements."""

    schema: Schema = EMPTY
    transaction: Transaction = HISTORY
    session: HashTrieMap[str, str] = field(default_factory=HashTrieMap)
    """Settings that outlive the transaction (SET without LOCAL)."""
    first_new_oid: int = EMPTY.next_oid
    on_new_database: EnumValues = NONE
    migration: str = ""
    """The path of the migration that the last statement came from."""
    chunk: int = -1
    began: Schema = EMPTY
    """The schema when the transaction began, to which a ROLLBACK returns."""
    savepoints: tuple[tuple[str, Schema], ...] = ()


@dataclass(frozen=True)
class Timeline:
    """All steps, and how many of them (from the first) were taken over from the timeline before."""

    steps: tuple[Step, ...] = ()
    moments: tuple[Moment, ...] = ()
    """The state behind each step."""
    reused: int = 0

    @cached_property
    def pending(self) -> tuple[Step, ...]:
        """The steps of pending migrations."""
        return tuple(step for step in self.steps if step.pending)

    @cached_property
    def acting(self) -> dict[Kind, list[tuple[Step, int]]]:
        """The pending actions of each kind that there is, in their order: the step, and the action's number in it."""
        found: dict[Kind, list[tuple[Step, int]]] = {}
        for step in self.pending:
            for number, action in enumerate(step.actions):
                found.setdefault(action.kind, []).append((step, number))
        return found

    @cached_property
    def by_file(self) -> dict[str, tuple[Step, ...]]:
        """The pending steps of each file that has some, by its path."""
        return {path: tuple(of) for path, of in groupby(self.pending, key=lambda step: step.migration.path)}

    @property
    def schema(self) -> Schema:
        """The schema behind the last migration that runs."""
        runs = (
            n for n in reversed(range(len(self.steps))) if self.steps[n].migration.state is not State.SKIPPED
        )
        last = next(runs, None)
        return self.moments[last].schema if last is not None else EMPTY


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


def fold(project: Project, conditions: Conditions, previous: Timeline | None = None) -> Timeline:
    """The timeline of a project. `previous` must come from the same conditions; its equal beginning is shared."""
    steps: list[Step] = []
    moments: list[Moment] = []
    old = previous or Timeline()
    moment, reusing, reused = Moment(conditions.start), True, 0
    for migration, statement in _statements(project.migrations):
        ordinal = len(steps)
        if reusing and ordinal < len(old.steps) and _same(old.steps[ordinal], migration, statement):
            steps.append(old.steps[ordinal].moved(migration, statement))
            moment = old.moments[ordinal]
            reused += 1
        else:
            reusing = False
            moment = _enter(moment, migration, statement, conditions)
            step = _step(moment, migration, statement, ordinal, conditions)
            steps.append(step)
            moment = _leave(moment, step)
        moments.append(moment)
    return Timeline(tuple(steps), tuple(moments), reused)


def _statements(migrations: Many[Migration]) -> Iterator[tuple[Migration, Statement]]:
    """Applied, pending, skipped: what no database gets stands where nothing else builds on it."""
    for migration in sorted(migrations, key=_turn):
        for statement in migration.document.statements:
            yield migration, statement


def _turn(migration: Migration) -> int:
    return 2 if migration.state is State.SKIPPED else int(migration.pending)


def _same(step: Step, migration: Migration, statement: Statement) -> bool:
    old = step.migration
    if old is migration:
        return step.statement is statement
    return (
        step.statement.text == statement.text
        and step.statement.chunk == statement.chunk
        and old.path == migration.path
        and old.state is migration.state
        and old.snapshot is migration.snapshot
        and _alone(old, step.statement) == _alone(migration, statement)
    )


def _alone(migration: Migration, statement: Statement) -> bool:
    """Whether a statement is the only one of its chunk, so that PostgreSQL opens no transaction around it."""
    statements, at, chunk = migration.document.statements, statement.index, statement.chunk
    follows = at > 0 and statements[at - 1].chunk == chunk
    precedes = at + 1 < len(statements) and statements[at + 1].chunk == chunk
    return not follows and not precedes


def _step(moment: Moment, migration: Migration, statement: Statement, ordinal: int, on: Conditions) -> Step:
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


def _enter(moment: Moment, migration: Migration, statement: Statement, on: Conditions) -> Moment:
    """The state in which a statement runs: a new file, or a new query outside a transaction, may open another."""
    if moment.migration != migration.path:
        moment = _open_file(moment, migration, on)
    if migration.pending and moment.transaction.opened_by in {"autocommit", "chunk"}:
        same_query = moment.transaction.opened_by == "chunk" and moment.chunk == statement.chunk
        if not same_query:
            opened: Opened = "autocommit" if _alone(migration, statement) else "chunk"
            moment = _begin(moment, _next(moment, opened))
    return moment


def _begin(moment: Moment, transaction: Transaction) -> Moment:
    return replace(moment, transaction=transaction, began=moment.schema, savepoints=())


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
        moment = _begin(replace(moment, first_new_oid=schema.next_oid), run)
    if on.cautious and migration.state is State.UNKNOWN:
        apart = replace(moment.transaction, enum_values=NONE)
        moment = replace(moment, first_new_oid=schema.next_oid, transaction=apart)
    return moment


def _leave(moment: Moment, step: Step) -> Moment:
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
            moment = _transact(moment, action, step)
    return moment


def _transact(moment: Moment, action: Action, step: Step) -> Moment:
    """COMMIT and ROLLBACK leave the transaction, into the query's own where more of the same chunk follows.

    BEGIN inside such a chunk keeps what the chunk has done so far. Source:
    https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
    """
    match action.kind:
        case Kind.COMMIT | Kind.ROLLBACK if action.node.get("chain"):
            return _begin(moment, _next(moment, "begin"))
        case Kind.COMMIT | Kind.ROLLBACK if _alone(step.migration, step.statement):
            left = replace(_next(moment, "autocommit"), index=step.transaction.index)
            return _begin(moment, left)
        case Kind.COMMIT | Kind.ROLLBACK:
            return _begin(moment, _next(moment, "chunk"))
        case Kind.BEGIN if step.transaction.opened_by == "chunk":
            return replace(moment, transaction=replace(moment.transaction, opened_by="begin"))
        case Kind.BEGIN if not step.transaction.open:
            return _begin(moment, _next(moment, "begin"))
        case Kind.SAVEPOINT:
            return replace(moment, savepoints=_savepoints(moment, action.node))
        case Kind.SET:
            return _set(moment, action)
    return moment


def _savepoints(moment: Moment, node: Node) -> tuple[tuple[str, Schema], ...]:
    """A savepoint that is released, or rolled back to, takes those behind it with it; the latter itself stays."""
    name, known = node["savepoint_name"], moment.savepoints
    if node["kind"] == "TRANS_STMT_SAVEPOINT":
        return (*known, (name, moment.schema))
    places = [place for place, (other, _) in enumerate(known) if other == name]
    kept = node["kind"] == "TRANS_STMT_ROLLBACK_TO"
    return known[: places[-1] + kept] if places else known


def _next(moment: Moment, opened: Opened) -> Transaction:
    before = moment.transaction
    return Transaction(
        before.index + 1, opened, settings=moment.session, told=before.told, unlimited=before.unlimited
    )


def _set(moment: Moment, action: Action) -> Moment:
    """SET and SET LOCAL; RESET and SET ... TO DEFAULT take a setting away.

    Source: https://www.postgresql.org/docs/current/sql-set.html
    """
    name, value = action.node.get("name", "").lower(), _value(action.node.get("args", ()))
    local = action.node.get("is_local", False)
    transaction = moment.transaction
    settings, session = transaction.settings, moment.session
    if value is None:
        settings, session = settings.discard(name), session.discard(name)
    else:
        settings = settings.insert(name, value)
        session = session if local else session.insert(name, value)
    return replace(moment, session=session, transaction=replace(transaction, settings=settings))


def _value(arguments: Many[dict[str, object]]) -> str | None:
    match list(arguments):
        case [{"A_Const": {"sval": {"sval": str(text)}}}]:
            return text
        case [{"A_Const": {"ival": {"ival": int(number)}}}]:
            return str(number)
        case [{"A_Const": {"ival": {}}}]:
            return "0"
        case []:
            return None
    return ""
