"""The settings of an editor: this model is the one place that says which there are, what they mean and may be.

What reads them is in `settings`; the settings of the VS Code client and README's list are made from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from raincheck.ide.hints import Hints
    from raincheck.ide.lenses import Lenses

_DESCRIPTION, _CHOICES, _TYPE = "description", "choices", "type"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, as an editor shows it."""

    name: str
    """In camel case, without the section's name."""
    type: Literal["integer", "string", "choice"]
    default: object
    """None for a setting that may stay unsaid."""
    description: str
    choices: Mapping[str, str]
    """What each value means, where only some are allowed."""


_POSTGRES = {
    _TYPE: "integer",
    _DESCRIPTION: "The major version of PostgreSQL to assume where `raincheck.toml` does not say.",
}
_BASE = {
    _TYPE: "string",
    _DESCRIPTION: "The git branch or commit that is deployed, where `raincheck.toml` does not say; else the default branch.",
}
_INLAY_HINTS = {
    _TYPE: "choice",
    _DESCRIPTION: "Behind which statements the lock is shown that they take.",
    _CHOICES: {
        "off": "None.",
        "risky": "Those of pending migrations that make reads or writes of others wait.",
        "all": "All that lock something, in applied migrations too.",
    },
}
_CODE_LENS = {
    _TYPE: "choice",
    _DESCRIPTION: "What is shown above migrations and statements.",
    _CHOICES: {
        "off": "Nothing.",
        "file": "Above a migration: its deploy gate, its findings, whether it is pending, and commands.",
        "risky": "That, and above pending statements the work for which others wait, with its lock.",
        "all": "That, and above every statement its lock and work.",
    },
}


@dataclass(frozen=True, slots=True)
class EditorSettings:
    """`postgres` and `base` stand for what `raincheck.toml` leaves open, and are checked as that is."""

    postgres: object = field(default=None, metadata=_POSTGRES)
    base: object = field(default=None, metadata=_BASE)
    inlay_hints: Hints = field(default="risky", metadata=_INLAY_HINTS)
    code_lens: Lenses = field(default="risky", metadata=_CODE_LENS)


def settings() -> Iterator[Setting]:
    """All settings, in the order in which they are shown."""
    for one in fields(EditorSettings):
        said = one.metadata
        yield Setting(_camel(one.name), said[_TYPE], one.default, said[_DESCRIPTION], said.get(_CHOICES, {}))


def read(own: Mapping[str, object]) -> tuple[EditorSettings, tuple[str, ...]]:
    """The settings in what a client says, and what is wrong with them; what is wrong counts as unsaid."""
    taken: dict[str, Any] = {}
    wrong: list[str] = []
    for one, name in ((one, _camel(one.name)) for one in fields(EditorSettings)):
        value, choices = own.get(name), one.metadata.get(_CHOICES)
        if value is None:
            continue
        if choices and not (isinstance(value, str) and value in choices):
            wrong.append(f"{name} can be {', '.join(choices)}; it is taken as {one.default}.")
        else:
            taken[one.name] = value
    return EditorSettings(**taken), tuple(wrong)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))
