"""What a version of PostgreSQL does not know is not collected for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    fitting = [item for item in items if _fits(item)]
    if len(fitting) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if not _fits(item)])
        items[:] = fitting


def _fits(item: pytest.Item) -> bool:
    """Whether the version that a test here runs on is one that its row, case or script says it is for."""
    if item.path.parent != Path(__file__).parent or not hasattr(item, "callspec"):
        return True
    parameters = item.callspec.params
    major = parameters.get("postgres", 0)
    return all(
        getattr(value, "since", major) <= major <= getattr(value, "until", major)
        for value in parameters.values()
    )
