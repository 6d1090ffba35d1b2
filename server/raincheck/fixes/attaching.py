"""ATTACH PARTITION with proof: a valid CHECK that says what the bound does, so that nothing is read under the lock."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.catalog import expressions
from raincheck.catalog.schema import Expression, Table
from raincheck.engine.finding import Fix
from raincheck.fixes.new_migration import new_migration
from raincheck.fixes.reordering import same_table
from raincheck.fixes.staging import free_name, proven, transactions
from raincheck.fixes.writing import alone_in_chunk, alone_in_file, in_chunks, line_end, removal, replacement
from raincheck.locks.effects import Work
from raincheck.sql.actions import range_name
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name

_RANGE = re.compile(r"FOR VALUES FROM \((?P<low>[^,]*)\) TO \((?P<high>[^,]*)\)", re.DOTALL)
_LIST = re.compile(r"FOR VALUES IN \((?P<values>.*)\)", re.DOTALL)
_OPEN = {"MINVALUE", "MAXVALUE"}


def partition(step: Step, action: Action) -> Name:
    """The table that ATTACH PARTITION makes a partition of another, or that DETACH PARTITION takes away."""
    return step.before.resolve(range_name(action.node["def"]["PartitionCmd"]["name"]))


def parent(action: Action) -> Name:
    """The table that it is or becomes a partition of, as written."""
    assert action.relation is not None
    return action.relation


def attach_parts(step: Step, action: Action) -> tuple[tuple[str, ...], ...]:
    """The transactions that attach with proof; empty where the bound cannot be told as a check of one column."""
    condition, table = _condition(step, action), step.before.table(partition(step, action))
    effects = step.effects[step.actions.index(action)]
    scanned = {effect.relation for effect in effects.locks if Work.SCAN in effect.work}
    if not condition or table is None or scanned != {table.name} or action.guard:
        return ()
    if table.partition_key is not None:
        return ()
    alter = f"ALTER TABLE {quoted_name(table.name, omit_public=False)}"
    name = free_name(table.name.name, "bound", lambda name: table.constraint(name) is not None)
    attach = (f"{step.statement.text};", f"{alter} DROP CONSTRAINT {always_quoted(name)};")
    return (*proven(alter, name, condition), attach)


def attach_with_proof(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """Prove the bound in transactions of their own, and then attach."""
    parts = attach_parts(step, action)
    if not parts or len(action.statement["cmds"]) > 1:
        return
    document, statement, path = step.migration.document, step.statement, step.migration.path
    chunks = transactions(step, parts)
    own, child = step.before.resolve(parent(action)), partition(step, action)
    if alone_in_chunk(document, statement) and (alone_in_file(step) or not step.transaction.open):
        edit = replacement(document, statement, chunks)
        yield Fix("Prove the bound with a CHECK first", "exact", {path: (edit,)}, preferred=True)
    elif step.transaction.open and all(
        same_table(step.after, analysis.timeline.schema, name) for name in (own, child)
    ):
        text = in_chunks(chunks, line_end(document.text))
        new = new_migration(analysis.project, f"attach_{child.name}", text)
        if new is not None:
            title = "Attach it in a migration of its own, which proves the bound with a CHECK first"
            edits = {path: (removal(document, statement),), **new.edits}
            yield Fix(title, "exact", edits, new.creates, preferred=True)


def _condition(step: Step, action: Action) -> str:
    """What the bound demands, of one column: `"at" IS NOT NULL AND "at" >= '2026-01-01' AND "at" < '2027-01-01'`."""
    column = _key(step, action)
    bound = expressions.bound(action.node["def"]["PartitionCmd"]["bound"], step.statement.text)
    if not column or not isinstance(bound, Expression):
        return ""
    present = f"{column} IS NOT NULL"
    if found := _LIST.fullmatch(bound.source):
        no_null = not any("isnull" in str(datum) for datum in bound.node.get("listdatums", ()))
        return f"{present} AND {column} IN ({found['values'].strip()})" if no_null else ""
    found = _RANGE.fullmatch(bound.source)
    if found is None:
        return ""
    low, high = found["low"].strip(), found["high"].strip()
    ends = [f"{column} {sign} {end}" for sign, end in ((">=", low), ("<", high)) if end.upper() not in _OPEN]
    return " AND ".join((present, *ends))


def _key(step: Step, action: Action) -> str:
    """The one column that the table is partitioned by, quoted; empty for more, for an expression and for a hash."""
    table = step.before.table(parent(action))
    key = table.partition_key if isinstance(table, Table) else None
    elements = key.node.get("partParams", ()) if key is not None else ()
    names = [each["PartitionElem"].get("name", "") for each in elements]
    return always_quoted(names[0]) if len(names) == 1 and names[0] else ""
