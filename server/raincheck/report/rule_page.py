"""`raincheck explain` of rules: all of them in a list, or the page of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.report.page import render
from raincheck.rules import ALL, pages

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule
    from raincheck.report.style import Style


def listing(style: Style) -> str:
    """All rules: name, severity, summary."""
    room = max(len(rule.name) for rule in ALL)
    rows = (
        f"{style.paint(one.name, 'bold')}{' ' * (room - len(one.name))}  {one.severity:<6}  {_summary(one)}"
        for one in ALL
    )
    return "\n".join(rows) + "\n"


def page(name: str, style: Style) -> str:
    """The page of a rule that there is."""
    return render(pages.page(name), style)


def _summary(rule: Rule) -> str:
    return (rule.__doc__ or "").strip().split("\n", 1)[0]
