"""What a version of PostgreSQL does not know is not collected for it."""

from __future__ import annotations

from itertools import compress
from operator import not_
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    fitting = [_fits(item) for item in items]
    if not all(fitting):
        config.hook.pytest_deselected(items=[*compress(items, map(not_, fitting))])
        items[:] = compress(items, fitting)


def _fits(item: pytest.Item) -> bool:
    """Whether the version that a test here runs on is one that its row, case or script says it is for."""
    if item.path.parent != HERE or not hasattr(item, "callspec"):
        return True
    parameters = item.callspec.params
    major = parameters.get("postgres", 0)
    return all(
        getattr(value, "since", major) <= major <= getattr(value, "until", major)
        for value in parameters.values()
    )
