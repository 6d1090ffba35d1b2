"""Random schemas and statements on a real server: whatever they are, locks, work and catalog are as predicted.

RAINCHECK_SEEDS=200-999 runs other sequences than those of `make test`. What differs is shown by as few statements as
show it, ready to become a case in `drawn_cases.py`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from support.random_sql.run import run, shrunk

if TYPE_CHECKING:
    from support.pg import Server
    from support.random_sql.run import Difference

LEAST_ACCEPTED = 0.7
"""Of the statements of a sequence, the share that the server should take: else the drawing has gone astray."""


def seeds() -> range:
    first, _, last = os.environ.get("RAINCHECK_SEEDS", "0-9").partition("-")
    return range(int(first), int(last or first) + 1)


@pytest.mark.parametrize("seed", seeds())
def test_a_random_sequence_does_what_is_predicted(postgres: Server, seed: int) -> None:
    outcome = run(postgres, seed)
    for found in outcome.wrong[:1]:
        pytest.fail(shown(shrunk(postgres, found)), pytrace=False)
    accepted, refused = len(outcome.accepted), len(outcome.refused)
    assert accepted >= LEAST_ACCEPTED * (accepted + refused), outcome.refused


def shown(found: Difference) -> str:
    """The shortest way to a difference, and the difference."""
    return "\n".join([*(f"{command};" for command in found.setup), f"-- {found.statement}", *found.told])
