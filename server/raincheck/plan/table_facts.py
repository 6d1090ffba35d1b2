"""What a table has, as rows of PostgreSQL's catalogs: its columns, constraints, policies, triggers, partitions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog.render import formatted, type_sql
from raincheck.catalog.schema import Check, Exclusion, ForeignKey, Key, NotNull
from raincheck.plan.fact import Fact
from raincheck.sql.names import always_quoted, literal, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Column, Constraint, Policy, Schema, Table, Trigger

Told = tuple[str, str, Fact]
"""The kind, the name of the part, and the fact."""

_ACTIONS = {"no action": "a", "restrict": "r", "cascade": "c", "set null": "n", "set default": "d"}
_COMMANDS = {"all": "*", "select": "r", "insert": "a", "update": "w", "delete": "d"}


def table_facts(schema: Schema, table: Table) -> Iterator[Told]:
    """The table itself, and each of its parts."""
    written = quoted_name(table.name, omit_public=False)
    found = f"to_regclass({literal(written)})"
    kind = "partitioned table" if table.partition_key is not None else "table"
    relkind = "relkind = 'p'" if table.partition_key is not None else "relkind IN ('r', 'f')"
    yield "table", "", Fact(f"{kind} {written}", "pg_class", f"oid = {found}", relkind)
    yield from _settings(table, written, found)
    for column in table.columns:
        if column.local:
            marked = any(isinstance(c, NotNull) and c.column == column.name for c in table.constraints)
            required = column.not_null or marked  # pg_attribute has it also where it is not valid yet
            yield _column(schema, replace(column, not_null=required), written, found)
    for constraint in table.constraints:
        yield from _constraint(constraint, written, found)
    for policy in table.policies:
        yield _policy(policy, written, found)
    for trigger in table.triggers:
        yield _trigger(trigger, written, found)


def _settings(table: Table, written: str, found: str) -> Iterator[Told]:
    """What is on or off of a table, each only where it is on: its absence is what is asked for else."""
    on = {
        "row level security": (table.row_security, "relrowsecurity"),
        "forced row level security": (table.force_row_security, "relforcerowsecurity"),
        "UNLOGGED": (table.persistence == "unlogged", "relpersistence = 'u'"),
    }
    for words, (is_on, column) in on.items():
        if is_on:
            where = f"oid = {found} AND {column}"
            yield "setting", words, Fact(f"{words} of {written}", "pg_class", where, part=True)
    for option, value in table.options.items():
        where = f"oid = {found} AND {literal(f'{option}={value}')} = ANY (reloptions)"
        thing = f"{option} = {value} of {written}"
        yield "option", f"{option}={value}", Fact(thing, "pg_class", where, part=True)
    for parent in table.parents:
        above = quoted_name(parent, omit_public=False)
        where = f"inhrelid = {found} AND inhparent = to_regclass({literal(above)})"
        what = "as a partition" if table.partition_bound is not None else "as a child"
        thing = f"{written} {what} of {above}"
        yield "parent", str(parent), Fact(thing, "pg_inherits", where, part=True)


def _column(schema: Schema, column: Column, written: str, found: str) -> Told:
    where = f"attrelid = {found} AND attname = {literal(column.name)} AND NOT attisdropped"
    given, words_of_it = _given(column)
    must = [_typed(schema, column), "attnotnull" if column.not_null else "NOT attnotnull", given]
    words = [type_sql(column.type), "NOT NULL" if column.not_null else "nullable", *words_of_it]
    expression = column.generated.expression if column.generated is not None else column.default
    shown = "(SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum)"
    thing = f"column {always_quoted(column.name)} of {written}"
    fact = Fact(
        thing, "pg_attribute", where, " AND ".join(must), ", ".join(words), expression, shown, part=True
    )
    return "column", column.name, fact


def _given(column: Column) -> tuple[str, list[str]]:
    """Where its values come from if nobody says them, as a condition and in words."""
    if column.generated is not None:
        return f"attgenerated = '{'s' if column.generated.stored else 'v'}'", ["generated"]
    if column.identity is not None:
        return f"attidentity = '{'a' if column.identity.always else 'd'}'", ["identity"]
    if column.default is not None:
        return "atthasdef AND attgenerated = ''", ["with a default"]
    return "NOT atthasdef AND attidentity = ''", []


def _typed(schema: Schema, column: Column) -> str:
    """Whether the column has its type: by its number where the type is known, else by its name."""
    type_ = column.type
    if type_.name.schema == "pg_catalog":
        as_shown = formatted(type_)
        return f"format_type(atttypid, atttypmod) = {literal(as_shown)}"
    if type_.name in schema.types and not type_.mods:
        return f"atttypid = to_regtype({literal(type_sql(type_))})"
    name = formatted(type_)
    return f"format_type(atttypid, atttypmod) IN ({literal(name)}, {literal(f'{type_.name.schema}.{name}')})"


def _constraint(constraint: Constraint, written: str, found: str) -> Iterator[Told]:
    """Not that of a partition, which comes with its parent's, nor NOT NULL, which is the column's."""
    if isinstance(constraint, NotNull):
        if not constraint.validated:
            yield _unvalidated(constraint, written, found)
        return
    if isinstance(constraint, ForeignKey) and constraint.parent is not None:
        return
    must, words, definition = _of_constraint(constraint)
    fact = Fact(
        f"constraint {always_quoted(constraint.name)} of {written}",
        "pg_constraint",
        f"conrelid = {found} AND conname = {literal(constraint.name)}",
        must,
        words,
        definition,
        "pg_get_constraintdef(oid)",
        part=True,
    )
    yield "constraint", constraint.name, fact


def _unvalidated(constraint: NotNull, written: str, found: str) -> Told:
    """The mark of a NOT NULL that is not valid yet, which goes when it is validated."""
    thing = f"NOT VALID of {always_quoted(constraint.name)} of {written}"
    named = f"conrelid = {found} AND conname = {literal(constraint.name)}"
    fact = Fact(thing, "pg_constraint", f"{named} AND NOT convalidated", part=True)
    return "not valid", constraint.name, fact


def _of_constraint(constraint: Check | ForeignKey | Key | Exclusion) -> tuple[str, str, object]:
    """What must hold of its row, the same in words, and what else it is."""
    match constraint:
        case ForeignKey():
            target = literal(quoted_name(constraint.table, omit_public=False))
            must = (
                f"contype = 'f' AND confrelid = to_regclass({target})"
                f" AND confdeltype = '{_ACTIONS[constraint.on_delete]}'"
                f" AND confupdtype = '{_ACTIONS[constraint.on_update]}'"
            )
            words = f"a foreign key to {quoted_name(constraint.table)}"
            definition = (constraint.columns, constraint.references, constraint.deferrable)
            return (*_valid(must, words, validated=constraint.validated), definition)
        case Check():
            return (
                *_valid("contype = 'c'", "a check", validated=constraint.validated),
                constraint.expression,
            )
        case Key():
            definition = (constraint.columns, constraint.include, constraint.nulls_not_distinct)
            if constraint.primary:
                return "contype = 'p'", "the primary key", definition
            return "contype = 'u'", "unique", definition
        case Exclusion():
            return "contype = 'x'", "an exclusion constraint", None


def _valid(must: str, words: str, *, validated: bool) -> tuple[str, str]:
    if validated:
        return f"{must} AND convalidated", f"{words}, validated"
    return f"{must} AND NOT convalidated", f"{words}, not validated yet"


def _policy(policy: Policy, written: str, found: str) -> Told:
    where = f"polrelid = {found} AND polname = {literal(policy.name)}"
    must = f"polcmd = '{_COMMANDS[policy.command]}' AND {'' if policy.permissive else 'NOT '}polpermissive"
    thing = f"policy {always_quoted(policy.name)} of {written}"
    shown = 'pg_get_expr(polqual, polrelid) AS "using", pg_get_expr(polwithcheck, polrelid) AS with_check'
    words = f"for {policy.command}"
    definition = (policy.using, policy.check, policy.roles)
    return "policy", policy.name, Fact(thing, "pg_policy", where, must, words, definition, shown, part=True)


def _trigger(trigger: Trigger, written: str, found: str) -> Told:
    where = f"tgrelid = {found} AND tgname = {literal(trigger.name)} AND NOT tgisinternal"
    must = f"tgenabled {'<>' if trigger.enabled else '='} 'D'"
    words = "enabled" if trigger.enabled else "disabled"
    thing = f"trigger {always_quoted(trigger.name)} of {written}"
    definition = (trigger.function, trigger.timing, trigger.events, trigger.for_each_row, trigger.columns)
    shown = "pg_get_triggerdef(oid)"
    return (
        "trigger",
        trigger.name,
        Fact(thing, "pg_trigger", where, must, words, definition, shown, part=True),
    )
