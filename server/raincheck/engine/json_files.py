"""What the JSON files that are read and written have in common: their models, what is wrong in one, their JSON Schemas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from pydantic import ValidationError


class Model(BaseModel):
    """A part of a file that we have written: what is not known in it is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def first_mistake(error: ValidationError) -> str:
    """The first thing that is wrong with a JSON text, in one line: "relations.0.rows: Field required"."""
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    said = " ".join(first["msg"].split())
    return f"{where}: {said}" if where else said


def published(model: type[BaseModel], mode: Literal["validation", "serialization"] = "validation") -> str:
    """The schema of a file as JSON text, with a line end behind it. `mode`: of what is read, or of what is written."""
    found = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    found |= model.model_json_schema(by_alias=True, mode=mode)
    return json.dumps(found, indent=2) + "\n"
