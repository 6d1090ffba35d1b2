"""docs/locks.md, printed from the table."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from raincheck.locks.modes import Blocked, Mode, blocks
from raincheck.locks.row import NEWEST, OLDEST
from raincheck.locks.table import FAMILIES
from raincheck.locks.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.locks.row import Lock, Row

_INTRODUCTION = f"""\
<!-- Written by tools/generated.py from the rows in server/raincheck/locks; do not edit by hand. -->

# What PostgreSQL locks

Which table-level locks each statement takes on PostgreSQL {OLDEST} to {NEWEST}, on every relation that was there
before it, and what it does while it holds them. A lock is held to the end of the transaction. The examples under
*shown by* are run on real servers of every version, and what they lock is compared with what stands here.

A statement that waits for a lock already holds up whoever asks after it for a mode that conflicts with its own: an
`ALTER TABLE` that waits behind a long query blocks every new read of the table.

Where several rows are listed for a statement, the first whose condition holds is the one.
"""

_WORK = {
    Work.SCAN: "reads every row of",
    Work.INDEX_BUILD: "builds indexes of",
    Work.REWRITE: "rewrites",
    Work.NEW_FILE: "empties",
    Work.ROWS: "reads or writes rows of",
    Work.WAIT: "waits for open transactions on",
}

_BLOCKED = {
    Blocked.READ: "reads",
    Blocked.WRITE: "writes",
    Blocked.ROW_LOCK: "row locks",
    Blocked.VACUUM: "VACUUM",
    Blocked.INDEX: "CREATE INDEX",
    Blocked.DDL: "schema changes",
}


def page() -> str:
    """The whole page, in Markdown."""
    parts = [_INTRODUCTION, "## The modes, and what each blocks\n", _modes()]
    for heading, rows in FAMILIES.items():
        parts.append(f"## {heading}\n")
        parts += [_statement(title, tuple(group)) for title, group in groupby(rows, _title)]
    return "\n".join(parts)


def _modes() -> str:
    lines = (
        f"| {mode.sql} | {', '.join(_BLOCKED[what] for what in blocks(mode)) or 'nothing'} |" for mode in Mode
    )
    return "\n".join(("| mode | blocks |", "|---|---|", *lines, ""))


def _title(row: Row) -> str:
    return row.kind.value.replace("_", " ").upper()


def _statement(title: str, rows: tuple[Row, ...]) -> str:
    sources = dict.fromkeys(row.source for row in rows)
    manual = "Manual: " + ", ".join(f"[{source.rpartition('/')[2]}]({source})" for source in sources)
    lines = [
        f"### {title}\n",
        f"{manual}\n",
        "| when | locks | work | versions | shown by |",
        "|---|---|---|---|---|",
    ]
    return "\n".join((*lines, *(_line(row, alone=len(rows) == 1) for row in rows), ""))


def _line(row: Row, *, alone: bool) -> str:
    cells = (
        row.when.words if row.when else "always" if alone else "otherwise",
        "<br>".join(_locks(row)) or "none",
        "<br>".join(_work(row)),
        _versions(row.since, row.until),
        f"`{_cell(row.probe.statement)}`" if row.probe else "",
    )
    return f"| {' | '.join(cells)} |"


def _locks(row: Row) -> Iterator[str]:
    for (mode, since, until), locks in groupby(row.locks, _moded):
        yield f"{mode.sql}: {_listed(lock.on.words for lock in locks)}{_in(since, until)}"
    if row.unknown:
        yield f"not known: {row.unknown.format(name='the relation', column='the column')}"


def _moded(lock: Lock) -> tuple[Mode, int, int]:
    return lock.mode, lock.since, lock.until


def _work(row: Row) -> Iterator[str]:
    for kind, done in groupby(row.work, lambda did: did.work):
        yield f"{_WORK[kind]} {_listed(did.on.words for did in done)}"
    if row.outside_transaction:
        yield f"refused in a transaction block (`{row.outside_transaction}`)"


def _listed(words: Iterable[str]) -> str:
    return "; ".join(_cell(word) for word in words)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _in(since: int, until: int) -> str:
    return "" if (since, until) == (OLDEST, NEWEST) else f" (PostgreSQL {_versions(since, until)})"


def _versions(since: int, until: int) -> str:
    if until == NEWEST:
        return "all" if since == OLDEST else f"{since} on"
    return f"{since} to {until}" if since > OLDEST else f"up to {until}"
