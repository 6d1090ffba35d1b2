"""The measured statements that other programs can be asked about, and how an answer compares with what was measured.

Of each statement in tests/locks/measured.json one version is taken: 15, or the one next to it on which it ran. Left
out are those that fail on every version or lock nothing that was there before, and queries (`dml`), whose locks
migration linters do not set out to tell.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from raincheck.locks.modes import Mode, strongest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MEASURED = Path(__file__).resolve().parents[1] / "tests" / "locks" / "measured.json"
VERSIONS = (15, 16, 17, 18, 14, 13, 12)
QUERIES = "dml"
GROUPS = {
    "indexes": "index",
    "constraints": "constraint",
    "columns": "add_column drop_column column_option",
    "column types": "alter_type",
    "partitions, inheritance": "partition inherit",
    "tables": "create_table drop_table rename truncate storage",
    "views, rules": "view matview rule",
    "triggers, policies, functions": "trigger rls function",
    "sequences, types, domains": "sequence type domain",
    "maintenance": "maintenance",
    "several at once, Drizzle's idioms": "multi drizzle",
    "others": "comment grant publication misc statistics schema",
}
"""A row of the table → the categories of measured.json in it."""
_GROUP_OF = {category: group for group, categories in GROUPS.items() for category in categories.split()}

_EMPTIES = re.compile(r"TRUNCATE\b|.*WITH NO DATA$", re.DOTALL)
"""A new file and no rows: not a rewrite."""
_READ_IN_SILENCE = re.compile("ALTER DOMAIN")
"""PostgreSQL reads the rows of tables without saying so at DEBUG1, so that a scan could not be measured."""


@dataclass(frozen=True, slots=True)
class Case:
    """Relations go by their bare names. `scanned` is None where it was not measured; `reads` is any full reading."""

    name: str
    group: str
    setup: tuple[str, ...]
    sql: str
    version: int
    locks: Mapping[str, Mode]
    rewritten: bool
    scanned: bool | None
    reads: bool

    @property
    def target(self) -> str:
        """The relation that the statement names first; empty where it names none that it locks."""
        found = ((re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.sql), name) for name in self.locks)
        return min(((place.start(), name) for place, name in found if place), default=(0, ""))[1]

    @property
    def mode(self) -> Mode:
        """The strongest lock on the target; where there is none, on anything."""
        return self.locks[self.target] if self.target else strongest(tuple(self.locks.values()))

    @property
    def is_felt(self) -> bool:
        """Whether one of the locks blocks reads or writes."""
        return any(mode.conflicts(Mode.ROW_EXCLUSIVE) for mode in self.locks.values())


@dataclass(frozen=True, slots=True)
class Claim:
    """What a program says of a case. The relation is empty where it does not say on which the lock is."""

    modes: Mapping[str, Mode] = field(default_factory=dict)
    rewrites: bool | None = False
    """None: it says that this depends on what it does not know."""
    scans: bool = False
    is_parsed: bool = True


class Verdict(Enum):
    RIGHT = "right"
    STRONGER = "stronger than real"
    WEAKER = "weaker than real"
    SILENT = "silent on a lock that is felt"
    SILENT_HARMLESS = "silent on a harmless lock"
    UNREADABLE = "cannot parse"


def verdict(case: Case, claim: Claim) -> Verdict:
    """A claim about a relation is held against that relation; one about the statement may mean the target or all."""
    if not claim.is_parsed:
        return Verdict.UNREADABLE
    if not claim.modes:
        return Verdict.SILENT if case.is_felt else Verdict.SILENT_HARMLESS
    named = next(
        (name for name in (case.target, *claim.modes) if name in claim.modes and name in case.locks), None
    )
    if named is not None:
        said, real = claim.modes[named], {case.locks[named]}
    else:
        said, real = (
            strongest(tuple(claim.modes.values())),
            {case.mode, strongest(tuple(case.locks.values()))},
        )
    if said in real:
        return Verdict.RIGHT
    return Verdict.STRONGER if said.rank > max(mode.rank for mode in real) else Verdict.WEAKER


def cases() -> list[Case]:
    measured = json.loads(MEASURED.read_text("utf-8"))
    found = (_case(entry) for entry in measured if entry["category"] != QUERIES)
    return [case for case in found if case is not None]


def _case(entry: dict) -> Case | None:
    for version in VERSIONS:
        for result in entry["results"]:
            if version in result["versions"] and result["locks"] and not result["error"]:
                return _measured(entry, result, version)
    return None


def _measured(entry: dict, result: dict, version: int) -> Case:
    said = " ".join(result["scan"])
    rewritten = bool(result["rewrite"]) and not _EMPTIES.match(entry["sql"])
    checked = bool(re.search("verifying table|validating foreign key", said))
    built = any(f'on table "{name}"' in said for name in map(bare, result["locks"]))
    return Case(
        name=entry["id"],
        group=_GROUP_OF[entry["category"]],
        setup=tuple(entry["setup"]),
        sql=entry["sql"],
        version=version,
        locks=by_bare_name((name, Mode(mode)) for name, modes in result["locks"].items() for mode in modes),
        rewritten=rewritten,
        scanned=None if _READ_IN_SILENCE.match(entry["sql"]) else checked and not rewritten,
        reads=rewritten or checked or built,
    )


def by_bare_name(locks: Iterable[tuple[str, Mode]]) -> dict[str, Mode]:
    found: dict[str, Mode] = {}
    for name, mode in locks:
        found[bare(name)] = strongest((found.get(bare(name), mode), mode))
    return found


def bare(name: str) -> str:
    return name.rpartition(".")[2]
