"""The examples of docs/locks.md beyond the rows' own, on real servers: types, defaults, foreign keys, partitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from locks.differences import differences
from locks.predictions import predict, replay
from raincheck.locks.conversions import DEFAULTS, PAIRS, TYPES, added, changed, column, conversion
from raincheck.locks.examples import FOREIGN_KEYS, PARTITIONS, Example
from support.locks_probe import observe, watch_in

if TYPE_CHECKING:
    import psycopg

    from support.pg import Server

EXAMPLES = (*FOREIGN_KEYS, *PARTITIONS)
SQUARE = [(old, [new for new in TYPES if new != old]) for old in TYPES]


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.statement for example in EXAMPLES])
def test_an_example(example: Example, postgres: Server, connection: psycopg.Connection) -> None:
    schema = replay(example.setup)
    found = predict(schema, example.statement, postgres.major)
    seen = observe(connection, example.setup, example.statement)
    assert differences(found, seen, schema, example.statement) == []


@pytest.mark.parametrize(("old", "news"), SQUARE, ids=TYPES)
def test_the_square_of_types(old: str, news: list[str], connection: psycopg.Connection) -> None:
    said = {new: conversion(old, new) for new in news}
    assert {new: seen_conversion(connection, old, new) for new in news} == utc(said)


@pytest.mark.parametrize(("old", "new"), PAIRS, ids=map(" to ".join, PAIRS))
def test_a_pair_of_types(old: str, new: str, connection: psycopg.Connection) -> None:
    assert {new: seen_conversion(connection, old, new)} == utc({new: conversion(old, new)})


NEW = [added(*default) for default in DEFAULTS]


@pytest.mark.parametrize(
    ("example", "default"), list(zip(NEW, DEFAULTS, strict=True)), ids=[of for of, _ in DEFAULTS]
)
def test_a_new_column(example: Example, default: tuple[str, int], connection: psycopg.Connection) -> None:
    assert seen(connection, example) == column(*default)


def utc(said: dict[str, str]) -> dict[str, str]:
    """As it is on the tests' servers, whose time zone is UTC."""
    return {new: words.removeprefix("rewrite, in UTC ") for new, words in said.items()}


def seen_conversion(connection: psycopg.Connection, old: str, new: str) -> str:
    plain = seen(connection, changed(old, new))
    if plain != "fails":
        return plain
    cast = seen(connection, changed(old, new, using=True))
    return {"fails": "no cast", "rewrite": "USING"}.get(cast, f"USING, {cast}")


def seen(connection: psycopg.Connection, example: Example) -> str:
    """What a statement costs on the server, in the words of the page; what it makes is thrown away."""
    connection.execute(";".join(("DROP SCHEMA public CASCADE; CREATE SCHEMA public", *example.setup)))
    found = watch_in(connection, example.statement)
    if found.sqlstate is not None:
        assert found.sqlstate in {"42804", "42846"}
        return "fails"
    if found.rewritten:
        return "rewrite"
    if found.rebuilt or any(text.startswith("building index") for text in found.scans):
        return "**index**"
    return "scan" if any(text.startswith("verifying table") for text in found.scans) else "**catalog**"
