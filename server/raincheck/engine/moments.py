"""The state between two statements, and what transaction control and settings do to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rpds import HashTrieMap

from raincheck.catalog.schema import EMPTY, Schema
from raincheck.engine.enum_values import NONE, EnumValues
from raincheck.engine.step import Opened, Step, Transaction
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence as Many

    from raincheck.project.project import Migration
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


def transacted(moment: Moment, action: Action, step: Step) -> Moment:
    """COMMIT and ROLLBACK leave the transaction, into the query's own where more of the same chunk follows.

    BEGIN inside such a chunk keeps what the chunk has done so far. Source:
    https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
    """
    match action.kind:
        case Kind.COMMIT | Kind.ROLLBACK if action.node.get("chain"):
            return begun(moment, following(moment, "begin"))
        case Kind.COMMIT | Kind.ROLLBACK if alone(step.migration, step.statement):
            left = replace(following(moment, "autocommit"), index=step.transaction.index)
            return begun(moment, left)
        case Kind.COMMIT | Kind.ROLLBACK:
            return begun(moment, following(moment, "chunk"))
        case Kind.BEGIN if step.transaction.opened_by == "chunk":
            return replace(moment, transaction=replace(moment.transaction, opened_by="begin"))
        case Kind.BEGIN if not step.transaction.open:
            return begun(moment, following(moment, "begin"))
        case Kind.SAVEPOINT:
            return replace(moment, savepoints=_savepoints(moment, action.node))
        case Kind.SET:
            return _set(moment, action)
    return moment


def begun(moment: Moment, transaction: Transaction) -> Moment:
    """The moment in which another transaction has begun."""
    return replace(moment, transaction=transaction, began=moment.schema, savepoints=())


def alone(migration: Migration, statement: Statement) -> bool:
    """Whether a statement is the only one of its chunk, so that PostgreSQL opens no transaction around it."""
    statements, at, chunk = migration.document.statements, statement.index, statement.chunk
    follows = at > 0 and statements[at - 1].chunk == chunk
    precedes = at + 1 < len(statements) and statements[at + 1].chunk == chunk
    return not follows and not precedes


def _savepoints(moment: Moment, node: Node) -> tuple[tuple[str, Schema], ...]:
    """A savepoint that is released, or rolled back to, takes those behind it with it; the latter itself stays."""
    name, known = node["savepoint_name"], moment.savepoints
    if node["kind"] == "TRANS_STMT_SAVEPOINT":
        return (*known, (name, moment.schema))
    places = [place for place, (other, _) in enumerate(known) if other == name]
    kept = node["kind"] == "TRANS_STMT_ROLLBACK_TO"
    return known[: places[-1] + kept] if places else known


def following(moment: Moment, opened: Opened) -> Transaction:
    """A transaction that begins where the one of this moment ends, with the settings of the session."""
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
