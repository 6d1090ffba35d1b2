"""An UPDATE of many rows taken out of its migration, into a script that does it in batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.expressions import columns_in
from raincheck.catalog.volatility import volatility
from raincheck.engine.finding import Fix
from raincheck.fixes.backfill import backfill_script
from raincheck.fixes.scripts import script_path
from raincheck.fixes.writing import removal
from raincheck.sql.expressions import find_keyword, walk
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Table
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node

_INCOMPARABLE = {"json", "xml", "point", "polygon", "path"}
"""Types without an equality that IS DISTINCT FROM could ask."""

_CLOCKS = {"now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday"}

_RELYING = frozenset(
    {
        Kind.SET_NOT_NULL,
        Kind.ADD_NOT_NULL,
        Kind.ADD_CHECK,
        Kind.ADD_FOREIGN_KEY,
        Kind.ADD_UNIQUE,
        Kind.ADD_PRIMARY_KEY,
        Kind.ADD_EXCLUSION,
        Kind.VALIDATE_CONSTRAINT,
        Kind.CREATE_INDEX,
        Kind.ALTER_COLUMN_TYPE,
        Kind.DROP_COLUMN,
        Kind.DROP_TABLE,
        Kind.RENAME_COLUMN,
        Kind.RENAME_TABLE,
    }
)
"""What may need the rows to be done, of the same table; a plain index does not, and is left out by looking."""

_READING = frozenset({Kind.SELECT, Kind.INSERT, Kind.UPDATE, Kind.DELETE, Kind.MERGE, Kind.DO, Kind.CALL})


def batched_update(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """Take an UPDATE out of the migration, where nothing later in the run relies on it and doing it twice is harmless."""
    table = step.before.table(action.relation) if action.relation else None
    key = table.primary_key if table else None
    parts = _parts(step, action) if table is not None and key is not None else None
    if table is None or key is None or parts is None or _relied_on(analysis, step, table):
        return
    assigned = [target["ResTarget"]["name"] for target in action.node["targetList"]]
    left = _left(step, action, table, parts)
    if not left or set(assigned) & set(key.columns):
        return
    path = script_path(analysis.project, f"{step.migration.tag}_{table.name.name}_{assigned[0]}")
    alias = action.node["relation"].get("alias", {}).get("aliasname", "")
    assignments = ", ".join(f"{always_quoted(name)} = {value}" for name, value in parts.items())
    where = f"({_condition(step, action)}) AND ({left})" if "whereClause" in action.node else left
    script = backfill_script(table.name, key.columns, assignments, where, path=path, alias=alias)
    edits = {step.migration.path: (removal(step.migration.document, step.statement),)}
    title = "Take it out of the migration, into a script that changes the rows in batches"
    yield Fix(title, "manual", edits, {path: script}, preferred=True)


def _parts(step: Step, action: Action) -> dict[str, str] | None:
    """The assigned columns and what they get, as written; None where the UPDATE says more than that."""
    node, text = action.node, step.statement.text
    targets = [target["ResTarget"] for target in node.get("targetList", ())]
    plain = not {"fromClause", "returningList", "withClause"} & node.keys() and not action.guard
    if (
        "--" in text
        or "/*" in text
        or not plain
        or "UpdateStmt" not in (step.statement.node or {})
        or not node["relation"].get("inh")
    ):
        return None
    if any("indirection" in target or "MultiAssignRef" in target["val"] for target in targets):
        return None
    end = _where(text, action)
    starts = [int(target["location"]) for target in targets]
    parts = {}
    for target, start, stop in zip(targets, starts, [*starts[1:], end], strict=True):
        written = text[start:stop].rstrip()
        written = written.removesuffix(",") if stop != end else written
        parts[str(target["name"])] = written[_equals(written) + 1 :].strip()
    return parts


def _where(text: str, action: Action) -> int:
    """Where the WHERE of the UPDATE itself begins; the text's end where there is none."""
    if "whereClause" not in action.node:
        return len(text)
    last = int(action.node["targetList"][-1]["ResTarget"]["location"])
    found = find_keyword(text, "WHERE", last)
    return len(text) if found is None else found


def _condition(step: Step, action: Action) -> str:
    return step.statement.text[_where(step.statement.text, action) + len("WHERE") :].strip()


def _equals(assignment: str) -> int:
    """Where the `=` stands behind the column's name, quoted or not."""
    begin = assignment.index('"', 1) if assignment.startswith('"') else 0
    return assignment.index("=", begin)


def _left(step: Step, action: Action, table: Table, parts: dict[str, str]) -> str:
    """The condition of the rows that are still to do; empty where nobody can tell them from those that are done."""
    conditions = []
    for target in action.node["targetList"]:
        name, value = target["ResTarget"]["name"], target["ResTarget"]["val"]
        column = table.column(name)
        if column is None or column.type.name.name in _INCOMPARABLE or columns_in(value) & {*parts, "*"}:
            return ""
        if "SetToDefault" in value or _changes(step, value):
            return ""
        conditions.append(f"{always_quoted(name)} IS DISTINCT FROM ({parts[name]})")
    return " OR ".join(conditions)


def _changes(step: Step, value: Node) -> bool:
    """Whether an expression gives something else each time: then a row that is done looks like one that is not."""
    clock = any(
        tag == "SQLValueFunction" or (tag == "FuncCall" and body["funcname"][-1]["String"]["sval"] in _CLOCKS)
        for tag, body in walk(value)
    )
    return clock or volatility(value, step.before, step.target) in {"volatile", "unknown"}


def _relied_on(analysis: Analysis, step: Step, table: Table) -> bool:
    """Whether a later statement of the run may need the rows to be done, or reads or writes any."""
    later = (after for after in analysis.timeline.steps[step.ordinal + 1 :] if after.pending)
    return any(
        action.kind in _READING
        or (
            action.kind in _RELYING
            and action.relation is not None
            and after.before.resolve(action.relation) == table.name
            and not (action.kind is Kind.CREATE_INDEX and not action.node.get("unique"))
        )
        for after in later
        for action in after.actions
    )
