"""What a migration demands of the code and the rows that it meets: from the schema before it and the one behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Check, ForeignKey, Index, Key, Table
from raincheck.catalog.spelling import spelled
from raincheck.locks.words import together
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.catalog.schema import Column, Schema
    from raincheck.sql.names import Name


@dataclass(frozen=True, slots=True)
class Demand:
    """`of` says who must meet it: the code that runs, or the rows; `query` is true where the rows do, or empty."""

    of: str
    says: str
    query: str = ""


CODE, ROWS = "code", "rows"


def demands(before: Schema, after: Schema) -> tuple[Demand, ...]:
    """What must hold before a database goes from one schema to the other. Of a partitioned table it speaks once."""
    found: list[Demand] = []
    for name in sorted(before.relations):
        was, will = before.relations[name], after.relations.get(name)
        if not isinstance(was, Table) or was is will or was.partition_bound is not None:
            continue
        if will is None:
            found.append(Demand(CODE, f"No code that runs names the table {quoted_name(name)} any more."))
        elif isinstance(will, Table):
            found += [*_columns(was, will), *_constraints(was, will), *_indexes(before, after, was, will)]
    return tuple(found)


def _columns(was: Table, will: Table) -> Iterator[Demand]:
    table = quoted_name(was.name)
    for column in was.columns:
        now, quoted = will.column(column.name), always_quoted(column.name)
        if now is None:
            yield Demand(
                CODE,
                f"No code that runs names {quoted} of {table}. Drizzle names every column that schema.ts has, so it "
                "leaves schema.ts one deploy earlier, at the latest.",
            )
        elif now.type != column.type:
            yield Demand(CODE, f"All code that runs can read and write {quoted} of {table} as its new type.")
        if now is not None and now.not_null and not column.not_null:
            yield from _required(was.name, now)
    for column in will.columns:
        if was.column(column.name) is None and column.not_null and _empty(column):
            says = f"{table} has no row, and all code that inserts one writes {always_quoted(column.name)}."
            yield Demand(ROWS, says, f"NOT EXISTS (SELECT FROM {quoted_name(will.name, omit_public=False)})")


def _empty(column: Column) -> bool:
    return column.default is None and column.identity is None and column.generated is None


def _required(table: Name, column: Column) -> Iterator[Demand]:
    quoted, written = always_quoted(column.name), quoted_name(table, omit_public=False)
    how = "with every row that it inserts" if _empty(column) else "never as NULL"
    yield Demand(CODE, f"All code that runs writes {quoted} of {quoted_name(table)}, {how}.")
    says = f"No row of {quoted_name(table)} has NULL in {quoted}."
    yield Demand(ROWS, says, f"NOT EXISTS (SELECT FROM {written} WHERE {quoted} IS NULL)")


def _constraints(was: Table, will: Table) -> Iterator[Demand]:
    """Those that are new, or validated now: all rows meet them."""
    table = quoted_name(will.name, omit_public=False)
    for constraint in will.constraints:
        old = was.constraint(constraint.name)
        known = old is not None and getattr(old, "validated", True)
        if known or not getattr(constraint, "validated", True):
            continue
        match constraint:
            case Check() if not _is_not_null(constraint):
                says = (
                    f"Every row of {quoted_name(will.name)} meets the check {always_quoted(constraint.name)}."
                )
                broken = f"SELECT FROM {table} WHERE NOT ({spelled(constraint.expression)})"
                yield Demand(ROWS, says, f"NOT EXISTS ({broken})")
            case Key() if not constraint.nulls_not_distinct and _are_old(was, constraint.columns):
                yield _unique(will.name, constraint.columns)
            case ForeignKey() if constraint.references and _are_old(was, constraint.columns):
                yield _referenced(will.name, constraint)


def _is_not_null(check: Check) -> bool:
    """Whether it is the step to a NOT NULL, which is demanded as such."""
    return "NullTest" in check.expression.node


def _are_old(was: Table, columns: Sequence[str]) -> bool:
    return all(was.column(name) is not None for name in columns)


def _indexes(before: Schema, after: Schema, was: Table, will: Table) -> Iterator[Demand]:
    old = {index.name for index in before.indexes(was)}
    for index in after.indexes(will):
        if index.name not in old and _demands(index):
            columns = tuple(element.column for element in index.elements if element.column is not None)
            if _are_old(was, columns):
                yield _unique(will.name, columns)


def _demands(index: Index) -> bool:
    """Whether it is unique over whole columns; one behind a constraint is demanded as that."""
    whole = index.where is None and all(element.column is not None for element in index.elements)
    return index.unique and whole and index.constraint is None and not index.nulls_not_distinct


def _unique(table: Name, columns: Sequence[str]) -> Demand:
    quoted = [always_quoted(column) for column in columns]
    written = quoted_name(table, omit_public=False)
    filled = " AND ".join(f"{column} IS NOT NULL" for column in quoted)
    twice = f"SELECT FROM {written} WHERE {filled} GROUP BY {', '.join(quoted)} HAVING count(*) > 1"
    says = f"No two rows of {quoted_name(table)} have the same {together(quoted)}."
    return Demand(ROWS, says, f"NOT EXISTS ({twice})")


def _referenced(table: Name, key: ForeignKey) -> Demand:
    pairs = list(zip(key.columns, key.references, strict=False))
    equal = " AND ".join(f"parent.{always_quoted(to)} = child.{always_quoted(of)}" for of, to in pairs)
    filled = " AND ".join(f"child.{always_quoted(of)} IS NOT NULL" for of in key.columns)
    child, parent = (quoted_name(name, omit_public=False) for name in (table, key.table))
    lost = f"SELECT FROM {child} AS child WHERE {filled} AND NOT EXISTS (SELECT FROM {parent} AS parent WHERE {equal})"
    of = together(always_quoted(column) for column in key.columns)
    says = f"Every {of} of {quoted_name(table)} is there in {quoted_name(key.table)}."
    return Demand(ROWS, says, f"NOT EXISTS ({lost})")
