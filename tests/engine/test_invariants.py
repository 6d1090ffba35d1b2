"""No value changes once it is made, and no rule keeps state."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil

import raincheck
from raincheck.rules import ALL

SHELLS = ("raincheck.cli", "raincheck.lsp", "raincheck.session")


def dataclasses_of_the_domain():
    for module in pkgutil.walk_packages(raincheck.__path__, "raincheck."):
        if module.name.startswith(SHELLS):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if (
                isinstance(value, type)
                and value.__module__ == module.name
                and dataclasses.is_dataclass(value)
            ):
                yield value


def test_every_value_is_frozen():
    thawed = [of.__qualname__ for of in dataclasses_of_the_domain() if not of.__dataclass_params__.frozen]
    assert thawed == []


def test_no_rule_has_attributes_of_its_own():
    assert [rule.name for rule in ALL if vars(rule)] == []
