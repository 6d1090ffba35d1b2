"""The index of all rules, `docs/rules/README.md`, made from the rules and their pages."""

from __future__ import annotations

import inspect
from itertools import groupby
from typing import TYPE_CHECKING

from raincheck.rules import ALL
from raincheck.rules.pages import family

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.rule import Rule

PAGES = "../../server/raincheck/rules"
"""From `docs/rules` to the pages."""

_TITLES = {
    "locking": "Locking: waits that others feel",
    "rewriting": "Rewriting: work as long as the table",
    "data_loss": "Data loss: what no rollback brings back",
    "compatibility": "Compatibility: code that still runs while the migration is applied",
    "transactions": "Transactions: Drizzle's one transaction",
    "replay": "Replay: what PostgreSQL refuses after all the migrations before",
    "history": "History: what Drizzle itself never checks",
    "reading": "Reading: texts and files that Drizzle or PostgreSQL trips over",
    "design": "Design: what becomes a burden later",
}


def index() -> str:
    """The index as Markdown."""
    return "\n".join(_lines()) + "\n"


def summary(rule: Rule) -> str:
    """The first line of a rule's docstring."""
    return inspect.cleandoc(type(rule).__doc__ or "").partition("\n")[0]


def _lines() -> Iterator[str]:
    yield "# Rules"
    yield ""
    yield "Each links to its page: what happens, when it does not, what to do. The pages are also the rules' tests, and"
    yield "`raincheck explain RULE` prints them."
    for name, rules in groupby(ALL, key=lambda rule: family(rule.name)):
        yield ""
        yield f"## {_TITLES[name]}"
        yield ""
        yield "| rule | severity | what |"
        yield "|---|---|---|"
        for rule in rules:
            page = f"{PAGES}/{name}/{rule.name.replace('-', '_')}.md"
            severity = rule.severity if rule.on else f"{rule.severity}, off by itself"
            yield f"| [{rule.name}]({page}) | {severity} | {summary(rule)} |"
