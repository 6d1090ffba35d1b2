"""Findings as LSP's diagnostics."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from raincheck.engine.finding import Severity
from raincheck.lsp.convert import uri_of
from raincheck.rules.pages import page_path
from raincheck.text import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.finding import Finding
    from raincheck.lsp.client import Client
    from raincheck.lsp.sources import Sources

SOURCE = "raincheck"

_SEVERITIES = {Severity.DANGER: 1, Severity.RISK: 2, Severity.NOTE: 3}
"""LSP's Error, Warning and Information."""
_TAGS = {"unnecessary": 1, "deprecated": 2}


def diagnostic(finding: Finding, sources: Sources, client: Client) -> dict[str, Any]:
    """One finding, as far as the client can show it."""
    places = sources.places(finding.path or "")
    found: dict[str, Any] = {
        "range": places.range(finding.span or NOWHERE),
        "severity": _SEVERITIES[finding.severity],
        "code": finding.rule,
        "source": SOURCE,
        "message": f"{finding.message}\n{finding.help}" if finding.help else finding.message,
    }
    if client.links and (page := page_of(finding.rule)):
        found["codeDescription"] = {"href": page}
    if client.related and finding.related:
        found["relatedInformation"] = list(_related(finding, sources))
    if _TAGS.get(finding.tag) in client.tags:
        found["tags"] = [_TAGS[finding.tag]]
    if client.data:
        found["data"] = {"severity": finding.severity, "step": finding.step}
    return found


def _related(finding: Finding, sources: Sources) -> Iterator[dict[str, object]]:
    for other in finding.related:
        if location := sources.location(other):
            yield {"location": location, "message": other.message}


@cache
def page_of(rule: str) -> str | None:
    """The URI of a rule's page; None for what is reported under a name that no rule has."""
    try:
        return uri_of(page_path(rule))
    except KeyError:
        return None
