"""All projects are traced on one version; on the others those that show most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.postgres_binaries import majors

if TYPE_CHECKING:
    import pytest

EVERYWHERE = ("chain-", "scenarios/branch", "variants/v0/fk_", "old-kits/k0.28")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left = [item for item in items if _is_extra(item)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def _is_extra(item: pytest.Item) -> bool:
    if not item.path.match("live/test_projects.py") or not hasattr(item, "callspec"):
        return False
    parameters = item.callspec.params
    main = 15 if 15 in majors() else majors()[0]
    return parameters["postgres"] != main and not parameters["folder"].startswith(EVERYWHERE)
