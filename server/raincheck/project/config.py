"""drizzle.config.ts, .js and .json, read without running them.

What only running it could tell (environment variables, calls, spreads) is said in `problems`, never guessed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.project.dialects import dialect_of, is_foreign
from raincheck.project.project import FileProblem
from raincheck.project.static import Items, Literal, Object, Unread, Value, exported, json_value
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    _T = TypeVar("_T")

DEFAULT_OUT = "drizzle"
DEFAULT_TABLE = "__drizzle_migrations"
DEFAULT_SCHEMA = "drizzle"
LONGEST = 1_000_000
"""Code points; a longer file is no configuration."""

_NO_PATHS: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrizzleConfig:
    """A configuration, defaults filled in. None stands for what cannot be told without running the file."""

    path: str
    out: str | None = DEFAULT_OUT
    schema: tuple[str, ...] | None = ()
    dialect: str | None = None
    """None also where the file names none."""
    migrations_table: str | None = DEFAULT_TABLE
    migrations_schema: str | None = DEFAULT_SCHEMA
    prefix: str | None = "index"
    breakpoints: bool | None = True
    problems: tuple[FileProblem, ...] = ()

    @property
    def foreign(self) -> bool:
        """Whether it is for another database than PostgreSQL, for certain."""
        return is_foreign(self.dialect)


def read_config(path: str, text: str) -> DrizzleConfig:
    """Read a configuration. `path` tells JSON from TypeScript, and is where the problems are said to be."""
    match _value(path, text):
        case Object() as config:
            return _Fields(path).config(config)
        case Items(span):
            return _nothing(path, Unread("it exports a list, and drizzle-kit takes one configuration", span))
        case Literal(span):
            return _nothing(path, Unread("its export is not an object", span))
        case Unread() as unread:
            return _nothing(path, unread)


def _value(path: str, text: str) -> Value:
    if len(text) > LONGEST:
        return Unread(f"it is longer than {LONGEST:,} characters")
    if not path.endswith(".json"):
        return exported(text)
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return Unread(f"it is not JSON ({error.msg})", Span(error.pos, min(error.pos + 1, len(text))))
    except (ValueError, RecursionError) as error:
        return Unread(f"it is not JSON ({error})")
    return json_value(text)


def _nothing(path: str, unread: Unread) -> DrizzleConfig:
    problem = FileProblem(
        rule="config-unreadable",
        path=path,
        message=f"This configuration cannot be read without running it: {unread.why}.",
        help="Migrations folders beside it and below it are found anyway.",
        span=unread.span,
    )
    return DrizzleConfig(path, None, None, None, None, None, None, None, (problem,))


class _Fields:
    """Takes the fields of one configuration, and keeps a note of each that cannot be read."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._problems: list[FileProblem] = []

    def config(self, config: Object) -> DrizzleConfig:
        migrations = config.fields.get("migrations", Object(config.span))
        dialect = self._take(config, "dialect", _text, None)
        driver = self._take(config, "driver", _text, None)
        return DrizzleConfig(
            self._path,
            out=self._take(config, "out", _text, DEFAULT_OUT),
            schema=self._take(config, "schema", _texts, _NO_PATHS),
            dialect=dialect or dialect_of(driver),
            migrations_table=self._take(migrations, "table", _text, DEFAULT_TABLE, within="migrations."),
            migrations_schema=self._take(migrations, "schema", _text, DEFAULT_SCHEMA, within="migrations."),
            prefix=self._take(migrations, "prefix", _text, "index", within="migrations."),
            breakpoints=self._take(config, "breakpoints", _flag, True),  # noqa: FBT003 - the field's default
            problems=tuple(dict.fromkeys(self._problems)),
        )

    def _take(
        self,
        owner: Value,
        name: str,
        read: Callable[[Value], _T | None],
        default: _T | None,
        within: str = "",
    ) -> _T | None:
        """The field as `read` understands it; `default` where it is absent, None where it cannot be told."""
        if not isinstance(owner, Object):
            self._note(within.rstrip("."), owner)
            return None
        if name not in owner.fields:
            if owner.spread is None:
                return default
            self._note("...", owner.spread)
            return None
        value = owner.fields[name]
        if isinstance(value, Items):
            value = next((each for each in value.values if isinstance(each, Unread)), value)
        if isinstance(value, Literal) and value.value is None:
            return default
        found = read(value)
        if found is None:
            self._note(within + name, value)
        return found

    def _note(self, name: str, value: Value) -> None:
        why = value.why if isinstance(value, Unread) else "it has a value that drizzle-kit does not take"
        subject = "What is spread into the configuration" if name == "..." else f"`{name}`"
        message = f"{subject} cannot be read without running this file. {why[0].upper()}{why[1:]}."
        self._problems.append(FileProblem("config-not-static", self._path, message, span=value.span))


def _text(value: Value) -> str | None:
    return value.value if isinstance(value, Literal) and isinstance(value.value, str) else None


def _flag(value: Value) -> bool | None:
    return value.value if isinstance(value, Literal) and isinstance(value.value, bool) else None


def _texts(value: Value) -> tuple[str, ...] | None:
    """One path, or a list of them; None where any of them is unread."""
    texts = [_text(each) for each in (value.values if isinstance(value, Items) else (value,))]
    found = tuple(text for text in texts if text is not None)
    return found if len(found) == len(texts) else None
