"""How much time an analysis may take; nothing here reads a clock.

Who types wants to know at once what is wrong with the statement at hand. What an edit does to thousands of statements
behind it may come later, and is of no use any more when the next key is struck meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class HaltedError(Exception):
    """Nobody wants the answer any more. Nothing has changed."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Haste:
    """`steps`: how many are worked out from a changed statement on; of the others is said what was said of them before,
    until somebody asks again without haste. None: all. `halted` is asked at each step.
    """

    steps: int | None = None
    halted: Callable[[], bool] = _never

    @property
    def patient(self) -> Haste:
        """The same, with all steps."""
        return self if self.steps is None else replace(self, steps=None)

    def check(self) -> None:
        """Raises HaltedError where nobody waits any more."""
        if self.halted():
            raise HaltedError


PATIENT = Haste()
