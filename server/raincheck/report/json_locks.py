"""What the JSON reports say of one lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from raincheck.engine.durations import duration
from raincheck.engine.sizes import SizeClass  # noqa: TC001 - pydantic reads the fields' types
from raincheck.locks.effects import Work  # noqa: TC001 - as above
from raincheck.locks.modes import Blocked, Mode, blocks
from raincheck.locks.words import blocked
from raincheck.report.contract import Model
from raincheck.report.encoding import utf8

if TYPE_CHECKING:
    from raincheck.engine.sizes import Size
    from raincheck.report.locked import Locked


Relation = Annotated[str, Field(description="schema.name, without quotes, in its true case.")]


class SizeReport(Model):
    """How large a table is. An index has its table's."""

    size: SizeClass = Field(description="What it means for work that grows with the table.")
    rows: int | None = Field(description="As PostgreSQL estimates, or as raincheck.toml says.")
    bytes: int | None = Field(description="With indexes and TOAST, where it was measured.")
    by: str = Field(description="Who says so, in words.")


class LockReport(Model):
    """A lock on a relation that existed before the statement: a table, parent, partition or index."""

    relation: Relation
    mode: Mode = Field(description="The strongest, as pg_locks names it.")
    working: Mode | None = Field(
        None, description="Held until nobody uses the relation any more; then `mode` is."
    )
    says: str = Field(description="What a holder keeps others from, in words.")
    blocks: tuple[Blocked, ...] = Field(description="What other sessions cannot do while it is held.")
    work: tuple[Work, ...] = Field(description="What is done while it is held, besides changing the catalog.")
    size: SizeReport | None = Field(None, description="Set where it is known.")
    duration: str = Field(
        "",
        description="How long the work takes, to an order of magnitude and by estimate; empty where nobody measured.",
    )


def lock_report(one: Locked, size: Size | None) -> LockReport:
    """One lock of a report."""
    return LockReport(
        relation=str(one.relation),
        mode=one.mode,
        working=one.working,
        says=blocked(one.working or one.mode),
        blocks=blocks(one.working or one.mode),
        work=one.work,
        size=_size(size) if size else None,
        duration=duration(one.work, size.figures) if size and size.figures else "",
    )


def _size(size: Size) -> SizeReport:
    figures = size.figures
    return SizeReport(
        size=size.of_class, rows=size.rows, bytes=figures.total if figures else None, by=utf8(size.by)
    )
