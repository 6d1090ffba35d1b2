"""What the models of all JSON reports share: they are published contracts, printed and described in one way."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from raincheck.engine import json_files


class Model(BaseModel):
    """A part of a report. Its fields' descriptions are published with it."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


def printed(report: Model) -> str:
    """The report as JSON text, with a line end behind it."""
    return report.model_dump_json(by_alias=True, indent=2) + "\n"


def published(report: type[Model]) -> str:
    """Its JSON Schema, as docs/ has it."""
    return json_files.published(report, "serialization")
