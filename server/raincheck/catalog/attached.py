"""What hangs on a table without being part of it: policies, triggers, rules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog import expressions
from raincheck.catalog.relations import created_name, edit, lineage, named_table, put
from raincheck.catalog.schema import Expression, Policy, Trigger
from raincheck.sql.actions import name_of, strings
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from raincheck.catalog.schema import Schema, Table
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node

_NOWHERE = Name("", "")
_ROLES = {
    "ROLESPEC_PUBLIC": "public",
    "ROLESPEC_CURRENT_USER": "current_user",
    "ROLESPEC_CURRENT_ROLE": "current_role",
    "ROLESPEC_SESSION_USER": "session_user",
}
_BEFORE, _INSTEAD = 1 << 1, 1 << 6
EVENTS = {"insert": 1 << 2, "delete": 1 << 3, "update": 1 << 4, "truncate": 1 << 5}
"""Bits of pg_trigger.tgtype."""


def create_policy(schema: Schema, action: Action, text: str) -> Schema:
    node = action.node
    policy = Policy(
        node["policy_name"],
        node.get("permissive", False),
        node.get("cmd_name", "all"),
        roles(node.get("roles", ())),
        _clause(node, "qual", text, "USING"),
        _clause(node, "with_check", text, "CHECK"),
        _relations_in(schema, node),
    )

    def added(table: Table) -> Table:
        taken = any(other.name == policy.name for other in table.policies)
        return table if taken else replace(table, policies=(*table.policies, policy))

    return edit(schema, action.relation or _NOWHERE, added)


def alter_policy(schema: Schema, action: Action, text: str) -> Schema:
    node = action.node

    def altered(policy: Policy) -> Policy:
        return replace(
            policy,
            roles=roles(node["roles"]) if "roles" in node else policy.roles,
            using=_clause(node, "qual", text, "USING") or policy.using,
            check=_clause(node, "with_check", text, "CHECK") or policy.check,
            depends_on=(*_relations_in(schema, node), *_still(policy, node)),
        )

    return _with_policy(schema, action, node["policy_name"], altered)


def rename_policy(schema: Schema, action: Action, _: str) -> Schema:
    return _with_policy(
        schema, action, action.column, lambda policy: replace(policy, name=action.node["newname"])
    )


def drop_policy(schema: Schema, action: Action, _: str) -> Schema:
    def dropped(table: Table) -> Table:
        return replace(table, policies=tuple(each for each in table.policies if each.name != action.column))

    return edit(schema, action.relation or _NOWHERE, dropped)


def create_trigger(schema: Schema, action: Action, text: str) -> Schema:
    """A trigger; one for each row goes to the partitions of a table too."""
    node, table = action.node, named_table(schema, action)
    if table is None:
        return schema
    called = name_of(node["funcname"])
    function = schema.function(called)
    trigger = Trigger(
        node["trigname"],
        function.name if function else created_name(schema, called),
        timing(node.get("timing", 0)),
        tuple(name for name, bit in EVENTS.items() if node["events"] & bit),
        constraint=node.get("isconstraint", False),
        for_each_row=node.get("row", False),
        columns=strings(node.get("columns", [])),
        tested=tuple(sorted(expressions.columns_in(node.get("whenClause")) - {"*"})),
        definition=text,
    )
    taken = any(other.name == trigger.name for other in table.triggers)
    if taken and not node.get("replace", False):
        return schema
    recurses = trigger.for_each_row and table.partition_key is not None
    family = tuple(lineage(schema, table, only=not recurses))
    return put(schema, *(_with_trigger(each, trigger) for each in family))


def rename_trigger(schema: Schema, action: Action, _: str) -> Schema:
    """Since PostgreSQL 15 the partitions' trigger gets the new name too."""
    table, new = named_table(schema, action), action.node["newname"]
    if table is None:
        return schema
    cloned = any(each.name == action.column and each.for_each_row for each in table.triggers)

    def renamed(found: Table) -> Table:
        triggers = (
            replace(each, name=new) if each.name == action.column else each for each in found.triggers
        )
        return replace(found, triggers=tuple(triggers))

    family = tuple(lineage(schema, table, only=not (cloned and table.partition_key is not None)))
    return put(schema, *map(renamed, family))


