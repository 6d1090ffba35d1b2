"""`raincheck.baseline.json`: read, and written. `docs/baseline.schema.json` is generated from its models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationError

from raincheck.engine.json_files import Model, first_mistake, published
from raincheck.engine.known import Entry, Key, Known
from raincheck.project.project import FileProblem

if TYPE_CHECKING:
    from collections.abc import Iterable


class KnownFinding(Model):
    """Equal findings of one file."""

    path: str = Field(description="The file, relative to this one's folder.")
    rule: str
    fingerprint: str = Field(description="Of the statement's tokens, or of the file.")
    statement: str = Field("", description="How the statement begins; for people.")
    count: int = Field(1, ge=1)


class File(Model):
    """The findings that there were when `raincheck check --write-baseline` ran; the others are new."""

    schema_: Literal[1] = Field(alias="schema")
    findings: tuple[KnownFinding, ...]


def read_known(text: str, path: str) -> tuple[Known | None, tuple[FileProblem, ...]]:
    """What is in the file at a path of the project, or what is wrong with it."""
    try:
        file = File.model_validate_json(text.removeprefix("\ufeff"))
    except ValidationError as error:
        return None, (
            FileProblem(
                "settings-invalid",
                path,
                f"This baseline cannot be read ({first_mistake(error)}), so it hides nothing.",
                "`raincheck check --write-baseline` writes it anew; git has the one before.",
            ),
        )
    found = [
        Entry(Key(one.path, one.rule, one.fingerprint), one.count, one.statement) for one in file.findings
    ]
    return Known(path, {entry.key: entry for entry in found}), ()


def render(found: Iterable[Entry]) -> str:
    """The file's text, the same for the same findings."""
    findings = tuple(
        KnownFinding(
            path=entry.key.path,
            rule=entry.key.rule,
            fingerprint=entry.key.fingerprint,
            statement=entry.statement,
            count=entry.count,
        )
        for entry in sorted(found, key=lambda entry: entry.key)
    )
    return File(schema_=1, findings=findings).model_dump_json(by_alias=True, indent=2) + "\n"


def schema() -> str:
    """Its JSON Schema."""
    return published(File)
