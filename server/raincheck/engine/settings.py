"""What a team says in `raincheck.toml`, and an editor in its own settings."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from raincheck.engine.finding import Severity
from raincheck.project.project import FileProblem
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_POSTGRES = 15
"""The oldest major version that PostgreSQL itself still supports (https://www.postgresql.org/support/versioning/)."""

Level = Literal["off", "note", "risk", "danger"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AllowEntry(_Model):
    """`[[allow]]`: a finding that is accepted, in a migration whose text must not change."""

    migration: str = Field(min_length=1, description="The migration's tag, for example 0004_true_hulk.")
    rule: str = Field(min_length=1, description="The rule's name.")
    reason: str = Field(min_length=1, description="Why it is right here.")


class Settings(_Model):
    """`raincheck.toml` at the project's root."""

    postgres: int | None = Field(
        None,
        ge=12,
        le=18,
        description="The major version of PostgreSQL that the migrations run on (12 to 18).",
    )
    runner: Literal["transaction", "statement"] = Field(
        "transaction",
        description="How Drizzle runs: all pending migrations in one transaction, or (neon-http, xata-http) "
        "statement by statement without one.",
    )
    base: str | None = Field(
        None,
        description="The git branch or commit that is deployed; the default branch where it is not said.",
    )
    rules: dict[str, Level] = Field(
        default_factory=dict, description="The severity of single rules, or off to silence one."
    )
    allow: tuple[AllowEntry, ...] = Field((), description="Findings that are accepted.")

    @property
    def target(self) -> int:
        """The major version to answer for."""
        return self.postgres or DEFAULT_POSTGRES

    def severity(self, rule: str, default: Severity) -> Severity | None:
        """The severity of a rule; None where it is off."""
        level = self.rules.get(rule)
        if level is None:
            return default
        return None if level == "off" else Severity(level)

    def filled(self, fallback: Mapping[str, Any]) -> Settings:
        """These settings, with an editor's or a command line's for what they leave open; bad ones are ignored."""
        known = {
            key: value
            for key, value in fallback.items()
            if key in Settings.model_fields and value is not None
        }
        try:
            return Settings.model_validate({**known, **self.model_dump(exclude_unset=True)})
        except ValidationError:
            return self


    def replaced(self, values: Mapping[str, Any]) -> Settings:
        """These settings with other values for some; ValidationError where one is not allowed."""
        return Settings.model_validate({**self.model_dump(exclude_unset=True), **values}) if values else self


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """What was read: the settings (the defaults for all that could not be), and what is wrong."""

    settings: Settings
    problems: tuple[FileProblem, ...] = ()


def read_settings(text: str, path: str, rules: frozenset[str]) -> SettingsFile:
    """Read a `raincheck.toml`. `rules` are the names that exist, so that a misspelt one is told."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return SettingsFile(Settings(), (_problem(path, f"This is not valid TOML: {error}.", None),))
    problems = [*_misspelt(data, rules, path, text)]
    try:
        return SettingsFile(Settings.model_validate(data), tuple(problems))
    except ValidationError as error:
        problems += [_told(details, path, text) for details in error.errors()]
        good = {key: value for key, value in data.items() if key not in {e["loc"][0] for e in error.errors()}}
        return SettingsFile(Settings.model_validate(good), tuple(problems))


def _misspelt(data: Mapping[str, Any], rules: frozenset[str], path: str, text: str) -> list[FileProblem]:
    named = data.get("rules", {})
    entries = data.get("allow", ())
    wanted = [*named] if isinstance(named, dict) else []
    wanted += [entry.get("rule", "") for entry in entries if isinstance(entry, dict)]
    unknown = [name for name in wanted if isinstance(name, str) and name and name not in rules]
    return [
        _problem(path, f"There is no rule {name}.{_suggest(name, rules)}", _find(text, name))
        for name in unknown
    ]


def _told(error: Any, path: str, text: str) -> FileProblem:
    where = [str(part) for part in error["loc"]]
    key = next((part for part in reversed(where) if not part.isdigit()), "")
    if error["type"] == "extra_forbidden":
        fields = AllowEntry.model_fields if where[0] == "allow" else Settings.model_fields
        message = f"There is no setting {key}.{_suggest(key, frozenset(fields))}"
    else:
        message = f"{'.'.join(where)}: {error['msg']}."
    return _problem(path, message, _find(text, key))


def _suggest(name: str, known: frozenset[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), 1)
    return f" Did you mean {near[0]}?" if near else ""


def _find(text: str, word: str) -> Span | None:
    start = text.find(word) if word else -1
    return Span(start, start + len(word)) if start >= 0 else None


def _problem(path: str, message: str, span: Span | None) -> FileProblem:
    return FileProblem("settings-invalid", path, message, "The rest of the file is used as it stands.", span)
