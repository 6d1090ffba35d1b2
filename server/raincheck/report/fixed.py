"""What `raincheck fix` did, and what it left and why, as text; or as a unified diff."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.report.diffs import unified
from raincheck.report.style import Style, hanging

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.finding import Safety, Severity

_COLOURS = {"danger": "red", "risk": "yellow", "note": "blue"}


@dataclass(frozen=True, slots=True)
class Done:
    """A fix that was applied, and where the finding stood. Paths are absolute."""

    rule: str
    title: str
    path: str
    line: int
    safety: Safety = "exact"
    made: tuple[str, ...] = ()
    """The files that it makes."""
    first: tuple[str, ...] = ()
    """Those of them that are scripts to run before the migration."""


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that is still there, and why."""

    rule: str
    severity: Severity
    path: str
    line: int
    """From 1; 0 where it is about a file as a whole."""
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """A file's text before (None: there was no such file) and after. All paths are absolute."""

    path: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """One run of `raincheck fix`."""

    done: tuple[Done, ...]
    left: tuple[Left, ...]
    changes: tuple[Change, ...]


def render(fixed: Fixed, style: Style = Style()) -> str:  # noqa: B008 - frozen
    """What was done and what was left, with a line end behind it."""
    lines = list(_done(fixed, style))
    lines += _left(fixed, style)
    return "\n".join(lines) + "\n"


def diff(fixed: Fixed, style: Style) -> str:
    """All changes as one unified diff, as `git apply` and `patch` take it; empty where there are none."""
    return "".join(line for change in fixed.changes for line in _unified(change, style))


def _done(fixed: Fixed, style: Style) -> Iterator[str]:
    for done in fixed.done:
        place = _place(style, done.path, done.line)
        yield f"{style.paint('fixed', 'green')} {place}  {style.paint(done.rule, 'bold')}"
        yield from hanging("", done.title, style, room=0)
    made = [change for change in fixed.changes if change.before is None]
    changed = [change for change in fixed.changes if change.before is not None]
    for verb, files in (("Changed", changed), ("Made", made)):
        if files:
            yield f"{verb} {', '.join(style.path(change.path) for change in files)}."
    if not fixed.done:
        yield "Nothing was changed."


def _left(fixed: Fixed, style: Style) -> Iterator[str]:
    if not fixed.left:
        yield "Nothing is left."
        return
    count = len(fixed.left)
    yield f"{count} {'finding is' if count == 1 else 'findings are'} left:"
    for left in fixed.left:
        severity = style.paint(left.severity.value, "bold", _COLOURS[left.severity])
        place = _place(style, left.path, left.line)
        yield f"  {severity} {style.paint(left.rule, 'bold')}  {place}"
        yield from hanging("", left.why, style, room=0)


def _place(style: Style, path: str, line: int) -> str:
    return f"{style.path(path)}:{line}" if line else style.path(path)


def _unified(change: Change, style: Style) -> Iterator[str]:
    name = posixpath.normpath(style.path(change.path)).lstrip("/")
    return unified(name, change.before, change.after)
