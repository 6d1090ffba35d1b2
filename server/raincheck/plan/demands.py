"""What a migration demands of the code and the rows that it meets: from the schema before it and the one behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.expressions import columns_in
from raincheck.catalog.schema import Check, ForeignKey, Index, Key, NotNull, Table
from raincheck.catalog.spelling import spelled
from raincheck.locks.words import together
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.catalog.schema import Column, Constraint, Schema
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
            if not any(_required_by(one) == column.name for one in was.constraints):
                yield _written(was.name, now)
            yield _filled(was.name, column.name)
    for column in will.columns:
        if was.column(column.name) is None and column.not_null and _empty(column):
            says = f"{table} has no row, and all code that inserts one writes {always_quoted(column.name)}."
            yield Demand(ROWS, says, f"NOT EXISTS (SELECT FROM {quoted_name(will.name, omit_public=False)})")


def _empty(column: Column) -> bool:
    return column.default is None and column.identity is None and column.generated is None


def _written(table: Name, column: Column) -> Demand:
    how = "with every row that it inserts" if _empty(column) else "never as NULL"
    return Demand(
        CODE, f"All code that runs writes {always_quoted(column.name)} of {quoted_name(table)}, {how}."
    )


def _filled(table: Name, column: str) -> Demand:
    quoted = always_quoted(column)
    says = f"No row of {quoted_name(table)} has NULL in {quoted}."
    broken = f"SELECT FROM {quoted_name(table, omit_public=False)} WHERE {quoted} IS NULL"
    return Demand(ROWS, says, f"NOT EXISTS ({broken})")


def _required_by(constraint: Constraint) -> str | None:
    """The column of a NOT NULL that is not valid yet, or of a check that is nothing but IS NOT NULL."""
    match constraint:
        case NotNull():
            return constraint.column
        case Check() if constraint.expression.node.get("NullTest", {}).get("nulltesttype") == "IS_NOT_NULL":
            return next(iter(columns_in(constraint.expression.node)), None)
    return None


def _constraints(was: Table, will: Table) -> Iterator[Demand]:
    """Those that are new, which new rows meet from now on; and those that are validated now, which all rows meet."""
    for constraint in will.constraints:
        old = was.constraint(constraint.name)
        if old is None and not _is_filled(will, constraint):
            yield from _of_code(was, constraint)
        validated = getattr(constraint, "validated", True)
        if validated and (old is None or not getattr(old, "validated", True)):
            yield from _of_rows(was, constraint)


def _is_filled(will: Table, constraint: Constraint) -> bool:
    """Whether its column is NOT NULL in the end, which demands the same."""
    column = will.column(_required_by(constraint) or "")
    return column is not None and column.not_null


def _of_code(was: Table, constraint: Constraint) -> Iterator[Demand]:
    """What code that writes must see to, of columns that it knows."""
    table = quoted_name(was.name)
    required = _required_by(constraint)
    column = was.column(required) if required is not None else None
    match constraint:
        case Check() | NotNull() if column is not None and not column.not_null:
            yield _written(was.name, column)
        case Check() if required is None and _are_old(was, [*columns_in(constraint.expression.node)]):
            says = f"All code that runs writes rows of {table} that meet {spelled(constraint.expression)}."
            yield Demand(CODE, says)
        case ForeignKey() if _are_old(was, constraint.columns):
            says = f"All code that runs writes only what is in {quoted_name(constraint.table)} into {_listed(constraint.columns)} of {table}."
            yield Demand(CODE, says)


def _of_rows(was: Table, constraint: Constraint) -> Iterator[Demand]:
    match constraint:
        case Check() if _required_by(constraint) is None:
            says = f"Every row of {quoted_name(was.name)} meets the check {always_quoted(constraint.name)}."
            table = quoted_name(was.name, omit_public=False)
            broken = f"SELECT FROM {table} WHERE NOT ({spelled(constraint.expression)})"
            yield Demand(ROWS, says, f"NOT EXISTS ({broken})")
        case Key() if not constraint.nulls_not_distinct and _are_old(was, constraint.columns):
            yield _unique(was.name, constraint.columns)
        case ForeignKey() if constraint.references and _are_old(was, constraint.columns):
            yield _referenced(was.name, constraint)


def _listed(columns: Sequence[str]) -> str:
    return together(always_quoted(column) for column in columns)


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
    says = f"Every {_listed(key.columns)} of {quoted_name(table)} is there in {quoted_name(key.table)}."
    return Demand(ROWS, says, f"NOT EXISTS ({lost})")
