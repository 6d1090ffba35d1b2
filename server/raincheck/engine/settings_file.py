"""`raincheck.toml`, read: what is in it, and what is wrong with it."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date  # noqa: TC003 - pydantic reads the fields' types
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from raincheck.engine.json_files import published
from raincheck.engine.settings import AllowEntry, Level, Override, Runner, Settings
from raincheck.engine.sizes import Size, SizeClass, written
from raincheck.project.project import SETTINGS_FILE, FileProblem
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AllowTable(_Model):
    """A finding that is accepted, in a migration whose text must not change."""

    migration: str = Field(min_length=1, description="The migration's tag, for example 0004_true_hulk.")
    rule: str = Field(min_length=1, description="The rule's name.")
    reason: str = Field(min_length=1, description="Why it is right here.")
    expires: date | None = Field(
        default=None,
        description="The last day on which it holds, as 2027-01-31; behind it, it allows nothing.",
    )


class OverrideTable(_Model):
    """Levels for some of the files; of several entries that fit a file, the last one that names a rule wins."""

    files: tuple[str, ...] = Field(
        min_length=1,
        description="Globs, relative to the folder of raincheck.toml: drizzle/legacy/**, 000*.sql.",
    )
    rules: dict[str, Level] = Field(description="The severity of single rules there, or off to silence one.")


TableSize = Literal["small", "large"] | Annotated[int, Field(ge=0, strict=True)]
"""Rows, where it is a number."""


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
        default_factory=dict,
        description="The severity of single rules, or off to silence one. A level switches on a rule that is off by itself.",
    )
    overrides: tuple[OverrideTable, ...] = Field(default=(), description="Other severities for some files.")
    tables: dict[str, TableSize | dict[str, TableSize]] = Field(
        default_factory=dict,
        description="How large tables are, by name, with or without their schema: small, large, or about how many rows.",
    )
    allow: tuple[AllowTable, ...] = Field(default=(), description="Findings that are accepted.")
    verify: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        default=(),
        description="Commands of the project that show that a migration worked; reviews and plans list them.",
    )

    def settings(self) -> Settings:
        allow = tuple(AllowEntry(one.migration, one.rule, one.reason, one.expires) for one in self.allow)
        overrides = tuple(Override(one.files, one.rules) for one in self.overrides)
        return Settings(
            postgres=self.postgres,
            runner=self.runner,
            timezone=self.timezone,
            base=self.base,
            rules=self.rules,
            overrides=overrides,
            allow=allow,
            tables={written(name): _size(size) for name, size in _flat(self.tables)},
            migrations_table=self.migrations.table,
            migrations_schema=self.migrations.table_schema,
            verify=self.verify,
        )


def _flat(tables: Mapping[str, TableSize | dict[str, TableSize]]) -> Iterator[tuple[str, TableSize]]:
    """Names with sizes; `public.events` without quotes is a table in a table to TOML."""
    for name, size in tables.items():
        if isinstance(size, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in size.items())
        else:
            yield name, size


def _size(said: TableSize) -> Size:
    if isinstance(said, int):
        return Size(SETTINGS_FILE, rows=said)
    return Size(SETTINGS_FILE, said=SizeClass(said))


_TOP = frozenset(File.model_fields)
_SETTINGS = {
    "allow": frozenset(AllowTable.model_fields),
    "overrides": frozenset(OverrideTable.model_fields),
    "migrations": frozenset({"table", "schema"}),
}
"""The settings that there are, at the top and in tables."""


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """What was read: the settings (the defaults for all that could not be), and what is wrong."""

    settings: Settings
    problems: tuple[FileProblem, ...] = ()


def schema() -> str:
    """The JSON Schema of `raincheck.toml`, as `docs/settings.schema.json` has it."""
    return published(File)


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
        of_values = (_told(details, path, text) for details in error.errors())
        problems += dict.fromkeys(of_values)  # a size is tried as each of its types
        good = _without(data, [details["loc"] for details in error.errors()])
        return SettingsFile(File.model_validate({**fallback, **good}).settings(), tuple(problems))


def _without(data: Mapping[str, Any], places: Iterable[tuple[int | str, ...]]) -> dict[str, Any]:
    """The settings without those at these places: of a table or a list only the entries that are wrong go."""
    bad: dict[int | str, set[int | str | None]] = {}
    for key, *inner in places:
        bad.setdefault(key, set()).add(inner[0] if inner else None)
    good: dict[str, Any] = {}
    for key, value in data.items():
        wrong = bad.get(key, set())
        if not wrong:
            good[key] = value
        elif None not in wrong and isinstance(value, dict):
            good[key] = {name: one for name, one in value.items() if name not in wrong}
        elif None not in wrong and isinstance(value, list):
            good[key] = [one for number, one in enumerate(value) if number not in wrong]
    return good


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
    wanted = [*named] if isinstance(named, dict) else []
    wanted += [name for entry in _entries(data, "overrides") for name in _names(entry.get("rules"))]
    wanted += [entry.get("rule", "") for entry in _entries(data, "allow")]
    unknown = [name for name in wanted if isinstance(name, str) and name and name not in rules]
    return [
        _problem(path, f"There is no rule {name}.{_suggest(name, rules)}", _find(text, name))
        for name in unknown
    ]


def _entries(data: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The entries of `[[key]]` that are tables."""
    entries = data.get(key, ())
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _names(rules: Any) -> list[str]:
    return [*rules] if isinstance(rules, dict) else []


def _told(error: Any, path: str, text: str) -> FileProblem:
    where = [str(part) for part in error["loc"]]
    key = next((part for part in reversed(where) if not part.isdigit()), "")
    if error["type"] == "extra_forbidden":
        message = f"There is no setting {key}.{_suggest(key, _SETTINGS.get(where[0], _TOP))}"
    elif error["type"] == "missing":
        message = f"An [[{where[0]}]] entry needs {key}: it is missing in entry {int(where[1]) + 1}."
        return _problem(path, message, _entry(text, where[0], int(where[1])))
    elif where[0] == "tables" and len(where) > 1:
        key = where[1]
        message = (
            f'The size of {key} must be "small", "large" or about how many rows it has, as a whole number.'
        )
    elif error["type"] == "dict_type" and where[0] == "overrides":
        message = f"{key} of [[overrides]] is a table: begin it with the line [overrides.{key}]."
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


def _entry(text: str, key: str, index: int) -> Span | None:
    """The heading of the [[key]] entry with this index."""
    found = list(re.finditer(rf"^\s*(\[\[\s*{key}\s*\]\])", text, re.MULTILINE))
    return Span(*found[index].span(1)) if index < len(found) else None


def _suggest(name: str, known: frozenset[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), 1)
    return f" Did you mean {near[0]}?" if near else ""


def _find(text: str, word: str) -> Span | None:
    start = text.find(word) if word else -1
    return Span(start, start + len(word)) if start >= 0 else None


def _problem(path: str, message: str, span: Span | None) -> FileProblem:
    return FileProblem("settings-invalid", path, message, "The rest of the file is used as it stands.", span)
