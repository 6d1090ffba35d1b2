"""The tables of docs/locks.md that answer a question of their own, worked out from the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.locks import row_words
from raincheck.locks.conversions import DEFAULTS, PAIRS, TYPES, column, conversion
from raincheck.locks.examples import FOREIGN_KEYS, PARTITIONS, by_version
from raincheck.locks.modes import Blocked, Mode, blocks
from raincheck.locks.row import NEWEST, OLDEST
from raincheck.locks.table import ROWS
from raincheck.locks.titles import anchor, title
from raincheck.locks.words import NAMES, done

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raincheck.locks.examples import Example, Outcome
    from raincheck.locks.row import Row
    from raincheck.sql.kinds import Kind


def modes() -> str:
    """What each mode blocks."""
    rows = (
        (mode.sql, f"`{mode.value}`", *("✗" if what in blocks(mode) else "" for what in Blocked))
        for mode in Mode
    )
    head = ("held, or waited for", "in `pg_locks`", *(f"blocks {NAMES[what]}" for what in Blocked))
    return _table(head, rows)


def conflicts() -> str:
    """Which modes conflict."""
    rows = ((mode.sql, *("✗" if mode.conflicts(other) else "" for other in Mode)) for mode in Mode)
    return _table(("conflicts with", *(mode.sql for mode in Mode)), rows)


def conversions() -> str:
    """A square of types, and pairs beyond it. What is cheap is set in bold."""
    square = ((f"**{old}**", *("" if old == new else conversion(old, new) for new in TYPES)) for old in TYPES)
    pairs = ((f"`{old}`", f"`{new}`", conversion(old, new)) for old, new in PAIRS)
    head = ("from ↓ to →", *TYPES)
    return f"{_table(head, square)}\n{PAIRED}\n{_table(('from', 'to', ''), pairs)}"


PAIRED = """\
Modifiers, arrays, and types of one's own (`mood` is an enum, `plain_text` a domain over `text`, `short_text` one with a
CHECK):
"""


def defaults() -> str:
    """New columns."""
    rows = (
        (f"`{definition}`", column(definition, since), "" if since == OLDEST else f"PostgreSQL {since} on")
        for definition, since in DEFAULTS
    )
    return _table(("new column", "costs", ""), rows)


def foreign_keys() -> str:
    """Statements about a foreign key, and what they lock on both sides."""
    return _examples(FOREIGN_KEYS, ("orders", "users"))


def partitions() -> str:
    """Statements about partitions, and what they lock of the parent and others."""
    return _examples(PARTITIONS, ("events",))


def concurrent() -> str:
    """The statements that are refused in a transaction block, in one paragraph."""
    told = dict.fromkeys((row.outside_transaction, _bounds(row)) for row in ROWS if row.outside_transaction)
    return ", ".join(f"`{command}`{f' ({bounds})' if bounds else ''}" for command, bounds in told) + ".\n"


def changes() -> str:
    """What differs from one version to the next: rows and locks that begin or end with it."""
    found: dict[tuple[int, str], dict[str, None]] = {}
    for since, kind, what in (*_new_rows(), *_changed_locks()):
        found.setdefault((since, what), {})[_linked(kind)] = None
    rows = (
        (str(since), "<br>".join(kinds), shortened(what))
        for (since, what), kinds in sorted(found.items(), key=_first)
    )
    return _table(("since", "statement", "what"), rows)


def _first(item: tuple[tuple[int, str], dict[str, None]]) -> tuple[int, str]:
    return item[0][0], next(iter(item[1]))


def _new_rows() -> Iterator[tuple[int, Kind, str]]:
    oldest: dict[Kind, int] = {}
    for row in ROWS:
        oldest[row.kind] = min(row.since, oldest.get(row.kind, NEWEST))
    for row in ROWS:
        if row.since > oldest[row.kind]:
            yield row.since, row.kind, f"{_when(row)}: {_taken(row)}"
        elif row.since > OLDEST:
            yield row.since, row.kind, "is new"


def _changed_locks() -> Iterator[tuple[int, Kind, str]]:
    """What a row locks from a version on that it did not lock so before, and the other way round."""
    for row in ROWS:
        for version in range(row.since + 1, row.until + 1):
            now = [f"{lock.mode.sql}: {lock.on.words}" for lock in row.locks if lock.since == version]
            old = [f"{lock.mode.sql}: {lock.on.words}" for lock in row.locks if lock.until == version - 1]
            prefix = f"{_when(row)}: " if row.when else ""
            match now, old:
                case [], []:
                    continue
                case _, []:
                    yield version, row.kind, f"{prefix}also {'; '.join(now)}"
                case [], _:
                    yield version, row.kind, f"{prefix}no longer {'; '.join(old)}"
                case _:
                    yield version, row.kind, f"{prefix}{'; '.join(now)}, before {'; '.join(old)}"


def _when(row: Row) -> str:
    return row.when.words if row.when else "otherwise"


def _taken(row: Row) -> str:
    told = [f"{mode.sql}: {on}" for mode, on in row_words.locks(row)]
    return "; ".join([*told, *row_words.work(row)]) or "no lock"


def _examples(examples: Sequence[Example], columns: Sequence[str]) -> str:
    """A row for each range of versions that answers alike; relations beyond the columns share the last."""
    rows = []
    for example in examples:
        for since, until, found in by_version(example):
            bounded = (since, until) != (OLDEST, NEWEST)
            said = f"`{example.statement}`" + (
                f"<br>PostgreSQL {row_words.versions(since, until)}" if bounded else ""
            )
            rows.append((said, *_by_relation(found, columns), _meanwhile(found)))
    return _table(("statement", *(f"`{name}`" for name in columns), "others", "meanwhile"), rows)


def _by_relation(found: Outcome, columns: Sequence[str]) -> Iterator[str]:
    locks = dict(found.locks)
    yield from (locks[name].sql if name in locks else "" for name in columns)
    others: dict[Mode, list[str]] = {}
    for name, mode in found.locks:
        if name not in columns and not name.endswith(_INDEXES):
            others.setdefault(mode, []).append(f"`{name}`")
    yield "<br>".join(f"{mode.sql}: {', '.join(names)}" for mode, names in others.items())


_INDEXES = ("_pkey", "_idx", "_kind")


def _meanwhile(found: Outcome) -> str:
    told = [f"`{name}`: {done(work)}" for name, work in found.work if not name.endswith(_INDEXES)]
    return "<br>".join([*told, *(["**refused in a transaction block**"] if found.refused else [])])


def shortened(text: str) -> str:
    """Words of the rows that are too long to be read a hundred times."""
    return text.replace(
        "the table, its partitions and the tables that inherit from it", "the table and its children"
    )


def _linked(kind: Kind) -> str:
    return f"[{title(kind)}](#{anchor(kind)})"


def _bounds(row: Row) -> str:
    whole = (row.since, row.until) == (OLDEST, NEWEST)
    return "" if whole else f"PostgreSQL {row_words.versions(row.since, row.until)}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)
    return "\n".join((f"| {' | '.join(head)} |", "|" + "---|" * len(head), *lines, ""))
