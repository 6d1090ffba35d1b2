"""Code actions as LSP has them, with their edits or with what it takes to make them when they are chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from raincheck.ide import fix_all
from raincheck.ide.actions import label
from raincheck.lsp.action_data import FIX_ALL, QUICK_FIX, ActionData
from raincheck.lsp.diagnostics import diagnostic
from raincheck.lsp.edits import workspace_edit

if TYPE_CHECKING:
    from raincheck.engine.finding import Finding, Fix
    from raincheck.ide.actions import CodeAction
    from raincheck.ide.difference import Difference
    from raincheck.ide.hindrances import Hindered
    from raincheck.lsp.client import Client
    from raincheck.lsp.sources import Subject

APPLY = "raincheck.applyFix"
"""The command that makes the change of a code action; its argument is that action's data."""
SHOW = "raincheck.show"
"""The command that opens a text: its file name, the text."""


@dataclass(frozen=True, slots=True)
class Offers:
    """The code actions of one file."""

    subject: Subject
    client: Client

    def fix(self, action: CodeAction, kind: str) -> dict[str, object] | None:
        """A fix; None where there is no way to have it made."""
        fix, finding = action.fix, action.finding
        data = ActionData.of(self.subject, kind, fix.title, finding)
        more: dict[str, object] = {"isPreferred": fix.preferred}
        if kind == QUICK_FIX:
            more["diagnostics"] = [self._diagnostic(finding)]
        return self._made({"title": label(fix), "kind": kind, **more}, data, fix)

    def fix_all(self) -> dict[str, object] | None:
        title = fix_all.title(self.subject.analysis, self.subject.path)
        data = ActionData.of(self.subject, FIX_ALL, title)
        lazy = self.client.resolves or self.client.applies
        fix = None if lazy else data.find(self.subject)
        return self._made({"title": title, "kind": FIX_ALL}, data, fix) if lazy or fix else None

    def hindered(self, one: Hindered, kind: str) -> dict[str, object]:
        """A fix that cannot be had here, shown with the reason."""
        about = {"diagnostics": [self._diagnostic(one.finding)]} if kind == QUICK_FIX else {}
        return {"title": one.title, "kind": kind, "disabled": {"reason": one.reason}, **about}

    def showing(self, finding: Finding, found: Difference) -> dict[str, object]:
        """A text to be opened; see raincheck.lsp.commands.show."""
        command: dict[str, object] = {
            "title": found.title,
            "command": SHOW,
            "arguments": [found.name, found.text],
        }
        if not self.client.actions:
            return command
        about = [self._diagnostic(finding)]
        return {"title": found.title, "kind": QUICK_FIX, "diagnostics": about, "command": command}

    def _made(self, action: dict[str, Any], data: ActionData, fix: Fix | None) -> dict[str, object] | None:
        """The action with its edit, or the way to it: asked for later, or by a command that the server carries out."""
        creates = bool(fix and fix.creates) and not self.client.creates
        if self.client.actions and self.client.resolves and not creates:
            return {**action, "data": data.plain}
        if self.client.actions and fix is not None and not creates:
            return {**action, "edit": workspace_edit(fix, self.subject.sources, self.client)}
        if not self.client.applies:
            return None
        command = {"title": action["title"], "command": APPLY, "arguments": [data.plain]}
        return {**action, "command": command} if self.client.actions else command

    def _diagnostic(self, finding: Finding) -> dict[str, object]:
        return diagnostic(finding, self.subject.sources, self.client)
