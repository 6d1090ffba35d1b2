"""How much of the pending migrations' work a database has, though nobody recorded them as applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Present = Literal["all", "partly", "none", "untold"]
"""Of one migration; `untold` where its work, if any, is none that tables show."""


@dataclass(frozen=True, slots=True)
class Work:
    """Of one pending migration. Statements are said as `0001_index:12`."""

    tag: str
    present: Present
    lacks: tuple[str, ...] = ()
    """What is not there or is otherwise, a line for people each, with the statement that would make it."""
    untold: tuple[str, ...] = ()
    """The statements of which tables show nothing, a line each."""
    failure: str = ""
    """How its next run fails on what is there, where that is certain: PostgreSQL's words and SQLSTATE."""
    harmless: bool = False
    """Whether all of its statements that made what is there pass over it: IF NOT EXISTS, for one."""


def begun(works: Sequence[Work]) -> tuple[Work, ...]:
    """Those up to the last one of which anything is there."""
    last = max(
        (number for number, work in enumerate(works, 1) if work.present in {"all", "partly"}), default=0
    )
    return tuple(works[:last])
