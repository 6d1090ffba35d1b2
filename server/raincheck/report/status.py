"""A project's status for people: a line a migration with who has it, then what is wrong and what to do."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.locks.words import counted
from raincheck.project.status.lines import Standing
from raincheck.report.blocks import GAP, LEAST
from raincheck.report.excerpt import visible
from raincheck.report.style import Style, hanging, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.project.project import PendingFrom
    from raincheck.project.runner.table import MigrationsTable
    from raincheck.project.status.facts import Diagnosis
    from raincheck.project.status.lines import Line, Mark
    from raincheck.project.status.presence import Present

_COLOURS = {
    Standing.APPLIED: ("green",),
    Standing.PENDING: ("cyan",),
    Standing.UNKNOWN: ("yellow",),
    Standing.UNLISTED: ("yellow",),
}
"""All others are red."""
_SEEN: dict[Mark, str] = {"same": "✓", "other": "≠", "absent": "-"}
_LEGEND = "✓ there, and the same as far as its text or hash is known   ≠ another text   - not there"
_SOURCES = {"seal": "seal", "git": "git", "database": "db"}
_WORDS = {Standing.SKIPPED: "skipped for ever"}
_PRESENT: dict[Present, str] = {
    "all": "its work is there",
    "partly": "part of its work is there",
    "none": "",
    "untold": "tables do not show its work",
}


@dataclass(frozen=True, slots=True)
class Status:
    """One project. `database` says which was asked, and is empty where none was; `sealed` counts the seal's lines.

    `git` is the branch and commit that was compared with, or, where not `git_told`, why there is none.
    """

    analysis: Analysis
    lines: tuple[Line, ...]
    diagnoses: tuple[Diagnosis, ...]
    git: str
    git_told: bool
    sealed: int | None = None
    database: str = ""
    table: MigrationsTable | None = None

    @property
    def wrong(self) -> bool:
        """Whether a person must act."""
        return any(diagnosis.wrong for diagnosis in self.diagnoses)


def render(statuses: Sequence[Status], style: Style = Style()) -> str:  # noqa: B008 - frozen
    """The statuses as text, with a line end behind it."""
    lines: list[str] = []
    for status in statuses:
        lines += [*_project(status, style), ""]
    return "\n".join(line.rstrip() for line in lines[:-1]) + "\n"


def _project(status: Status, style: Style) -> Iterator[str]:
    project = status.analysis.project
    name = style.path(project.absolute(project.out))
    count = counted(len(project.migrations), "migration")
    yield f"{style.paint(name, 'bold')}  {count}, {project.layout} layout"
    for said in _header(status):
        yield from paragraphs(said, style.width)
    if status.lines:
        yield ""
        yield from _table(status.lines, style)
        yield ""
        yield style.paint(f"  {_LEGEND}", "dim")
    for diagnosis in status.diagnoses:
        yield ""
        yield from _diagnosis(diagnosis, style)
    yield ""
    yield _summary(status.diagnoses, style)


_TOLD: dict[PendingFrom, str] = {
    "database": "by its rows",
    "seal": "by raincheck.sum",
    "git": "by git",
    "since": "by the tag given",
    "all": "by your wish to take all",
    "unknown": "by nobody, so all may be pending",
}


def _header(status: Status) -> Iterator[str]:
    project, settings, table = status.analysis.project, status.analysis.settings, status.table
    if table is not None:
        rows = (
            f"{counted(len(table.records.rows), 'row')} in {table.name}"
            if table.exists
            else f"no {table.name}"
        )
        kind = f", which is a {table.kind}" if table.kind not in {"", "table"} else ""
        yield f"{status.database[:1].upper()}{status.database[1:]}, PostgreSQL {settings.server}: {rows}{kind}."
    seal = "There is no raincheck.sum."
    if status.sealed is not None:
        seal = f"raincheck.sum seals {counted(status.sealed, 'migration')}."
    git = f"git compares with {status.git}." if status.git_told else f"git cannot tell: {status.git}."
    yield f"{seal} {git}"
    yield f"What is applied is told {_TOLD[project.pending_from]}."


def _table(shown: Sequence[Line], style: Style) -> Iterator[str]:
    journal = shown[0].listed is not None
    sources = [source for source in _SOURCES if any(source in line.sources for line in shown)]
    head = [
        "migration",
        *(["journal"] if journal else []),
        "file",
        "snapshot",
        *(_SOURCES[one] for one in sources),
    ]
    rows = [_cells(line, sources, journal=journal) for line in shown]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    yield style.paint(
        "  " + GAP.join(cell.ljust(width) for cell, width in zip(head, widths, strict=True)), "dim"
    )
    left = 2 + sum(widths) + len(GAP) * len(widths)
    for line, cells in zip(shown, rows, strict=True):
        first, *marks = zip(cells, widths, strict=True)
        row = GAP.join([first[0].ljust(first[1]), *(cell.center(width) for cell, width in marks)])
        yield from _with_state(f"  {row}{GAP}", _state(line), line, left, style)


def _with_state(row: str, state: str, line: Line, left: int, style: Style) -> Iterator[str]:
    colours = ("red",) if line.edited else _COLOURS.get(line.standing, ("red",))
    for number, text in enumerate(textwrap.wrap(state, max(style.width - left, LEAST))):
        yield (" " * left if number else row) + style.paint(text, *colours)


def _cells(line: Line, sources: Sequence[str], *, journal: bool) -> list[str]:
    there = [*([line.listed] if journal else []), line.file, line.snapshot]
    marks = [_SEEN[line.sources[one]] if one in line.sources else "" for one in sources]  # type: ignore[index]  # a source
    return [visible(line.tag), *("✓" if one else "-" for one in there), *marks]


def _state(line: Line) -> str:
    word = _WORDS.get(line.standing, str(line.standing))
    edited = ", edited" + (" (sealed)" if line.accepted else "") if line.edits else ""
    many = f", {len(line.rows)} rows" if len(line.rows) > 1 else ""
    said = line.why or (_PRESENT[line.present] if line.present else "")
    why = f": {said}" if said else ""
    row = (
        f" (id {line.rows[0].id}, created_at {line.rows[0].created_at})"
        if line.standing is Standing.STRANGER
        else ""
    )
    return f"{word}{edited}{many}{why}{row}"


def _diagnosis(diagnosis: Diagnosis, style: Style) -> Iterator[str]:
    label, colour = ("wrong", "red") if diagnosis.wrong else ("note", "blue")
    yield f"  {style.paint(label, 'bold', colour)} {style.paint(diagnosis.cause, 'bold')}"
    yield from (f"    {line}" for line in paragraphs(diagnosis.what, style.width - 4))
    sql = f"```\n{diagnosis.sql}\n```" if diagnosis.sql else ""
    advice = "\n".join(filter(None, (diagnosis.help, sql)))
    if advice:
        yield from hanging("do", advice, style)


def _summary(diagnoses: Sequence[Diagnosis], style: Style) -> str:
    wrong = sum(diagnosis.wrong for diagnosis in diagnoses)
    if not wrong:
        return style.paint("Nothing is wrong.", "green")
    return style.paint(f"{wrong} thing{' is' if wrong == 1 else 's are'} wrong.", "red")
