"""`raincheck.stats.json`: the sizes of a database's tables, read and written. It holds names and numbers, and no data.

`docs/stats.schema.json` is generated from its models.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - pydantic reads the fields' types
from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationError

from raincheck.engine.json_files import Model, first_mistake, published
from raincheck.engine.sizes import Figures
from raincheck.project.project import FileProblem
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Mapping


class Relation(Model):
    """A table, partitioned table (with all its partitions) or materialized view."""

    table_schema: str = Field(alias="schema", description="The schema, in its true case.")
    name: str = Field(description="The name, in its true case.")
    rows: int | None = Field(ge=0, description="As PostgreSQL estimates; null where it was never analysed.")
    heap_bytes: int = Field(ge=0)
    index_bytes: int = Field(ge=0)
    total_bytes: int = Field(ge=0, description="Heap, indexes and TOAST.")


class File(Model):
    """What `raincheck status --save-stats` writes."""

    schema_: Literal[1] = Field(alias="schema")
    taken_at: date = Field(description="The day on which it was taken, in UTC.")
    postgres: str = Field(description="The server's version.")
    relations: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Stats:
    """What a server said of its tables on a day."""

    taken_at: date
    postgres: str
    figures: Mapping[Name, Figures] = field(default_factory=dict)


def read_stats(text: str, path: str) -> tuple[Stats | None, tuple[FileProblem, ...]]:
    """What is in the file at a path of the project, or what is wrong with it."""
    try:
        file = File.model_validate_json(text.removeprefix("\ufeff"))
    except ValidationError as error:
        return None, (
            FileProblem(
                "settings-invalid",
                path,
                f"These sizes of tables cannot be read ({first_mistake(error)}), so they are not known.",
                "`raincheck status --database-url URL --save-stats` writes the file anew.",
            ),
        )
    figures = {
        Name(one.table_schema, one.name): Figures(one.rows, one.heap_bytes, one.index_bytes, one.total_bytes)
        for one in file.relations
    }
    return Stats(file.taken_at, file.postgres, figures), ()


def render(stats: Stats) -> str:
    """The file's text, the tables by name."""
    relations = tuple(
        Relation(
            table_schema=name.schema,
            name=name.name,
            rows=one.rows,
            heap_bytes=one.heap,
            index_bytes=one.indexes,
            total_bytes=one.total,
        )
        for name, one in sorted(stats.figures.items())
    )
    file = File(schema_=1, taken_at=stats.taken_at, postgres=stats.postgres, relations=relations)
    return file.model_dump_json(by_alias=True, indent=2) + "\n"


def schema() -> str:
    """Its JSON Schema."""
    return published(File)
