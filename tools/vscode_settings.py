"""The settings of the VS Code client's manifest and of its README, from the model that the server reads them by."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from raincheck.lsp.editor_settings import Setting, settings

CLIENT = Path(__file__).resolve().parents[1] / "clients" / "vscode"
OWN = ("raincheck.path", "raincheck.trace.server")
"""What the extension reads itself, and the manifest alone says: first and last."""
_TYPES = {
    "integer": {"type": ["integer", "null"], "minimum": 12, "maximum": 18},
    "string": {
        "type": ["string", "null"],
        "pattern": "^[^-]",
        "patternErrorMessage": "A branch, tag or commit, such as origin/main.",
    },
}
"""By type; what is left out is null."""
_TABLE = re.compile(r"(<!-- settings -->\n).*?(<!-- /settings -->\n)", re.DOTALL)


def manifest() -> str:
    """package.json with the settings as they are."""
    found = json.loads((CLIENT / "package.json").read_text("utf-8"))
    configuration = found["contributes"]["configuration"]
    first, last = OWN
    own = {name: configuration["properties"][name] for name in OWN}
    of_server = {f"raincheck.{one.name}": _property(one) for one in settings()}
    configuration["properties"] = {first: own[first], **of_server, last: own[last]}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _property(setting: Setting) -> dict[str, Any]:
    kind = _TYPES.get(setting.type) or {
        "type": "string",
        "enum": list(setting.choices),
        "markdownEnumDescriptions": list(setting.choices.values()),
    }
    said = {"default": setting.default, "scope": "window", "markdownDescription": setting.description}
    return {**kind, **said}


def readme() -> str:
    """The client's README with the table of all settings, in the manifest's words."""
    properties = json.loads(manifest())["contributes"]["configuration"]["properties"]
    rows = [f"| `{name}` | {_meaning(one)} | {_default(one)} |" for name, one in properties.items()]
    table = "\n".join(["| Setting | Meaning | Default |", "|---|---|---|", *rows]) + "\n"
    page = (CLIENT / "README.md").read_text("utf-8")
    return _TABLE.sub(lambda found: found[1] + table + found[2], page)


def _meaning(one: dict[str, Any]) -> str:
    meanings = one.get("markdownEnumDescriptions") or one.get("enumDescriptions") or []
    choices = [f"`{value}`: {meaning}" for value, meaning in zip(one.get("enum", []), meanings, strict=True)]
    return " ".join([one["markdownDescription"], *choices])


def _default(one: dict[str, Any]) -> str:
    return "" if one["default"] is None else f"`{one['default']}`"
