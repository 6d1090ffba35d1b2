"""Whether schema files, migrations and a database agree: for people, and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.ide.titles import title
from raincheck.report.style import Style, hanging, paragraphs
from raincheck.sql.document import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.live.drift import Comparison
    from raincheck.live.generating import Generated
    from raincheck.live.mending import Mending


@dataclass(frozen=True, slots=True)
class DatabaseDrift:
    """How a database differs from what its migrations make. `said_by` names it."""

    said_by: str
    comparison: Comparison
    mending: Mending


@dataclass(frozen=True, slots=True)
class Drifted:
    """One project; None stands for what was not asked."""

    analysis: Analysis
    generated: Generated | None
    database: DatabaseDrift | None

    @property
    def agrees(self) -> bool:
        files = self.generated is None or self.generated.sql == ""
        return files and not (self.database and self.database.comparison.drifts)


def render(found: Sequence[Drifted], style: Style) -> str:
    """The comparison as text, with a line end behind it."""
    return "\n\n".join("\n".join(_project(each, style)) for each in found) + "\n"


def changes_of(generated: Generated) -> Iterator[tuple[str, str]]:
    """What each statement that drizzle-kit would write does, and the statement."""
    for statement in read(generated.sql or "").statements:
        yield title(statement.actions, statement.text), f"{statement.text};"


def _project(found: Drifted, style: Style) -> Iterator[str]:
    project = found.analysis.project
    yield style.paint(style.path(project.absolute(project.out)), "bold")
    if found.generated is not None:
        yield from _files(found.generated, style)
    if found.database is not None:
        yield from _database(found.database, style)


def _files(generated: Generated, style: Style) -> Iterator[str]:
    if generated.sql == "":
        yield "Schema files and migrations agree, as drizzle-kit sees them."
    elif generated.sql is None:
        told = "Schema files and migrations differ, and drizzle-kit would ask whether something was renamed: run `drizzle-kit generate`."
        yield from paragraphs(told, style.width)
    else:
        changes = [*changes_of(generated)]
        told = f"Schema files and migrations differ in {_count(len(changes), 'change')}; `drizzle-kit generate` would write:"
        yield from paragraphs(told, style.width)
        for does, sql in changes:
            yield f"  {does}"
            yield from hanging("", sql, style, indent=6, room=0)


def _database(found: DatabaseDrift, style: Style) -> Iterator[str]:
    comparison, made = found.comparison, found.mending
    name = found.said_by[:1].upper() + found.said_by[1:]
    if not comparison.drifts:
        yield from paragraphs(f"{name} holds what its migrations make.", style.width)
    else:
        told = f"{name} differs from what its migrations make in {_count(len(comparison.drifts), 'thing')}:"
        yield from paragraphs(told, style.width)
    for each in made.mended:
        yield from hanging("-", str(each.drift), style, indent=2, room=2)
        for statement in each.statements:
            yield from hanging("", f"{statement};", style, indent=6, room=0)
    if len(made.statements) > 1:
        yield from paragraphs(
            "All of it, in an order that works; what it drops is lost with its rows:", style.width
        )
        yield from (
            line for text in made.statements for line in hanging("", f"{text};", style, indent=2, room=0)
        )
    for left in made.left:
        yield from hanging("-", f"stays: {left}", style, indent=2, room=2)
    for unsure in (*map(str, comparison.not_compared), *comparison.doubts):
        yield from hanging("-", f"not compared: {unsure}", style, indent=2, room=2)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
