"""Random statements that fit a schema: `statement(random, schema, major, number)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.random_sql.alters import alter_table
from support.random_sql.changes import CHANGING, ROWS
from support.random_sql.draw import BASE, Draw, Unavailable
from support.random_sql.others import HANGING
from support.random_sql.tables import CREATING

if TYPE_CHECKING:
    from random import Random

    from raincheck.catalog.schema import Schema

__all__ = ["BASE", "statement"]

FIRST = 14
"""So many statements make things before any changes them."""

KINDS = {**CREATING, **HANGING, **CHANGING, **ROWS, alter_table: 45}
WRAPPED = (
    "DO $$ BEGIN {}; END $$",
    "DO $$ BEGIN {}; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
)


def statement(random: Random, schema: Schema, major: int, number: int) -> str:
    """The statement of this number of a sequence that has led to the schema."""
    draw = Draw(random, schema, major, number)
    kinds = CREATING if number < FIRST else KINDS
    while True:
        kind = random.choices(list(kinds), list(kinds.values()))[0]
        try:
            written = kind(draw)
        except Unavailable:
            continue
        wrap = random.random()
        if wrap < 0.05 and kind not in ROWS and "DO $$" not in written:
            return random.choice(WRAPPED).format(written)
        return written
