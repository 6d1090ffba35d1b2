"""The recipes: plans that take more than one migration. This reads the package's own data, and no other file.

Their pages are `docs/recipes/` in the repository; `raincheck/recipes` is a link there, and the wheel holds copies.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


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
