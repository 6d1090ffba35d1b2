"""The parts of a table, and the keys of an index, made comparable with those that the migrations make."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from raincheck.catalog.schema import Check, Column, ForeignKey, Generated, IndexElement, Policy, Trigger
from raincheck.catalog.typenames import BUILTIN
from raincheck.live.drift_judge import Place, collation, either_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.catalog.schema import Constraint, Expression, Schema, Table
    from raincheck.live.drift_judge import Judge

_Named = TypeVar("_Named", Column, Policy, Trigger)
_SESSION = {"current_user", "current_role", "session_user"}
_USUAL_CLASSES = {f"{name}_ops" for name in (*BUILTIN, "array", "enum", "multirange", "range", "record")}
"""The operator classes that are their types' defaults, which the server does not print."""
_UNUSUAL_CLASSES = ("_pattern_ops", "jsonb_path_ops")


def column(judge: Judge, found: Column, home: Table) -> Column:
    ours = home.column(found.name)
    if ours is None:
        return found
    place = Place("column", home.name, found.name)
    identity = found.identity
    if identity is not None and ours.identity is not None:
        identity = replace(ours.identity, always=identity.always)
    return replace(
        ours,
        type=judge.type(found.type, ours.type),
        not_null=found.not_null,
        default=judge.default(place, found.default, ours.default, found.type),
        generated=_generated(judge, place, found.generated, ours.generated),
        identity=ours.identity if home.partition_bound is not None else identity,
        collation=collation(found.collation, ours.collation),
    )


def constraint(judge: Judge, found: Constraint, home: Table) -> Constraint:
    ours = home.constraint(found.name)
    match found, ours:
        case Check(), Check():
            place = Place("check", home.name, found.name)
            expression = judge.expression(place, "expression", found.expression, ours.expression)
            return replace(found, expression=expression or found.expression, local=ours.local)
        case ForeignKey(), ForeignKey():
            return replace(
                ours,
                columns=found.columns,
                table=found.table,
                references=found.references if ours.references else (),
                on_delete=found.on_delete,
                on_update=found.on_update,
                validated=found.validated,
                enforced=found.enforced,
                deferrable=found.deferrable,
                initially_deferred=found.initially_deferred,
            )
    return found


def policy(judge: Judge, found: Policy, home: Table) -> Policy:
    """A policy; CURRENT_USER and its kin are stored as the role that they were when it was made."""
    ours = _named(home.policies, found.name)
    if ours is None:
        return found
    place = Place("policy", home.name, found.name)
    return replace(
        ours,
        permissive=found.permissive,
        command=found.command,
        roles=ours.roles if _SESSION & set(ours.roles) else either_order(found.roles, ours.roles),
        using=judge.expression(place, "using", found.using, ours.using),
        check=judge.expression(place, "check", found.check, ours.check),
    )


def trigger(replayed: Schema, found: Trigger, home: Table) -> Trigger:
    """A trigger; the function of one may lie in any schema where no migration creates it."""
    ours = _named(home.triggers, found.name)
    if ours is None:
        return found
    is_foreign = ours.function not in replayed.functions and found.function.name == ours.function.name
    function = ours.function if is_foreign else found.function
    return replace(found, function=function, events=either_order(found.events, ours.events))


def elements(
    judge: Judge, place: Place, found: tuple[IndexElement, ...], ours: tuple[IndexElement, ...]
) -> tuple[IndexElement, ...]:
    if len(found) != len(ours):
        return found
    return tuple(_element(judge, place, *pair) for pair in zip(found, ours, strict=True))


def _element(judge: Judge, place: Place, found: IndexElement, ours: IndexElement) -> IndexElement:
    column, expression = found.column, found.expression
    if ours.expression is not None and column is not None and _is_column(ours.expression, column):
        column, expression = ours.column, ours.expression
    return replace(
        ours,
        column=column,
        expression=judge.expression(place, "elements", expression, ours.expression),
        descending=found.descending,
        nulls_first=found.nulls_first,
        opclass=_operator_class(judge, place, found.opclass, ours.opclass),
        collation=ours.collation if _last(found.collation) == _last(ours.collation) else found.collation,
    )


def _operator_class(judge: Judge, place: Place, found: str | None, ours: str | None) -> str | None:
    if found is not None or ours is None:
        return ours if _last(found) == _last(ours) else found
    if ours.endswith(_UNUSUAL_CLASSES):
        return None
    if _last(ours) not in _USUAL_CLASSES:
        judge.leave(place, "operator class")
    return ours


def _generated(
    judge: Judge, place: Place, found: Generated | None, ours: Generated | None
) -> Generated | None:
    if found is None or ours is None:
        return found
    expression = judge.expression(place, "generated", found.expression, ours.expression)
    return replace(found, expression=expression or found.expression)


def _named(things: Iterable[_Named], name: str) -> _Named | None:
    return next((each for each in things if each.name == name), None)


def _is_column(expression: Expression, column: str) -> bool:
    match expression.node:
        case {"ColumnRef": {"fields": [*_, {"String": {"sval": name}}]}}:
            return bool(name == column)
    return False


def _last(name: str | None) -> str | None:
    return None if name is None else name.rpartition(".")[2]
