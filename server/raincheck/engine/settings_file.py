"""`raincheck.toml`, read: what is in it, and what is wrong with it."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from raincheck.engine.settings import AllowEntry, Level, Runner, Settings
from raincheck.project.project import FileProblem
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AllowTable(_Model):
    """A finding that is accepted, in a migration whose text must not change."""

    migration: str = Field(min_length=1, description="The migration's tag, for example 0004_true_hulk.")
    rule: str = Field(min_length=1, description="The rule's name.")
    reason: str = Field(min_length=1, description="Why it is right here.")


class MigrationsTable(_Model):
    """Where Drizzle records what has run, as the program tells migrate(); only a database's state asks for it."""

    table: str | None = Field(default=None, min_length=1, description="Else what drizzle.config says.")
    table_schema: str | None = Field(
        default=None, alias="schema", min_length=1, description="Else what drizzle.config says."
    )


class File(_Model):
    """`raincheck.toml`, at the project's root or above it."""

    postgres: int | None = Field(
        default=None, ge=12, le=18, description="The major version of PostgreSQL that the migrations run on."
    )
    runner: Runner = Field(
        default="transaction",
        description="How Drizzle runs: all pending migrations in one transaction, or (neon-http, xata-http) "
        "statement by statement without one.",
    )
    timezone: str | None = Field(
        default=None,
        min_length=1,
        description="The TimeZone of the sessions that run migrations. Where it is UTC, a column goes from timestamp to "
        "timestamptz or back without a rewrite.",
    )
    base: str | None = Field(
        default=None, description="The git branch or commit that is deployed; else the default branch."
    )
    migrations: MigrationsTable = Field(
        default=MigrationsTable(), description="Where Drizzle records what has run."
    )
    rules: dict[str, Level] = Field(
        default_factory=dict, description="The severity of single rules, or off to silence one."
    )
    allow: tuple[AllowTable, ...] = Field(default=(), description="Findings that are accepted.")

    def settings(self) -> Settings:
        allow = tuple(AllowEntry(entry.migration, entry.rule, entry.reason) for entry in self.allow)
        return Settings(
            postgres=self.postgres,
            runner=self.runner,
            timezone=self.timezone,
            base=self.base,
            rules=self.rules,
            allow=allow,
            migrations_table=self.migrations.table,
            migrations_schema=self.migrations.table_schema,
        )


_TOP = frozenset(File.model_fields)
_SETTINGS = {"allow": frozenset(AllowTable.model_fields), "migrations": frozenset({"table", "schema"})}
"""The settings that there are, at the top and in tables."""


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """What was read: the settings (the defaults for all that could not be), and what is wrong."""

    settings: Settings
    problems: tuple[FileProblem, ...] = ()


def read_settings(
    text: str, path: str, rules: frozenset[str], fallback: Mapping[str, Any] | None = None
) -> SettingsFile:
    """Read a `raincheck.toml`.

    `rules` are the names that exist, so that a misspelt one is told. `fallback` has an editor's values for what the
    file leaves open; those that make no sense are left out.
    """
    fallback = _sensible(fallback or {})
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        told = _problem(path, f"This is not valid TOML: {error}.", _line_of(error, text))
        told = replace(told, help="Nothing of this file is used until it is.")
        return SettingsFile(File(**fallback).settings(), (told,))
    problems = _misspelt(data, rules, path, text)
    try:
        return SettingsFile(File.model_validate({**fallback, **data}).settings(), tuple(problems))
    except ValidationError as error:
        problems += [_told(details, path, text) for details in error.errors()]
        bad = {details["loc"][0] for details in error.errors()}
        good = {key: value for key, value in data.items() if key not in bad}
        return SettingsFile(File.model_validate({**fallback, **good}).settings(), tuple(problems))


def _sensible(values: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in values.items():
        try:
            File.model_validate({key: value})
        except ValidationError:
            continue
        kept[key] = value
    return kept


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
        message = f"There is no setting {key}.{_suggest(key, _SETTINGS.get(where[0], _TOP))}"
    elif error["type"] == "missing":
        message = f"An [[allow]] entry needs {key}: it is missing in entry {int(where[1]) + 1}."
        return _problem(path, message, _entry(text, int(where[1])))
    elif error["type"] == "dict_type" or where == ["migrations"]:
        message = f"{key} is a table: begin it with the line [{key}]."
    elif error["type"] in {"tuple_type", "model_type"}:
        message = f"Each entry of {key} begins with the line [[{key}]], in double brackets."
    else:
        message = f"{'.'.join(part for part in where if not part.isdigit())}{_expected(error['msg'])}."
    return _problem(path, message, _find(text, key))


def _expected(message: str) -> str:
    """What pydantic says of a value, to stand behind its name: "postgres should be ..."."""
    for word in ("Input", "String"):
        message = message.replace(f"{word} should", " should", 1)
    return message if message.startswith(" ") else f": {message}"


def _line_of(error: tomllib.TOMLDecodeError, text: str) -> Span | None:
    """The line that an error of tomllib names in its message."""
    found = re.search(r"at line (\d+)", str(error))
    if found is None:
        return None
    lines = text.split("\n")
    start = sum(len(line) + 1 for line in lines[: int(found[1]) - 1])
    return Span(start, start + len(lines[int(found[1]) - 1]))


def _entry(text: str, index: int) -> Span | None:
    """The heading of the [[allow]] entry with this index."""
    found = list(re.finditer(r"^\s*(\[\[\s*allow\s*\]\])", text, re.MULTILINE))
    return Span(*found[index].span(1)) if index < len(found) else None


def _suggest(name: str, known: frozenset[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), 1)
    return f" Did you mean {near[0]}?" if near else ""


def _find(text: str, word: str) -> Span | None:
    start = text.find(word) if word else -1
    return Span(start, start + len(word)) if start >= 0 else None


def _problem(path: str, message: str, span: Span | None) -> FileProblem:
    return FileProblem("settings-invalid", path, message, "The rest of the file is used as it stands.", span)
