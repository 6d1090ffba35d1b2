from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, listed, named
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node

_WORDS = {
    "ROLESPEC_PUBLIC": "PUBLIC",
    "ROLESPEC_CURRENT_USER": "CURRENT_USER",
    "ROLESPEC_SESSION_USER": "SESSION_USER",
    "ROLESPEC_CURRENT_ROLE": "CURRENT_ROLE",
}


class PrivilegeRevoked(AllowableRule):
    """A privilege is taken from a role that may be using it."""

    name = "privilege-revoked"
    severity = Severity.RISK
    kinds = frozenset({Kind.GRANT})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        node, on = action.node, action.relation
        if node.get("is_grant") or not certain(action) or (on is not None and not step.exists(on)):
            return
        roles = listed([_role(each["RoleSpec"]) for each in node.get("grantees") or node["grantee_roles"]])
        if "granted_roles" in node:
            what = "the role " + listed([_quoted(each) for each in node["granted_roles"]])
        else:
            what = ", ".join(
                each["AccessPriv"].get("priv_name", "").upper() for each in node.get("privileges", ())
            )
            what = f"{what or 'ALL'} on {named(step, on) if on is not None else 'these'}"
        message = (
            f"Revoking {what} from {roles} makes queries of code that is connected with such a role, and still needs it, "
            "fail at once (42501)."
        )
        help_text = "First deploy code that does without it. A REVOKE takes nothing away that another GRANT or role gives."
        yield Finding(self.name, self.severity, message, help_text)


def _role(spec: Node) -> str:
    return _WORDS.get(spec["roletype"]) or always_quoted(spec.get("rolename", ""))


def _quoted(granted: Node) -> str:
    return always_quoted(granted["AccessPriv"]["priv_name"])
