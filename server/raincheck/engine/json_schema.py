"""The JSON Schemas of what is read and written, as docs/ has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pydantic import BaseModel


def published(model: type[BaseModel], mode: Literal["validation", "serialization"] = "validation") -> str:
    """The schema of a file as JSON text, with a line end behind it. `mode`: of what is read, or of what is written."""
    found = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    found |= model.model_json_schema(by_alias=True, mode=mode)
    return json.dumps(found, indent=2) + "\n"
