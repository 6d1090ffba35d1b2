"""How large tables are, by what the team says, a live database or a file that was taken from one.

A size has a class, which moves severities, and figures where somebody measured. The class is that of the larger figure:

| class | rows | heap |
|---|---|---|
| small | fewer than 10,000 | less than 16 MB |
| medium | | |
| large | 1,000,000 or more | 1 GB or more |

Small needs both, large one of them. A table below the first is read, indexed and rewritten in a fraction of a second on
any server that carries one above the second, where the same work takes seconds at the least (bench/durations.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Mapping

SMALL_ROWS, LARGE_ROWS = 10_000, 1_000_000
SMALL_BYTES, LARGE_BYTES = 16 * 1024**2, 1024**3


class SizeClass(StrEnum):
    """What a size means for work that grows with the table."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a server knows of one relation: estimated rows (None where it was never analysed), and bytes."""

    rows: int | None
    heap: int
    indexes: int
    total: int
    """With TOAST."""


@dataclass(frozen=True, slots=True)
class Size:
    """The size of one relation. `by` says in words who says so: "raincheck.toml", 'the database "app" on db'."""

    by: str
    said: SizeClass | None = None
    """The class, where the team says that and no number."""
    rows: int | None = None
    figures: Figures | None = None
    """Set where it was measured."""

    @property
    def of_class(self) -> SizeClass:
        if self.said is not None:
            return self.said
        rows, heap = self.rows, self.figures.heap if self.figures else None
        if (rows or 0) >= LARGE_ROWS or (heap or 0) >= LARGE_BYTES:
            return SizeClass.LARGE
        small = (rows is None or rows < SMALL_ROWS) and (heap is None or heap < SMALL_BYTES)
        return SizeClass.SMALL if small else SizeClass.MEDIUM


@dataclass(frozen=True, slots=True)
class Sizes:
    """All that is known. What the team says wins, then a live database, then the file."""

    said: Mapping[Name, Size] = field(default_factory=dict)
    """A name without a schema stands for a table of that name in any."""
    measured: Mapping[Name, Size] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    """Where they come from, in words, the first winning over the next."""

    def __bool__(self) -> bool:
        return bool(self.said or self.measured)

    def of(self, name: Name) -> Size | None:
        """The size of a relation by its full name."""
        return self.said.get(name) or self.said.get(Name("", name.name)) or self.measured.get(name)


NO_SIZES = Sizes()


def written(key: str) -> Name:
    """A table as people write it: `events`, `public.events`, `"Weird.Name"`, `analytics."Events"`; in its true case."""
    schema, name, rest = "", "", key.strip()
    while rest:
        part, rest = _identifier(rest)
        schema, name = name, part
    return Name(schema, name)


def _identifier(text: str) -> tuple[str, str]:
    """The first identifier of a qualified name, and what follows the dot behind it."""
    if not text.startswith('"'):
        part, _, rest = text.partition(".")
        return part, rest
    end = text.find('"', 1)
    while end > 0 and text[end + 1 : end + 2] == '"':
        end = text.find('"', end + 2)
    if end < 0:
        return text, ""
    return text[1:end].replace('""', '"'), text[end + 1 :].removeprefix(".")
