"""docs/locks.md, printed from the table."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from raincheck.locks import page_tables, row_words
from raincheck.locks.modes import Blocked, blocks, strongest
from raincheck.locks.page_words import (
    CHANGED,
    CONCURRENT,
    CONVERTED,
    DEFAULTED,
    INTRODUCTION,
    KEYED,
    PARTED,
    PROVEN,
    ROWS_READ,
)
from raincheck.locks.row import NEWEST, OLDEST
from raincheck.locks.table import FAMILIES
from raincheck.locks.titles import anchor, title
from raincheck.locks.variants import FAILING
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.locks.row import Row

HEAD = "| statement | locks | others cannot | meanwhile |\n|---|---|---|---|"


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join(_parts())


def _parts() -> Iterator[str]:
    yield INTRODUCTION
    yield page_tables.modes()
    yield page_tables.conflicts()
    yield ROWS_READ
    for heading, rows in FAMILIES.items():
        yield f"## {heading}\n\n{HEAD}"
        yield from _lines(rows)
        yield ""
    yield f"{CONVERTED}\n{page_tables.conversions()}"
    yield f"{DEFAULTED}\n{page_tables.defaults()}"
    yield f"{KEYED}\n{page_tables.foreign_keys()}"
    yield f"{PARTED}\n{page_tables.partitions()}"
    yield f"{CONCURRENT}\n{page_tables.concurrent()}"
    yield f"{CHANGED}\n{page_tables.changes()}"
    yield PROVEN


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a table: its first cell, and the others. `whole`: it says all that there is about its statement."""

    first: str
    others: str
    whole: bool = False


def _lines(rows: tuple[Row, ...]) -> Iterator[str]:
    """Those of a family; statements of one line that say the same share it with their neighbours."""
    by_kind: dict[Kind, list[Row]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)
    found = (line for kind, of in by_kind.items() for line in _statement(kind, of))
    for (whole, others), group in groupby(found, lambda line: (line.whole, line.others)):
        firsts = [line.first for line in group]
        yield from (f"| {first} | {others} |" for first in (["<br>".join(firsts)] if whole else firsts))


def _statement(kind: Kind, rows: Sequence[Row]) -> Iterator[_Line]:
    """A line for each row; left out are those about what we do not know, and those on which the statement fails."""
    told = [row for row in rows if FAILING not in (row.when.words if row.when else "")]
    told = [row for row in told if not row.unknown] or told
    sources = dict.fromkeys(row.source for row in told)
    links = ", ".join(f"[manual]({source})" for source in sources)
    name = f'<a id="{anchor(kind)}"></a>**{title(kind)}** ({links})'
    if kind is Kind.LOCK_TABLE:
        on = _cell(told[0].locks[0].on.words)
        yield _Line(name, f"the mode that it names, ACCESS EXCLUSIVE if none: {on} | |")
        return
    if len(told) > 1:
        yield _Line(name, "| |")
    for row in told:
        yield _line(row, name if len(told) == 1 else "", last=row is told[-1])


def _line(row: Row, name: str, *, last: bool) -> _Line:
    when = f"*{row.when.words}*" if row.when else "*otherwise*" if last and not name else ""
    bounds = row_words.versions(row.since, row.until)
    since = f"(PostgreSQL {bounds})" if (row.since, row.until) != (OLDEST, NEWEST) else ""
    shown = f"`{row.probe.statement}`" if row.probe else ""
    first = "<br>".join(filter(None, (name, _cell(" ".join(filter(None, (when, since)))), _cell(shown))))
    return _Line(
        first, f"{_locks(row)} | {_stopped(row)} | {'<br>'.join(map(_cell, _work(row)))}", whole=bool(name)
    )


def _locks(row: Row) -> str:
    if row.unknown:
        return "not known"
    return "<br>".join(f"{mode.sql}: {_cell(on)}" for mode, on in row_words.locks(row)) or "none"


def _stopped(row: Row) -> str:
    """What the strongest of the locks keeps others from, where an application feels it."""
    held = tuple(lock.mode for lock in row.locks if not lock.late)
    if not held:
        return ""
    stopped = blocks(strongest(held))
    return " or ".join(word for what, word in _CANNOT.items() if what in stopped)


_CANNOT = {Blocked.READ: "read", Blocked.WRITE: "write"}


def _work(row: Row) -> Iterator[str]:
    yield from row_words.work(row)
    if row.outside_transaction:
        yield f"**refused in a transaction block** ({row.outside_transaction})"


def _cell(text: str) -> str:
    return page_tables.shortened(text).replace("|", "\\|").replace("\n", " ")
