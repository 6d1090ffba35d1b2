"""A thing that a schema holds, as a row of one of PostgreSQL's catalogs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A thing that is there: a row of a system catalog."""

    thing: str
    """In words: `column "country" of "public"."profiles"`."""
    catalog: str
    where: str
    """What finds its row."""
    must: str = ""
    """What must hold of the row, besides."""
    as_it_is: str = ""
    """The same in words: `text, NOT NULL`."""
    definition: object = None
    """What else makes it what it is, and only a person can compare with what the catalog says."""
    shown: str = ""
    """The expression that shows that."""
    part: bool = False
    """Whether it comes and goes with its table."""

    @property
    def holds(self) -> str:
        """True where it is there as it should be."""
        must = f" AND {self.must}" if self.must else ""
        return f"EXISTS (SELECT FROM {self.catalog} WHERE {self.where}{must})"

    @property
    def gone(self) -> str:
        """True where it is not there."""
        return f"NOT EXISTS (SELECT FROM {self.catalog} WHERE {self.where})"
