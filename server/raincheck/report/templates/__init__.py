"""What `raincheck init` writes, with places (@ROOT@) for what it finds. This reads the package's own data, and no other file."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from raincheck.rules import recipes

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACE = re.compile(r"@([A-Z]+)@")
_SCRIPT = re.compile(r'^```js title="scripts/migrate\.mjs"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def filled(name: str, places: Mapping[str, str]) -> str:
    """A template with its places filled. Raises KeyError for a place that nothing is given for."""
    text = (files("raincheck.report.templates") / name).read_text("utf-8")
    return _PLACE.sub(lambda found: places[found[1]], text)


def migrator() -> str:
    """The script of the recipe `migrate-safely`."""
    found = _SCRIPT.search(recipes.recipe("migrate-safely"))
    if found is None:
        raise LookupError("the recipe migrate-safely has no script")
    return found[1]
