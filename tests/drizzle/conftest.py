"""Which proofs of fixes and recipes are run: each line of Drizzle on one server, the two on different ones."""

from __future__ import annotations

from itertools import compress
from operator import not_
from typing import TYPE_CHECKING

from support.fix_proofs import cases
from support.postgres_binaries import majors

if TYPE_CHECKING:
    import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    known = {case.name: case for case in cases()}
    wanted = [_wanted(item, known) for item in items]
    if not all(wanted):
        config.hook.pytest_deselected(items=[*compress(items, map(not_, wanted))])
        items[:] = compress(items, wanted)


def _wanted(item: pytest.Item, known: dict) -> bool:
    found = getattr(item, "callspec", None)
    if found is None or not {"name", "version", "postgres"} <= found.params.keys():
        return True
    case, version = known.get(found.params["name"]), found.params["version"]
    some = getattr(item.module, "SOME_POSTGRES", ())
    if case is None and not some:
        return True
    if case is None:
        servers = [major for major in some if major in majors()]
        return found.params["postgres"] in (servers[:1] if version == "v0" else servers[-1:])
    one = (min if version == "v0" else max)(case.postgres)
    servers = case.postgres if len(case.versions) == 1 else (one,)
    return version in case.versions and found.params["postgres"] in servers
