"""Relations, schemas and policies that are there already or not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.fixes.numbering import out_of_the_way, sequence_of
from raincheck.rules.replay.refused import Refused
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_TWICE = (
    "If an earlier migration makes the same thing, as after a merge of two branches, delete this statement"
)


class RelationExists(Refused):
    """A table, index, view or sequence is created whose name is taken."""

    name = "relation-exists"
    why = "The earlier migrations have made a relation of this name: tables, indexes, views and sequences share theirs."
    cure = f"{_TWICE}. If it is another thing, give it another name."

    def helped(self, step: Step, action: Action) -> str:
        own = sequence_of(step, action) if action.kind is Kind.ADD_IDENTITY else None
        if own is None or own.identity or own.name.name not in step.statement.text:
            return self.cure
        return out_of_the_way(step, action, own.name)


class RelationMissing(Refused):
    """A statement needs a table, index, view or sequence that is not there."""

    name = "relation-missing"
    why = "An earlier migration dropped it, renamed it, or moved it to another schema."
    cure = (
        "Write the name it has now, or make it first. If it was made by hand, put its CREATE into a migration before "
        "this one (`drizzle-kit generate --custom`), with IF NOT EXISTS for the databases that have it."
    )


class SchemaExists(Refused):
    """A schema is created whose name is taken."""

    name = "schema-exists"
    why = "An earlier migration has made a schema of this name."
    cure = f"{_TWICE}, or write CREATE SCHEMA IF NOT EXISTS."


class SchemaMissing(Refused):
    """A statement needs a schema that was dropped or renamed."""

    name = "schema-missing"
    why = "An earlier migration dropped or renamed it."
    cure = "Write the name it has now, or make it first with CREATE SCHEMA."


class PolicyExists(Refused):
    """A policy is created that its table has already."""

    name = "policy-exists"
    why = "An earlier migration has made a policy of this name on the table."
    cure = f"{_TWICE}. To change a policy, use ALTER POLICY, or DROP POLICY before this."


class PolicyMissing(Refused):
    """A policy is dropped or changed that its table does not have."""

    name = "policy-missing"
    why = "The table has no policy of this name by now."
    cure = "Write the name it has now, or DROP POLICY IF EXISTS; if an earlier migration dropped it, delete this statement."
