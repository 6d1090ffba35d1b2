"""A review's cells and sentences, said alike in Markdown, on a terminal and in JSON."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

from raincheck.engine.finding import Severity
from raincheck.locks.modes import Blocked, Mode, blocks
from raincheck.locks.words import counted, together
from raincheck.plan.gate import Gate
from raincheck.plan.lasting import drops_leftover
from raincheck.report.locked import locked, unknowns
from raincheck.report.text import basis, versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.engine.finding import Safety
    from raincheck.engine.reversible import Grade, Reversibility
    from raincheck.engine.step import Step
    from raincheck.plan.review import Held, Line, Review
    from raincheck.plan.verification import Verification
    from raincheck.sql.names import Name

LONGEST = 72
"""Characters of a statement in a table."""
MOST_NAMES = 3

SAFETY: dict[Safety, str] = {
    "exact": "the same schema under weaker locks, with nothing else to do",
    "needs-deploy": "spread over deploys",
    "manual": "for you to decide",
}
"""What a fix asks of whom applies it."""

_UNDONE: dict[Grade, str] = {
    "exact": "yes: ",
    "unknown": "not known: ",
    "loses-data": "not without loss: ",
    "impossible": "no: ",
}


def sql(step: Step) -> str:
    """A statement on one line, cut where it is long."""
    return textwrap.shorten(step.statement.text, LONGEST, placeholder=" …")


def risk(line: Line) -> str:
    """`danger`, `risk` or `safe`; with the class of the change where nothing was found against one that has one."""
    if line.severity is not None:
        return line.severity.value
    word = "not known" if _unread(line.step) else "safe"
    return word if line.gate is Gate.GREEN else f"{word} (gate {line.gate})"


def locks(step: Step) -> str:
    """The locks on what was there before the run, each mode with what it blocks: the felt ones, or else the weaker."""
    if drops_leftover(step):
        return f"if it is there, {Mode.SHARE_UPDATE_EXCLUSIVE.sql} on its table: {blocked(Mode.SHARE_UPDATE_EXCLUSIVE)}"
    taken = [one for one in locked(step) if one.existing and not one.is_index]
    modes = {one.relation: one.working or one.mode for one in taken}
    felt = {relation: mode for relation, mode in modes.items() if mode.rank >= Mode.SHARE.rank}
    shown = felt or modes
    if not shown:
        return "not known" if _unread(step) else "none"
    by_mode: dict[Mode, list[Name]] = {}
    for relation, mode in shown.items():
        by_mode.setdefault(mode, []).append(relation)
    ordered = sorted(by_mode.items(), key=lambda item: -item[0].rank)
    return "; ".join(f"{mode.sql} on {_names(names)}: {blocked(mode)}" for mode, names in ordered)


def blocked(mode: Mode) -> str:
    """What a lock keeps others from, in as few words as can be."""
    stopped = blocks(mode)
    if Blocked.READ in stopped:
        return "blocks reads and writes"
    return "blocks writes" if Blocked.WRITE in stopped else "reads and writes go on"


def _unread(step: Step) -> bool:
    """Whether something about it could not be told."""
    return not step.actions or (bool(unknowns(step)) and not drops_leftover(step))


def undone(found: Reversibility) -> str:
    """Whether a statement can be undone, and how."""
    return f"{_UNDONE[found.grade]}{found.how}"


def opening(review: Review) -> str:
    """What the verdict means, how much was found, and the gate."""
    found = Counter(finding.severity for finding in review.findings)
    said = together([counted(found[one], one) for one in Severity if found[one]] or ["nothing"])
    where = counted(len(review.lines), "statement")
    return f"{review.verdict.means} Found: {said} in {where}. Deploy gate: {review.gate}, {review.gate.asks}."


def told_by(review: Review) -> str:
    """What the review rests on: who says what is pending, and for which PostgreSQL it answers."""
    if review.applied:
        return f"It has run already, and is reviewed as it was, alone. {versions(review.analysis)}"
    return basis(review.analysis)


def holding(review: Review, held: Held) -> str:
    """A lock that stays: since which statement, while which others run."""
    since, until = review.number(held.since.ordinal), review.number(held.until.ordinal)
    place = f"statement {since}"
    end = f"statement {until}" if until is not None else f"the end of {held.until.migration.tag}"
    many = counted(held.behind, "more statement")
    working = [str(number) for step in held.working if (number := review.number(step.ordinal)) is not None]
    slow = (
        f"; of these, {together(working)} work{'s' * (len(working) == 1)} through a whole table"
        if working
        else ""
    )
    return (
        f"{held.mode.sql} on {held.relation} ({blocked(held.mode)}), from {place} to {end}: "
        f"{many} run{'s' * (held.behind == 1)} under it{slow}"
    )


def rows_changed(found: Verification) -> str:
    """What no catalog tells."""
    many = len(found.rows)
    which = "1 statement changes" if many == 1 else f"{many} statements change"
    return f"{which} rows, of which no catalog tells: count them by hand."


def _names(names: Sequence[Name]) -> str:
    shown = [str(name) for name in names[:MOST_NAMES]]
    more = len(names) - MOST_NAMES
    return together([*shown, f"{more} more"] if more > 0 else shown)
