"""Every measured case against the prediction: locks of all relations, rewrites, index builds, scans, refusals."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from locks.predictions import SESSION, Prediction, predict, replay
from raincheck.locks.modes import Mode
from raincheck.locks.session import is_utc

CASES = json.loads((Path(__file__).parent / "measured.json").read_text(encoding="utf-8"))

# Rows that PostgreSQL reads without saying so at DEBUG1.
READ_IN_SILENCE = re.compile(r"ALTER DOMAIN|CREATE TABLE .* PARTITION OF")

GROUPS = [(case, result) for case in CASES for result in case["results"]]


def name_of(case: dict, result: dict) -> str:
    return f"{case['id']}-{result['versions'][0]}"


@pytest.mark.parametrize(("case", "result"), GROUPS, ids=[name_of(*group) for group in GROUPS])
def test_prediction_is_what_was_measured(case: dict, result: dict) -> None:
    wrong = differences(case, result)
    assert not wrong, "\n".join([*case["setup"], case["sql"], *wrong])


def differences(case: dict, result: dict) -> list[str]:
    """What is predicted otherwise than it was measured, for each version of a group."""
    schema, session = replay(case["setup"]), SESSION
    if "time_zone" in case:
        session = replace(SESSION, utc=is_utc(case["time_zone"]))
    wrong = []
    for version in result["versions"]:
        found = predict(schema, case["sql"], version, session)
        if READ_IN_SILENCE.match(case["sql"]):
            found.scanned.clear()
        pairs = compared(found, result, {masked(str(name)) for name in schema.relations})
        wrong += [f"{version} {what}: predicted {a}, measured {b}" for what, a, b in pairs if a != b]
    return wrong


def compared(found: Prediction, result: dict, existing: set[str]) -> list[tuple[str, object, object]]:
    """The pairs that have to be equal. Of a statement that failed, only what was seen before it did can be told."""
    refused = bool(found.outside_transaction)
    pairs: list[tuple[str, object, object]] = [("refused in a transaction", refused, result["tx_forbidden"])]
    locks = {qualified(name): strongest(modes) for name, modes in result["locks"].items()}
    failed = bool(result["error"])
    if not failed or locks:
        pairs.append(("locks", found.locks, locks))
    verified, keyed, built = scanned(result["scan"])
    if failed:
        pairs.append(("scans", verified - {masked(n) for n in found.scanned | found.rewritten}, set()))
        return pairs
    pairs += [
        ("rewritten", found.rewritten, {qualified(name) for name in result["rewrite"]}),
        ("rebuilt", found.rebuilt, {qualified(name) for name in result["index_rebuild"]}),
        ("built on", {masked(name) for name in found.built}, built & existing),
    ]
    if keyed:
        pairs.append(("verified", verified - {masked(name) for name in found.scanned}, set()))
        pairs.append(("foreign key checked", bool(found.scanned | found.rewritten), True))
    else:
        pairs.append(("verified", {masked(name) for name in found.scanned}, verified))
    return pairs


def scanned(messages: list[str]) -> tuple[set[str], bool, set[str]]:
    """The tables verified, whether a foreign key was checked, the tables (that were there) an index was built on."""
    verified = {m[1] for text in messages if (m := re.match(r'verifying table "(.*)"', text))}
    built = {
        m[1] for text in messages if (m := re.match(r'building index .* on table "(.*)" serially', text))
    }
    return verified, any("foreign key" in text for text in messages), built


def qualified(name: str) -> str:
    return name if "." in name else f"public.{name}"


def masked(name: str) -> str:
    """As the measured messages name a table: without its schema, and with N for a year."""
    return re.sub(r"\d{4}", "N", name.rpartition(".")[2])


def strongest(modes: list[str]) -> str:
    return max((Mode(mode) for mode in modes), key=lambda mode: mode.rank).value
