"""`raincheck explain` of recipes: all of them in a list, or the page of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.report.page import render
from raincheck.rules import recipes

if TYPE_CHECKING:
    from raincheck.report.style import Style


def listing(style: Style) -> str:
    """All recipes: name, title."""
    names = recipes.names()
    room = max(map(len, names))
    rows = (f"{style.paint(name, 'bold')}{' ' * (room - len(name))}  {_title(name)}" for name in names)
    return "\n".join(rows) + "\n"


def page(name: str, style: Style) -> str:
    """The page of a recipe that there is."""
    return render(recipes.recipe(name), style)


def _title(name: str) -> str:
    return recipes.recipe(name).split("\n", 1)[0].removeprefix("# ")
