"""ALTER COLUMN TYPE that PostgreSQL refuses: serial, types that are not there, casts that it does not make, and what hangs on the column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raincheck.catalog import types
from raincheck.catalog.expressions import columns_in
from raincheck.catalog.refusals.comparing import broken
from raincheck.catalog.refusals.refusal import Refusal, known, known_table
from raincheck.catalog.refusals.types import missing_type
from raincheck.catalog.schema import View
from raincheck.catalog.typenames import serial_of
from raincheck.sql.expressions import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.refusals.refusal import Case, What
    from raincheck.catalog.schema import Column, Policy, Schema, Table, Trigger
    from raincheck.sql.names import Name
    from raincheck.sql.nodes import Node

_FEATURE_NOT_SUPPORTED = 15
"""Until then a column that another is generated from is a syntax error."""


def changed(case: Case) -> Iterator[Refusal]:
    definition = case.node["def"]["ColumnDef"]
    if serial_of(definition["typeName"]) is None:
        yield from missing_type(case.schema, definition["typeName"])
    table = known_table(case.schema, case.name)
    column = table.column(case.action.column) if table is not None else None
    old = column.type if column is not None else None
    found = types.change(old, definition, case.schema, case.version, case.action.column).refusal
    if found is not None:
        what: What = "type-is-not-a-type" if found.sqlstate == "42704" else "cast-missing"
        yield Refusal(what, found.sqlstate, found.message)
    if table is not None and column is not None:
        yield from _used(case, table, column.name)
        for each in broken(case):
            yield Refusal("comparison-impossible", "42883", f"operator does not exist: {each.comparison}")


def _used(case: Case, table: Table, column: str) -> Iterator[Refusal]:
    """That something is made of a column. Of several PostgreSQL names the oldest, which is not known."""
    cannot = "cannot alter type of a column used"
    if any(generated_from(table, column)):
        code = "0A000" if case.version >= _FEATURE_NOT_SUPPORTED else "42601"
        yield Refusal("column-used-by-generated", code, f"{cannot} by a generated column")
    if any(views_of(case.schema, table.name, column)):
        yield Refusal("column-used-by-view", "0A000", f"{cannot} by a view or rule")
    if any(policies_of(table, column)):
        yield Refusal("column-used-by-policy", "0A000", f"{cannot} in a policy definition")
    if any(triggers_of(table, column)):
        yield Refusal("column-used-by-trigger", "0A000", f"{cannot} in a trigger definition")


def generated_from(table: Table, column: str) -> Iterator[Column]:
    """The columns that are generated from a column."""
    for each in table.columns:
        if each.generated is not None and column in columns_in(each.generated.expression.node):
            yield each


def triggers_of(table: Table, column: str) -> Iterator[Trigger]:
    """The triggers with a column in UPDATE OF or WHEN. What their functions use does not count."""
    return (each for each in table.triggers if column in (*each.columns, *each.tested))


def policies_of(table: Table, column: str) -> Iterator[Policy]:
    """The policies of a table that are certain to use a column: in a query within, its name may mean something else."""
    for policy in table.policies:
        clauses = [each.node for each in (policy.using, policy.check) if each is not None]
        if any(column in _outside_of_queries(node) for node in clauses):
            yield policy


def _outside_of_queries(node: Node) -> set[str]:
    named: set[str] = set()
    left: list[Any] = [node]
    while left:
        item = left.pop()
        if isinstance(item, list):
            left += item
        elif isinstance(item, dict):
            named |= columns_in({"ColumnRef": item["ColumnRef"]}) if "ColumnRef" in item else set()
            left += (value for key, value in item.items() if key not in {"ColumnRef", "SelectStmt"})
    return named


def views_of(schema: Schema, table: Name, column: str) -> Iterator[View]:
    """The views that are certain to use a column: of others, the query may mean something else by its name."""
    for view in schema.relations.values():
        if (
            isinstance(view, View)
            and (table, column) in view.uses
            and _plain(view.query.node)
            and known(schema, view.name) is not None
        ):
            yield view


def _plain(query: Node) -> bool:
    """Whether each name in a query is a column of what it reads from: no query inside, no name given within it."""
    found = [(tag, body) for tag, body in walk(query) if tag in {"SelectStmt", "RangeFunction", "WithClause"}]
    select = found[0][1] if len(found) == 1 else {}
    named = any(select.get("distinctClause", ())) or select.keys() & {"sortClause", "larg"}
    return found[:1] == [("SelectStmt", select)] and not named
