"""Makes what a database holds comparable with what migrations make.

What means the same on both sides is given the migrations' own form, so that only what differs is left for
`catalog.diff`; what nobody can compare is given it too, and counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatchmethod
from typing import TYPE_CHECKING, Literal, TypeVar

from rpds import HashTrieMap

from raincheck.catalog.diff import Difference
from raincheck.catalog.schema import (
    Check,
    Column,
    Domain,
    Expression,
    ForeignKey,
    Function,
    Generated,
    Index,
    IndexElement,
    Key,
    NotNull,
    Policy,
    Sequence,
    Table,
    Trigger,
    View,
)
from raincheck.catalog.typenames import BUILTIN
from raincheck.live.drift_forms import same_expression
from raincheck.live.drift_functions import same_definitions
from raincheck.sql.expressions import walk

if TYPE_CHECKING:
    from collections.abc import Sequence as Many

    from raincheck.catalog.schema import Constraint, Relation, Schema, Type, UserType
    from raincheck.sql.names import Name

_T = TypeVar("_T")
_Named = TypeVar("_Named", Column, Policy, Trigger)
_SESSION = {"current_user", "current_role", "session_user"}
_ON, _OFF = {"true", "on", "yes", "1"}, {"false", "off", "no", "0"}
EITHER = "?"
"""What a side says of an aspect that could not be compared."""


@dataclass(frozen=True, slots=True)
class _Place:
    what: str
    of: Name
    part: str = ""


class Alignment:
    """`found` is the database's schema, `replayed` the migrations'. `uncompared` fills as things are aligned."""

    def __init__(self, found: Schema, replayed: Schema) -> None:
        self._found, self._replayed = found, replayed
        self.uncompared: list[Difference] = []

    def schemas(self) -> tuple[Schema, Schema]:
        """Both, ready to be compared."""
        found, replayed = self._found, self._replayed
        relations = replayed.relations
        for name, relation in replayed.relations.items():
            if isinstance(relation, Table):
                relations = relations.insert(name, _without_usual(relation))
        ours = replace(replayed, relations=relations)
        aligned = replace(
            found,
            relations=HashTrieMap(
                {name: self._relation(each, ours) for name, each in found.relations.items()}
            ),
            types=HashTrieMap({name: self._type(each) for name, each in found.types.items()}),
            functions=HashTrieMap({name: self._function(each) for name, each in found.functions.items()}),
        )
        return aligned, ours

    def _relation(self, found: Relation, ours: Schema) -> Relation:
        known = ours.relations.get(found.name)
        if isinstance(found, Table):
            found = _without_usual(found)
        return self._aligned(found, known) if type(known) is type(found) else found

    @singledispatchmethod
    def _aligned(self, found: Relation, _: Relation) -> Relation:
        return found

    @_aligned.register
    def _(self, found: Table, ours: Table) -> Table:
        columns = tuple(self._column(found.name, each, ours) for each in found.columns)
        constraints = tuple(self._constraint(found.name, each, ours) for each in found.constraints)
        if not ours.complete:
            self._leave(_Place("table", found.name), "columns")
            columns = tuple(each for each in columns if ours.column(each.name) is not None)
            constraints = tuple(each for each in constraints if ours.constraint(each.name) is not None)
        place = _Place("table", found.name)
        hint = self._key_type(found, ours)
        return replace(
            ours,
            columns=columns,
            constraints=constraints,
            policies=tuple(self._policy(found.name, each, ours) for each in found.policies),
            triggers=tuple(self._trigger(each, ours) for each in found.triggers),
            rules=_either_order(found.rules, ours.rules),
            row_security=found.row_security,
            force_row_security=found.force_row_security,
            persistence=found.persistence,
            options=_options(found.options, ours.options),
            partition_key=self._expression(place, "partition key", found.partition_key, ours.partition_key),
            partition_bound=self._bound(place, found.partition_bound, ours.partition_bound, hint),
            parents=found.parents,
        )

    @_aligned.register
    def _(self, found: Index, ours: Index) -> Index:
        place = _Place("index", found.name)
        return replace(
            ours,
            table=found.table,
            elements=self._elements(place, found.elements, ours.elements),
            unique=found.unique,
            method=found.method,
            where=self._expression(place, "where", found.where, ours.where),
            include=found.include,
            nulls_not_distinct=found.nulls_not_distinct,
            options=_options(found.options, ours.options),
            constraint=found.constraint,
            parent=found.parent,
            valid=found.valid,
        )

    @_aligned.register
    def _(self, found: View, ours: View) -> View:
        place = _Place("materialized view" if found.materialized else "view", found.name)
        starred = any(tag == "A_Star" for tag, _ in walk(ours.query.node))
        return replace(
            ours,
            query=self._query(place, found, ours),
            materialized=found.materialized,
            columns=ours.columns if starred else found.columns,
            options=_options(found.options, ours.options),
        )

    @_aligned.register
    def _(self, found: Sequence, ours: Sequence) -> Sequence:
        return replace(ours, options=found.options, owned_by=found.owned_by, identity=found.identity)

    def _column(self, table: Name, found: Column, home: Table) -> Column:
        ours = home.column(found.name)
        if ours is None:
            return found
        place, word = _Place("column", table, found.name), _word(found.type)
        identity = found.identity
        if identity is not None and ours.identity is not None:
            identity = replace(ours.identity, always=identity.always)
        return replace(
            ours,
            type=self._same_type(found.type, ours.type),
            not_null=found.not_null,
            default=self._expression(place, "default", _spoken(found.default), _spoken(ours.default), word)
            or _silent(ours.default),
            generated=self._generated(place, found.generated, ours.generated),
            identity=ours.identity if home.partition_bound is not None else identity,
            collation=_collation(found.collation, ours.collation),
        )

    def _generated(self, place: _Place, found: Generated | None, ours: Generated | None) -> Generated | None:
        if found is None or ours is None:
            return found
        expression = self._expression(place, "generated", found.expression, ours.expression)
        return replace(found, expression=expression or found.expression)

    def _constraint(self, table: Name, found: Constraint, home: Table) -> Constraint:
        ours = home.constraint(found.name)
        match found, ours:
            case Check(), Check():
                place = _Place("check", table, found.name)
                expression = self._expression(place, "expression", found.expression, ours.expression)
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
            case Key(), Key():
                return found
        return found

    def _policy(self, table: Name, found: Policy, home: Table) -> Policy:
        ours = _named(home.policies, found.name)
        if ours is None:
            return found
        place = _Place("policy", table, found.name)
        roles = ours.roles if _SESSION & set(ours.roles) else _either_order(found.roles, ours.roles)
        return replace(
            ours,
            permissive=found.permissive,
            command=found.command,
            roles=roles,
            using=self._expression(place, "using", found.using, ours.using),
            check=self._expression(place, "check", found.check, ours.check),
        )

    def _trigger(self, found: Trigger, home: Table) -> Trigger:
        ours = _named(home.triggers, found.name)
        if ours is None:
            return found
        is_known = ours.function in self._replayed.functions
        function = found.function
        if not is_known and found.function.name == ours.function.name:
            function = ours.function
        return replace(found, function=function, events=_either_order(found.events, ours.events))

    def _elements(
        self, place: _Place, found: tuple[IndexElement, ...], ours: tuple[IndexElement, ...]
    ) -> tuple[IndexElement, ...]:
        if len(found) != len(ours):
            return found
        return tuple(self._element(place, *pair) for pair in zip(found, ours, strict=True))

    def _element(self, place: _Place, found: IndexElement, ours: IndexElement) -> IndexElement:
        column, expression = found.column, found.expression
        if ours.expression is not None and column is not None and _is_column(ours.expression, column):
            column, expression = ours.column, ours.expression
        opclass = found.opclass
        if opclass is None and ours.opclass is not None:
            opclass = ours.opclass
            self._leave(place, "operator class")
        elif opclass is not None and ours.opclass is not None and _last(opclass) == _last(ours.opclass):
            opclass = ours.opclass
        collation = found.collation
        if collation is not None and ours.collation is not None and _last(collation) == _last(ours.collation):
            collation = ours.collation
        return replace(
            ours,
            column=column,
            expression=self._expression(place, "elements", expression, ours.expression),
            descending=found.descending,
            nulls_first=found.nulls_first,
            opclass=opclass,
            collation=collation,
        )

    def _query(self, place: _Place, found: View, ours: View) -> Expression:
        """The query; where its tables or columns were renamed since, what the migration wrote is out of date."""
        same = same_expression(ours.query, found.query)
        if same is False and {each.name for each in found.depends_on} == {
            each.name for each in ours.depends_on
        }:
            written = {body["relname"] for tag, body in walk(ours.query.node) if tag == "RangeVar"}
            renamed = {each.name for each in ours.depends_on} - written
            same = None if renamed else False
        return self._settled(place, "query", same, found.query, ours.query)

    def _type(self, found: UserType) -> UserType:
        ours = self._replayed.types.get(found.name)
        if not (isinstance(found, Domain) and isinstance(ours, Domain)):
            return found
        place = _Place("domain", found.name)
        default = self._expression(
            place, "default", _spoken(found.default), _spoken(ours.default), _word(found.base)
        )
        return replace(
            found,
            base=self._same_type(found.base, ours.base),
            default=default or _silent(ours.default),
            checks=tuple(self._domain_check(place, each, ours) for each in found.checks),
            collation=_collation(found.collation, ours.collation),
        )

    def _domain_check(self, place: _Place, found: Check, domain: Domain) -> Check:
        ours = next((each for each in domain.checks if each.name == found.name), None)
        if ours is None:
            return found
        expression = self._expression(place, "checks", found.expression, ours.expression)
        return replace(found, expression=expression or found.expression, local=ours.local)

    def _function(self, found: Function) -> Function:
        ours = self._replayed.functions.get(found.name)
        if ours is None:
            return found
        same = same_definitions(ours.definitions.values(), found.definitions.values())
        if same is None:
            self._leave(_Place("function", found.name), "definitions")
        return replace(found, volatility=ours.volatility) if same is False else ours

    def _same_type(self, found: Type, ours: Type) -> Type:
        """Types that no migration creates, those of extensions say, may lie in any schema."""
        is_foreign = ours.name not in self._replayed.types and ours.name.name not in BUILTIN
        alike = (found.name.name, found.mods, found.dimensions) == (
            ours.name.name,
            ours.mods,
            ours.dimensions,
        )
        return ours if is_foreign and alike else found

    def _key_type(self, found: Table, ours: Table) -> str:
        """The type of the column that a partition's parent is partitioned by; "any" where that is not one column."""
        parent = self._found.relations.get(found.parents[0]) if found.parents else None
        if not isinstance(parent, Table) or parent.partition_key is None:
            return "any"
        named = [
            body["name"]
            for tag, body in walk(parent.partition_key.node)
            if tag == "PartitionElem" and "name" in body
        ]
        column = ours.column(named[0]) if len(named) == 1 else None
        return _word(column.type) if column else "any"

    def _bound(
        self,
        place: _Place,
        found: Expression | Literal["default"] | None,
        ours: Expression | Literal["default"] | None,
        hint: str,
    ) -> Expression | Literal["default"] | None:
        if isinstance(found, Expression) and isinstance(ours, Expression):
            return self._expression(place, "partition bound", found, ours, hint)
        return found

    def _expression(
        self, place: _Place, aspect: str, found: Expression | None, ours: Expression | None, type_: str = ""
    ) -> Expression | None:
        if found is None or ours is None:
            return found
        return self._settled(place, aspect, same_expression(ours, found, type_), found, ours)

    def _settled(self, place: _Place, aspect: str, same: bool | None, found: _T, ours: _T) -> _T:  # noqa: FBT001 - a verdict
        if same is None:
            self._leave(place, aspect)
        return found if same is False else ours

    def _leave(self, place: _Place, aspect: str) -> None:
        self.uncompared.append(Difference(place.what, place.of, place.part, aspect, EITHER, EITHER))


