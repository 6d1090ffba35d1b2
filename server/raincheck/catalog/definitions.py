"""Catalog objects as the statements that create them. What the catalog does not keep of one is not in its statement."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from raincheck.catalog.render import type_sql
from raincheck.catalog.schema import (
    Check,
    Composite,
    Constraint,
    Domain,
    Enum,
    Exclusion,
    ForeignKey,
    Key,
    NotNull,
    View,
)
from raincheck.catalog.spelling import spelled
from raincheck.sql.names import Name, always_quoted, literal, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rpds import HashTrieMap

    from raincheck.catalog.schema import (
        Column,
        Index,
        IndexElement,
        Policy,
        Sequence,
        SequenceOptions,
        Table,
        Type,
        UserType,
    )

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*|-?[0-9.]+")


def relation_sql(name: Name) -> str:
    """A relation's name with its schema, as a statement of a rollback or a repair writes it."""
    return quoted_name(name, omit_public=False)


def altered(table: Table) -> str:
    """`ALTER TABLE "public"."users"`."""
    return f"ALTER TABLE {relation_sql(table.name)}"


def column_sql(column: Column) -> str:
    """A column as CREATE TABLE and ADD COLUMN write it."""
    words = [always_quoted(column.name), type_sql(column.type)]
    if column.collation is not None:
        words.append(f"COLLATE {_collation(column.collation)}")
    if column.generated is not None:
        kind = "STORED" if column.generated.stored else "VIRTUAL"
        words.append(f"GENERATED ALWAYS AS ({spelled(column.generated.expression)}) {kind}")
    elif column.identity is not None:
        how = "ALWAYS" if column.identity.always else "BY DEFAULT"
        named = [f"SEQUENCE NAME {relation_sql(column.identity.sequence)}"]
        options = " ".join([*named, *_sequence_options(column.identity.options, typed=False)])
        words.append(f"GENERATED {how} AS IDENTITY ({options})")
    elif column.default is not None:
        words.append(f"DEFAULT {column_default(column)}")
    return " ".join([*words, *["NOT NULL"] * column.not_null])


def column_default(column: Column) -> str:
    """What SET DEFAULT takes to give a column its default; empty where it has none."""
    if column.default is None or column.generated is not None:
        return ""
    match column.default.node:
        case {"TypeCast": {"arg": {"A_Const": {"sval": {"sval": str(text)}}}}} if _is_own(column.type):
            return f"{literal(text)}::{type_sql(column.type)}"  # the type may be called otherwise by now
    return spelled(column.default)


def _is_own(type_: Type) -> bool:
    return type_.name.schema != "pg_catalog"


def constraint_sql(constraint: Constraint, index: Index | None = None) -> str:
    """A constraint as ADD CONSTRAINT takes it, with its name; of an exclusion also by its index."""
    return f"CONSTRAINT {always_quoted(constraint.name)} {_constraint(constraint, index)}"


def _constraint(constraint: Constraint, index: Index | None) -> str:
    match constraint:
        case Check():
            words = [f"CHECK ({spelled(constraint.expression)})", *["NO INHERIT"] * constraint.no_inherit]
            return " ".join([*words, *_proof(constraint)])
        case Key():
            return _key(constraint)
        case ForeignKey():
            return _foreign_key(constraint)
        case NotNull():
            return f"NOT NULL {always_quoted(constraint.column)}" + " NOT VALID" * (not constraint.validated)
        case Exclusion():
            return _exclusion(constraint, index)
        case _:
            assert_never(constraint)


def _key(key: Key) -> str:
    distinct = " NULLS NOT DISTINCT" if key.nulls_not_distinct else ""
    words = [f"{'PRIMARY KEY' if key.primary else f'UNIQUE{distinct}'} ({_columns(key.columns)})"]
    if key.include:
        words.append(f"INCLUDE ({_columns(key.include)})")
    return " ".join([*words, *["DEFERRABLE"] * key.deferrable])


