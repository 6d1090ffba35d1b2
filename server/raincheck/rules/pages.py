"""The pages that lie beside the rules. This reads the package's own data, and no other file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def page(rule: str) -> str:
    """The text of a rule's page. Raises KeyError where there is no such rule."""
    return _pages()[rule].read_text("utf-8")


def page_path(rule: str) -> str:
    """Where the page lies on this machine, for an editor to open. Raises KeyError where there is no such rule."""
    return str(_pages()[rule])


def family(rule: str) -> str:
    """The folder a rule belongs to: `locking`, `data_loss`. Raises KeyError where there is no such rule."""
    return _families()[rule]


@cache
def _families() -> dict[str, str]:
    folders = [entry for entry in files("raincheck.rules").iterdir() if entry.is_dir()]
    return {
        entry.name.removesuffix(".md").replace("_", "-"): folder.name
        for folder in folders
        for entry in folder.iterdir()
        if entry.name.endswith(".md")
    }


@cache
def _pages() -> dict[str, Traversable]:
    root = files("raincheck.rules")
    return {
        rule: root / family / f"{rule.replace('-', '_')}.md" for rule, family in sorted(_families().items())
    }
