"""What changes of owners lock, by who owns what before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.owners import MIGRATING, owned, owner, role, roles_of
from raincheck.locks.dropping import dropped
from raincheck.locks.row import Condition, Selector
from raincheck.locks.selectors import owned_sequences
from raincheck.locks.situation import indexes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Relation
    from raincheck.locks.situation import Situation
    from raincheck.sql.names import Name


def _stays(s: Situation) -> bool:
    """Whether the new owner is known to be the old one."""
    if s.relation is None:
        return False
    old, new = owner(s.schema, s.relation), role(s.node["newowner"])
    return (old or s.session.role) == (new or s.session.role)


def _owned(s: Situation) -> tuple[Relation, ...]:
    """The relations of the roles that REASSIGN OWNED or DROP OWNED names."""
    roles = roles_of(s.node)
    mine = (MIGRATING,) if s.session.role in roles or MIGRATING in roles else ()
    return owned(s.schema, (*roles, *mine))


def _reassigned(s: Situation) -> Iterator[Name]:
    for relation in _owned(s):
        yield relation.name
        yield from indexes_of(s.schema, (relation.name,), partitioned=True)
        yield from owned_sequences(s.schema, relation.name)


def _may_be_others(s: Situation) -> bool:
    return s.session.role is None and MIGRATING not in roles_of(s.node)


def _dropped(s: Situation) -> set[Name]:
    return dropped(s.schema, (relation.name for relation in _owned(s)), s.version, cascade=s.cascade)


SAME_OWNER = Condition("the relation belongs to that role already", _stays)
OTHERS_UNKNOWN = Condition("it is not known who runs the migrations", _may_be_others)

REASSIGNED = Selector("the relations of the role, with indexes and owned sequences", _reassigned)
DROPPED_OWNED = Selector("the relations of the role, and what goes with them", _dropped)