def _foreign_key(key: ForeignKey) -> str:
    referenced = f" ({_columns(key.references)})" if key.references else ""
    words = [f"FOREIGN KEY ({_columns(key.columns)}) REFERENCES {relation_sql(key.table)}{referenced}"]
    for event, what in (("DELETE", key.on_delete), ("UPDATE", key.on_update)):
        if what != "no action":
            words.append(f"ON {event} {what.upper()}")
    words += ["DEFERRABLE"] * key.deferrable + ["INITIALLY DEFERRED"] * key.initially_deferred
    return " ".join([*words, *_proof(key)])


def _exclusion(exclusion: Exclusion, index: Index | None) -> str:
    if index is None:
        return ""
    pairs = zip(index.elements, exclusion.operators, strict=False)
    parts = ", ".join(f"{_element(element)} WITH {operator}" for element, operator in pairs)
    where = f" WHERE ({spelled(index.where)})" if index.where is not None else ""
    return f"EXCLUDE USING {index.method} ({parts}){where}"


def _proof(constraint: Check | ForeignKey) -> list[str]:
    if not constraint.enforced:
        return ["NOT ENFORCED"]
    return ["NOT VALID"] * (not constraint.validated)


def index_sql(index: Index) -> str:
    """CREATE INDEX, without a semicolon."""
    unique = " UNIQUE" * index.unique
    words = [
        f"CREATE{unique} INDEX {always_quoted(index.name.name)} ON {relation_sql(index.table)}",
        f"USING {index.method} ({', '.join(map(_element, index.elements))})",
    ]
    words += [f"INCLUDE ({_columns(index.include)})"] * bool(index.include)
    words += ["NULLS NOT DISTINCT"] * index.nulls_not_distinct
    words += [_with(index.options)] * bool(index.options)
    if index.where is not None:
        words.append(f"WHERE {spelled(index.where)}")
    return " ".join(words)


def _element(element: IndexElement) -> str:
    what = f"({spelled(element.expression)})" if element.expression else always_quoted(element.column or "")
    words = [what, *[f"COLLATE {element.collation}"] * bool(element.collation)]
    words += [element.opclass] if element.opclass else []
    words += ["DESC"] * element.descending
    if element.nulls_first != element.descending:
        words.append("NULLS FIRST" if element.nulls_first else "NULLS LAST")
    return " ".join(words)


def table_sql(table: Table, constraints: Iterable[str]) -> str:
    """CREATE TABLE with its columns and some constraints, as SQL, without a semicolon. A partition is attached later."""
    named = {each.column for each in table.constraints if isinstance(each, NotNull)}
    parts = [
        column_sql(replace(column, not_null=False) if column.name in named else column)
        for column in table.columns
    ]
    parts += constraints
    kind = {"unlogged": "UNLOGGED ", "temporary": "TEMPORARY "}.get(table.persistence, "")
    body = "(\n\t" + ",\n\t".join(parts) + "\n)" if parts else "()"
    words = [f"CREATE {kind}TABLE {relation_sql(table.name)} {body}"]
    if table.partition_key is not None:
        words.append(f"PARTITION BY {spelled(table.partition_key)}")
    return " ".join([*words, *[_with(table.options)] * bool(table.options)])


def view_sql(view: View) -> str:
    """CREATE VIEW or CREATE MATERIALIZED VIEW, without a semicolon."""
    named = bool(view.columns) and "?column?" not in view.columns
    words = [f"CREATE {'MATERIALIZED ' * view.materialized}VIEW {relation_sql(view.name)}"]
    words += [f"({_columns(view.columns)})"] * named
    options, check = view.options, view.options.get("check_option")
    if check is not None:
        options = options.remove("check_option")
    words += [_with(options)] * bool(options)
    words.append(f"AS {spelled(view.query)}")
    words += [f"WITH {(check or '').upper()} CHECK OPTION"] * (check is not None)
    return " ".join([*words, *["WITH NO DATA"] * (view.materialized and not view.populated)])