def _without_usual(table: Table) -> Table:
    """The table without the NOT NULL constraints that hold: their columns say it, and names of theirs came with 18."""
    kept = tuple(c for c in table.constraints if not (isinstance(c, NotNull) and c.validated))
    return table if len(kept) == len(table.constraints) else replace(table, constraints=kept)


def _named(things: Many[_Named], name: str) -> _Named | None:
    return next((each for each in things if each.name == name), None)


def _spoken(default: Expression | None) -> Expression | None:
    """A default; NULL is none."""
    return None if default is not None and default.source.strip().upper() == "NULL" else default


def _silent(default: Expression | None) -> Expression | None:
    return default if _spoken(default) is None else None


def _either_order(found: tuple[_T, ...], ours: tuple[_T, ...]) -> tuple[_T, ...]:
    return ours if set(found) == set(ours) else found


def _options(found: HashTrieMap[str, str], ours: HashTrieMap[str, str]) -> HashTrieMap[str, str]:
    """Storage options; a switch may be spelled in several ways, and an option of the TOAST table is not listed."""
    made = HashTrieMap(
        {name: ours[name] if _alike(value, ours.get(name)) else value for name, value in found.items()}
    )
    return ours if dict(made) == dict(ours) else made


def _alike(found: str, ours: str | None) -> bool:
    if ours is None:
        return False
    words = {found.lower(), ours.lower()}
    return len(words) == 1 or words <= _ON or words <= _OFF


def _collation(found: Name | None, ours: Name | None) -> Name | None:
    if found is None:
        return ours if ours is not None and ours.name == "default" else None
    return ours if ours is not None and found.name == ours.name else found


def _is_column(expression: Expression, column: str) -> bool:
    match expression.node:
        case {"ColumnRef": {"fields": [*_, {"String": {"sval": name}}]}}:
            return bool(name == column)
    return False


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _word(type_: Type) -> str:
    return type_.name.name + "[]" * type_.dimensions