def drop_trigger(schema: Schema, action: Action, _: str) -> Schema:
    table = named_table(schema, action)
    if table is None:
        return schema
    cloned = any(each.name == action.column and each.for_each_row for each in table.triggers)
    family = tuple(lineage(schema, table, only=not (cloned and table.partition_key is not None)))
    return put(
        schema, *(without_triggers(each, lambda trigger: trigger.name == action.column) for each in family)
    )


def set_trigger_state(schema: Schema, action: Action, _: str) -> Schema:
    """ENABLE and DISABLE TRIGGER of one trigger, or of all."""
    enabled = action.node["subtype"].startswith("AT_Enable")
    every = action.node["subtype"].endswith(("All", "User"))
    table = named_table(schema, action)
    if table is None:
        return schema
    meant = {each.name for each in table.triggers if every or each.name == action.column}
    cloned = meant & {each.name for each in table.triggers if each.for_each_row}

    def switched(found: Table) -> Table:
        names = meant if found is table else cloned
        triggers = (replace(each, enabled=enabled) if each.name in names else each for each in found.triggers)
        return replace(found, triggers=tuple(triggers))

    return put(schema, *map(switched, lineage(schema, table, only=table.partition_key is None)))


def without_triggers(table: Table, gone: Callable[[Trigger], bool]) -> Table:
    """The table without some of its triggers."""
    return replace(table, triggers=tuple(trigger for trigger in table.triggers if not gone(trigger)))


def create_rule(schema: Schema, action: Action, _: str) -> Schema:
    name = action.node["rulename"]
    return edit(
        schema,
        action.relation or _NOWHERE,
        lambda table: table if name in table.rules else replace(table, rules=(*table.rules, name)),
    )


def rename_rule(schema: Schema, action: Action, _: str) -> Schema:
    def renamed(table: Table) -> Table:
        new = action.node["newname"]
        return replace(table, rules=tuple(new if rule == action.column else rule for rule in table.rules))

    return edit(schema, action.relation or _NOWHERE, renamed)


def drop_rule(schema: Schema, action: Action, _: str) -> Schema:
    return edit(
        schema,
        action.relation or _NOWHERE,
        lambda table: replace(table, rules=tuple(rule for rule in table.rules if rule != action.column)),
    )


def roles(specs: Iterable[Node]) -> tuple[str, ...]:
    """The roles of a list of RoleSpec nodes; those that are no names by their keyword."""
    found = (wrapped["RoleSpec"] for wrapped in specs)
    return tuple(_ROLES.get(spec["roletype"]) or spec.get("rolename", "") for spec in found)


def _relations_in(schema: Schema, node: Node) -> tuple[Name, ...]:
    named = expressions.relations_in([node.get("qual"), node.get("with_check")])
    return tuple(schema.resolve(name) for name in named)


def _still(policy: Policy, node: Node) -> tuple[Name, ...]:
    """What a policy names in the clauses that are left as they are."""
    kept = (policy.using is not None and "qual" not in node) or (
        policy.check is not None and "with_check" not in node
    )
    return policy.depends_on if kept else ()


def _clause(node: Node, key: str, text: str, keyword: str) -> Expression | None:
    return Expression(node[key], expressions.parenthesised_after(text, keyword)) if key in node else None


def timing(bits: int) -> str:
    return "before" if bits & _BEFORE else "instead of" if bits & _INSTEAD else "after"


def _with_policy(schema: Schema, action: Action, name: str, change: Callable[[Policy], Policy]) -> Schema:
    def changed(table: Table) -> Table:
        policies = tuple(change(policy) if policy.name == name else policy for policy in table.policies)
        return replace(table, policies=policies)

    return edit(schema, action.relation or _NOWHERE, changed)


def _with_trigger(table: Table, trigger: Trigger) -> Table:
    others = tuple(other for other in table.triggers if other.name != trigger.name)
    return replace(table, triggers=(*others, trigger))