def sequence_sql(sequence: Sequence) -> str:
    """CREATE SEQUENCE, without a semicolon and without what owns it."""
    words = [f"CREATE SEQUENCE {relation_sql(sequence.name)}", *_sequence_options(sequence.options)]
    return " ".join(words)


def _sequence_options(options: SequenceOptions, *, typed: bool = True) -> list[str]:
    words = [f"AS {options.type}"] if typed and options.type else []
    for word, value in (
        ("INCREMENT BY", options.increment),
        ("MINVALUE", options.minimum),
        ("MAXVALUE", options.maximum),
        ("START WITH", options.start),
        ("CACHE", options.cache),
    ):
        if value is not None:
            words.append(f"{word} {value}")
    return [*words, *["CYCLE"] * options.cycle]


def changed_options(now: SequenceOptions, then: SequenceOptions) -> list[str]:
    """What ALTER SEQUENCE says to turn one into the other."""
    usual = {"increment": "INCREMENT BY 1", "minimum": "NO MINVALUE", "maximum": "NO MAXVALUE"}
    usual |= {"cache": "CACHE 1", "start": "START WITH 1"}
    words = {"increment": "INCREMENT BY", "minimum": "MINVALUE", "maximum": "MAXVALUE"}
    words |= {"start": "START WITH", "cache": "CACHE"}
    changes = [f"AS {then.type or 'bigint'}"] if now.type != then.type else []
    for name, word in words.items():
        value = getattr(then, name)
        if getattr(now, name) != value:
            changes.append(usual[name] if value is None else f"{word} {value}")
    if now.cycle != then.cycle:
        changes.append("CYCLE" if then.cycle else "NO CYCLE")
    return changes


def policy_sql(policy: Policy, table: Name) -> str:
    """CREATE POLICY, without a semicolon."""
    kind = "PERMISSIVE" if policy.permissive else "RESTRICTIVE"
    words = [f"CREATE POLICY {always_quoted(policy.name)} ON {relation_sql(table)} AS {kind}"]
    words += [f"FOR {policy.command.upper()} TO {', '.join(map(_role, policy.roles))}"]
    words += [f"USING ({spelled(policy.using)})"] if policy.using is not None else []
    words += [f"WITH CHECK ({spelled(policy.check)})"] if policy.check is not None else []
    return " ".join(words)


def _role(role: str) -> str:
    return role if role in {"public", "current_user", "current_role", "session_user"} else always_quoted(role)


def type_definition(found: UserType) -> str:
    """CREATE TYPE or CREATE DOMAIN, without a semicolon; empty where only the name is known."""
    match found:
        case Enum():
            return f"CREATE TYPE {relation_sql(found.name)} AS ENUM ({', '.join(map(literal, found.values))})"
        case Domain():
            return _domain(found)
        case Composite():
            return ""
        case _:
            assert_never(found)


def _domain(domain: Domain) -> str:
    words = [f"CREATE DOMAIN {relation_sql(domain.name)} AS {type_sql(domain.base)}"]
    words += [f"COLLATE {_collation(domain.collation)}"] if domain.collation else []
    words += [f"DEFAULT {spelled(domain.default)}"] if domain.default else []
    words += ["NOT NULL"] * domain.not_null
    return " ".join([*words, *(constraint_sql(check) for check in domain.checks if check.validated)])


def _columns(names: Iterable[str]) -> str:
    return ", ".join(map(always_quoted, names))


def _collation(name: Name) -> str:
    return quoted_name(name) if name.schema else always_quoted(name.name)


def _with(options: HashTrieMap[str, str]) -> str:
    written = (f"{name} = {_option(value)}" for name, value in sorted(options.items()))
    return f"WITH ({', '.join(written)})"


def _option(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else literal(value)
