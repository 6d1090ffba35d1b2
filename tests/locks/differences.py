"""Where a prediction and what a server did differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from locks.test_measured import READ_IN_SILENCE, scanned, strongest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from locks.predictions import Prediction
    from raincheck.catalog.schema import Schema
    from support.locks_probe import Observed

NO_TRANSACTION = "25001"


def differences(found: Prediction, seen: Observed, schema: Schema, statement: str) -> list[str]:
    """What was predicted otherwise than it was seen, one line each; `schema` is the one before the statement."""
    if found.outside_transaction:
        return [] if seen.sqlstate == NO_TRANSACTION else [f"not refused in a transaction: {seen.sqlstate}"]
    if seen.sqlstate is not None:
        return [f"failed: {seen.sqlstate}"]
    pairs = [
        ("rewritten", found.rewritten, seen.rewritten),
        ("rebuilt", found.rebuilt, seen.rebuilt),
        *_readings(found, seen, schema, statement),
    ]
    told = [f"{what}: predicted {sorted(a)}, seen {sorted(b)}" for what, a, b in pairs if a != b]
    return [*(f"unknown: {why}" for why in found.unknown), *_locks(found, seen), *told]


def _locks(found: Prediction, seen: Observed) -> Iterator[str]:
    taken = {name: strongest(list(modes)) for name, modes in seen.locks.items()}
    for name in sorted(found.locks.keys() | taken.keys()):
        said, true = found.locks.get(name), taken.get(name)
        if said != true:
            yield f"lock on {name}: predicted {said}, seen {true}"


def _readings(
    found: Prediction, seen: Observed, schema: Schema, statement: str
) -> Iterator[tuple[str, set[str], set[str]]]:
    """A rewrite checks rows as it copies them, so only a foreign key's check is told beside one."""
    verified, keyed, built = scanned(seen.scans)
    yield "built on", bare(found.built), built & {name.name for name in schema.relations}
    if keyed:
        yield "verified", verified - bare(found.scanned), set()
        yield "foreign key checked", {"yes"} if found.scanned | found.rewritten else set(), {"yes"}
    elif not READ_IN_SILENCE.search(statement):
        yield "verified", bare(found.scanned), verified


def bare(names: set[str]) -> set[str]:
    """As messages name relations: without the schema."""
    return {name.rpartition(".")[2] for name in names}
