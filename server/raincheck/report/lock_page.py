"""`raincheck explain lock MODE` and `raincheck explain locks`: a mode, what it blocks, and who takes it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from raincheck.locks.modes import Blocked, Mode, blocks
from raincheck.locks.table import ROWS
from raincheck.locks.titles import title
from raincheck.locks.words import NAMES, STATEMENTS, behind, blocked, queue, together
from raincheck.report.blocks import columns
from raincheck.report.style import hanging, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.report.style import Style

QUEUED = (
    "Requests for a table's lock are granted in the order in which they come where they conflict. So a statement that "
    "waits for this lock holds up everyone behind it that conflicts with it, while it does nothing but wait."
)
HELD = "A lock is held until the transaction ends, and Drizzle runs all pending migrations in one."
SAFELY = """\
Limit the wait, as the first statement of the first pending migration:
SET LOCAL lock_timeout = '2s';
--> statement-breakpoint
A run that times out changes nothing: run it again. Put nothing slow behind it in the same run."""


def matrix(style: Style) -> str:
    """All modes: what each blocks, and which conflict."""
    text = [
        "The eight modes of a lock on a table, from weakest to strongest, and what a holder keeps others from.\n"
    ]
    text += columns(("mode", "in pg_locks", "it"), [(m.sql, m.value, blocked(m)) for m in Mode], style)
    text += ["", "Which are blocked while the mode on the left is held, or waited for in the queue:", ""]
    head = ("", *NAMES.values())
    rows = [(mode.sql, *("x" if what in blocks(mode) else "." for what in Blocked)) for mode in Mode]
    text += columns(head, rows, style)
    text += ["", "Which conflict with which:", ""]
    head = ("", *map(_short, Mode))
    rows = [
        (f"{mode.sql} ({_short(mode)})", *("x" if mode.conflicts(other) else "." for other in Mode))
        for mode in Mode
    ]
    text += columns(head, rows, style)
    text += ["", *paragraphs(f"{HELD} `raincheck explain lock MODE` tells more of one.", style.width)]
    return "\n".join(line.rstrip() for line in text) + "\n"


def page(mode: Mode, version: int, style: Style) -> str:
    """One mode: what it blocks, the queue, how to take it safely, and which statements take it on a version."""
    return "\n".join(_page(mode, version, style)) + "\n"


def _page(mode: Mode, version: int, style: Style) -> Iterator[str]:
    yield f"{style.paint(mode.sql, 'bold')}  ({mode.value} in pg_locks)"
    yield ""
    stopped = blocks(mode)
    yield from paragraphs(f"It {blocked(mode)}. While it is held, these wait:", style.width)
    for what in stopped:
        yield from hanging(NAMES[what], STATEMENTS[what], style, indent=2, room=16)
    going = [NAMES[what] for what in Blocked if what not in stopped]
    if going:
        yield from hanging("go on", together(going), style, indent=2, room=16)
    yield from hanging(
        "conflicts", together(m.sql for m in Mode if mode.conflicts(m)), style, indent=2, room=16
    )
    yield ""
    if waiting := queue([mode]):
        yield style.paint("The queue", "bold")
        yield from paragraphs(f"{QUEUED} {waiting} It waits for {behind(mode)}.", style.width)
        yield ""
        yield style.paint("How to take it", "bold")
        yield from paragraphs(f"{HELD} {SAFELY}", style.width)
        yield ""
    yield style.paint(f"What takes it on PostgreSQL {version}", "bold")
    for statement, on in _takers(mode, version):
        wrapped = textwrap.wrap(f"{statement}: {on}", style.width - 2, subsequent_indent="    ")
        yield from (f"  {line}" for line in wrapped)
    yield ""
    yield from paragraphs(
        "Not every variant of a statement does: `raincheck explain 'SQL'` tells.", style.width
    )


def _takers(mode: Mode, version: int) -> Iterator[tuple[str, str]]:
    """Each statement that takes the mode, and on what."""
    found: dict[str, dict[str, None]] = {}
    for row in ROWS:
        if row.since <= version <= row.until:
            for lock in row.locks:
                if lock.mode is mode and lock.since <= version <= lock.until:
                    found.setdefault(title(row.kind), {})[lock.on.words] = None
    yield from ((statement, "; ".join(on)) for statement, on in found.items())


def _short(mode: Mode) -> str:
    """`SUX` for SHARE UPDATE EXCLUSIVE."""
    return "".join("X" if word == "EXCLUSIVE" else word[0] for word in mode.sql.split())
