"""The measured statements put to Raincheck, squawk and pgfence: who tells the lock that PostgreSQL takes.

    python bench/locks_comparison.py [--write] [--differences FILE] [--pgfence PACKAGE]

Prints the tables of docs/comparison.md, or writes them into it. Every figure is counted from the programs' own JSON.
Raincheck and squawk are those installed beside this Python; npm fetches pgfence into a temporary folder. `make
generated` asks the first two again.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from locks_asked import PGFENCE, pgfence, raincheck, squawk, version_of
from locks_cases import GROUPS, Case, Claim, Verdict, cases, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PAGE = Path(__file__).resolve().parents[1] / "docs" / "comparison.md"
TABLES = re.compile(r"(?<=<!-- tables: bench/locks_comparison\.py -->\n).*(?=<!-- /tables -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Figures:
    """One program's part of each table, as it is printed."""

    totals: tuple[str, ...]
    groups: tuple[str, ...]
    work: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="write the tables into docs/comparison.md")
    parser.add_argument(
        "--without-pgfence", action="store_true", help="keep pgfence's figures as on the page"
    )
    parser.add_argument(
        "--differences", type=Path, help="write what is not told right to this file, a line each"
    )
    parser.add_argument(
        "--pgfence", default=PGFENCE, metavar="PACKAGE", help="what `npm install` is to fetch"
    )
    options = parser.parse_args()
    put = cases()
    with tempfile.TemporaryDirectory() as folder:
        said = installed(put, Path(folder))
        name = f"pgfence {options.pgfence.rpartition('@')[2]}"
        said[name] = pgfence(put, Path(folder, "pgfence"), options.pgfence)
    text = tables(put, {name: figures(put, claims) for name, claims in said.items()})
    if options.write:
        PAGE.write_text(TABLES.sub(lambda _: text, PAGE.read_text("utf-8")), "utf-8")
    else:
        print(text)
    if options.differences:
        options.differences.write_text("".join(differences(put, said)), "utf-8")


def current(page: str) -> str:
    """The page with the figures of what is installed counted anew; pgfence's stay."""
    put = cases()
    with tempfile.TemporaryDirectory() as folder:
        found = {name: figures(put, claims) for name, claims in installed(put, Path(folder)).items()}
    kept = {name: each for name, each in read_figures(page).items() if name.startswith("pgfence")}
    text = tables(put, found | kept)
    return TABLES.sub(lambda _: text, page)


def installed(put: Sequence[Case], folder: Path) -> dict[str, Mapping[str, Claim]]:
    """What Raincheck and squawk say, by the names of their columns."""
    ours, theirs = raincheck(put, folder / "raincheck"), squawk(put, folder / "squawk")
    return {"raincheck": ours, f"squawk {version_of('squawk')}": theirs}


def figures(put: Sequence[Case], claims: Mapping[str, Claim]) -> Figures:
    return Figures(
        tuple(_totals(put, claims)),
        tuple(_group([case for case in put if case.group == group], claims) for group in GROUPS),
        tuple(_work(put, claims)),
    )


def _totals(put: Sequence[Case], claims: Mapping[str, Claim]) -> list[str]:
    found = Counter(verdict(case, claims[case.name]) for case in put)
    whole = sum(claims[case.name].modes == case.locks for case in put)
    names = any(name for claim in claims.values() for name in claim.modes)
    return [*(str(found[each]) for each in Verdict), str(whole) if names else "names none"]


def _group(put: Sequence[Case], claims: Mapping[str, Claim]) -> str:
    found = Counter(verdict(case, claims[case.name]) for case in put)
    wrong = found[Verdict.STRONGER] + found[Verdict.WEAKER]
    return f"{found[Verdict.RIGHT]} / {wrong} / {found.total() - found[Verdict.RIGHT] - wrong}"


def _work(put: Sequence[Case], claims: Mapping[str, Claim]) -> list[str]:
    def count(holds: Callable[[Case, Claim], bool | None]) -> str:
        return str(sum(bool(holds(case, claims[case.name])) for case in put))

    return [
        count(lambda case, claim: case.rewritten and claim.rewrites),
        count(lambda _, claim: claim.rewrites is None),
        count(lambda case, claim: not case.rewritten and claim.rewrites),
        count(lambda case, claim: _scan_is_felt(case) and claim.scans),
        count(lambda case, claim: case.scanned is False and not case.reads and claim.scans),
    ]


def _scan_is_felt(case: Case) -> bool:
    return bool(case.scanned) and case.is_felt


def tables(put: Sequence[Case], found: Mapping[str, Figures]) -> str:
    """Three tables with blank lines around each; a program is a row of the first and third, a column of the second."""
    rewritten, scanned = sum(case.rewritten for case in put), sum(map(_scan_is_felt, put))
    work = (
        *("rewrites and scans", f"rewrites told, of {rewritten}", "left open", "told, but there is none"),
        *(f"scans told, of {scanned}", "told, but nothing is read"),
    )
    verdicts = (f"{len(put)} statements", *(each.value for each in Verdict), "all relations right")
    cells = zip(GROUPS, *(each.groups for each in found.values()), strict=True)
    return "\n" + "\n".join((
        _table(verdicts, [(name, *each.totals) for name, each in found.items()]),
        _table(("right / wrong / not told", *found), list(cells)),
        _table(work, [(name, *each.work) for name, each in found.items()]),
        "",
    ))  # fmt: skip


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def read_figures(page: str) -> dict[str, Figures]:
    """What the page's tables say of each program: `tables` backwards."""
    printed = TABLES.search(page)
    if printed is None:
        raise ValueError("the page has no place for the tables")
    grids = [
        [tuple(line.strip("| ").split(" | ")) for line in table.splitlines()]
        for table in printed[0].strip().split("\n\n")
    ]
    totals, groups, work = ([grid[0], *grid[2:]] for grid in grids)
    return {
        name: Figures(tuple(row), tuple(column), tuple(done))
        for (name, *row), (_, *column), (_, *done) in zip(
            totals[1:], list(zip(*groups, strict=True))[1:], work[1:], strict=True
        )
    }


def differences(put: Sequence[Case], said: Mapping[str, Mapping[str, Claim]]) -> list[str]:
    """A line for each statement of which a program does not tell the lock, the rewrite or the scan right."""
    return [
        f"{name}\t{found.value}\t{case.name}\tPostgreSQL {case.version}\t{_real(case)}\t{_said(claim)}\t"
        f"{' '.join(case.sql.split())}\n"
        for name, claims in said.items()
        for case in put
        for claim in [claims[case.name]]
        for found in [verdict(case, claim)]
        if found is not Verdict.RIGHT
        or claim.rewrites is not case.rewritten
        or claim.scans is not case.scanned
    ]


def _real(case: Case) -> str:
    modes = ", ".join(f"{mode.sql} on {name}" for name, mode in case.locks.items())
    return modes + " rewrite" * case.rewritten + " scan" * bool(case.scanned)


def _said(claim: Claim) -> str:
    modes = ", ".join(f"{mode.sql} on {name or 'no name'}" for name, mode in claim.modes.items())
    return f"{modes or 'nothing'}{' rewrite' * bool(claim.rewrites)}{' scan' * claim.scans}"


if __name__ == "__main__":
    main()
