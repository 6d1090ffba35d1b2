"""One migration after another that creates two tables: the smallest project in which something can be blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from support.projects import analysis, chunked

if TYPE_CHECKING:
    from raincheck.engine.analysis import Analysis

TABLES = chunked(
    'CREATE TABLE "users" ("id" integer PRIMARY KEY, "name" varchar(40), "age" integer);',
    'CREATE TABLE "posts" ("id" integer PRIMARY KEY, "author" integer);',
)


def changing(*statements: str, tables: str = TABLES, **options: Any) -> Analysis:
    """The analysis of the pending migration `0001_change` with these statements, after the applied `0000_init`."""
    texts = {"0000_init": tables, "0001_change": chunked(*statements)}
    return analysis(texts, since="0000_init", **options)
