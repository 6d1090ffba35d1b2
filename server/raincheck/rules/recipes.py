"""The recipes: plans that take more than one migration. This reads the package's own data, and no other file.

Their pages are `docs/recipes/` in the repository; `raincheck/recipes` is a link there, and the wheel holds copies.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from raincheck.rules import pages

_LINK = re.compile(r"/recipes/([\w-]+)\.md")


def recipe(name: str) -> str:
    """The text of a recipe's page. Raises KeyError where there is no such recipe."""
    if name not in names():
        raise KeyError(name)
    return (files("raincheck") / "recipes" / f"{name}.md").read_text("utf-8")


@cache
def names() -> tuple[str, ...]:
    """All recipes, by their names: `drop-a-column`, `pgvector`."""
    pages = (files("raincheck") / "recipes").iterdir()
    found = (page.name.removesuffix(".md") for page in pages if page.name.endswith(".md"))
    return tuple(sorted(name for name in found if name != "README"))


@cache
def recipe_of(rule: str) -> str:
    """The recipe that a rule's page leads to; empty where there is none."""
    try:
        found = _LINK.search(pages.page(rule))
    except KeyError:
        return ""
    return found[1] if found else ""
