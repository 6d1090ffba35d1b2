"""How work that others wait for is kept away from the locks of other statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.fixes.concurrently import online_chunks
from raincheck.fixes.constraints import staged
from raincheck.fixes.writing import in_chunks
from raincheck.rules.locking.constraints import in_two_parts
from raincheck.rules.phrases import listed
from raincheck.sql.kinds import Kind
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name

_STAGED = {Kind.ADD_FOREIGN_KEY, Kind.ADD_CHECK}


def apart(step: Step, action: Action, shut: Sequence[Name]) -> str:
    """What to do about work behind statements that lock the relations in `shut`."""
    if action.kind is Kind.CREATE_INDEX and step.transaction.open and (chunks := online_chunks(step, action)):
        return f"Build it CONCURRENTLY, in a migration of its own that leaves the transaction:\n{in_chunks(chunks)}"
    if action.kind in _STAGED and (parts := staged(step, action)):
        return in_two_parts(parts, step)
    what = listed([quoted_name(name) for name in shut])
    return (
        f"Deploy it apart from what locks {what}: in an earlier or a later deployment, which is a transaction of its own. "
        "Within one, the work comes first and what needs the strongest lock last."
    )
