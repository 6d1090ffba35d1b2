"""What changing a column from one type to another costs, and adding one with a default: tables for docs/locks.md.

Worked out by the lock table for a column with a plain index; `tests/postgres/test_examples.py` runs every one.
"""

from __future__ import annotations

from raincheck.locks.examples import Example, outcome
from raincheck.locks.row import NEWEST
from raincheck.locks.work import Work

TYPES = (
    *("smallint", "integer", "bigint", "numeric", "double precision", "boolean"),
    *("text", "varchar", "varchar(20)", "char(20)", "uuid"),
    *("date", "timestamp", "timestamptz", "json", "jsonb"),
)
"""The types of the square table."""

PAIRS = (
    ("varchar(20)", "varchar(99)"),
    ("varchar(99)", "varchar(20)"),
    ("varchar(20)", "text"),
    ("text", "varchar(99)"),
    ("char(20)", "char(30)"),
    ("char(20)", "text"),
    ("numeric(10, 2)", "numeric(12, 2)"),
    ("numeric(10, 2)", "numeric(12, 4)"),
    ("numeric(10, 2)", "numeric(8, 2)"),
    ("numeric(10, 2)", "numeric"),
    ("numeric", "numeric(10, 2)"),
    ("timestamp(3)", "timestamp"),
    ("timestamp", "timestamp(3)"),
    ("time(3)", "time(6)"),
    ("interval(3)", "interval"),
    ("varbit(8)", "varbit(16)"),
    ("varchar(20)[]", "text[]"),
    ("varchar(20)[]", "varchar(99)[]"),
    ("integer[]", "bigint[]"),
    ("inet", "cidr"),
    ("cidr", "inet"),
    ("mood", "text"),
    ("text", "short_text"),
    ("text", "plain_text"),
)
"""Changes of a modifier, of arrays, and to types of one's own."""

OWN = (
    "CREATE TYPE mood AS ENUM ('ok', 'sad')",
    "CREATE DOMAIN plain_text AS text",
    "CREATE DOMAIN short_text AS text CHECK (length(VALUE) < 9)",
)

DEFAULTS = (
    ("text", 12),
    ("text DEFAULT 'free' NOT NULL", 12),
    ("text NOT NULL", 12),
    ("timestamptz DEFAULT now() NOT NULL", 12),
    ("timestamptz DEFAULT CURRENT_TIMESTAMP", 12),
    ("timestamptz DEFAULT clock_timestamp()", 12),
    ("date DEFAULT CURRENT_DATE + 30", 12),
    ("uuid DEFAULT gen_random_uuid()", 13),
    ("uuid DEFAULT uuidv7()", 18),
    ("double precision DEFAULT random()", 12),
    ("serial", 12),
    ("integer GENERATED ALWAYS AS IDENTITY", 12),
    ("integer GENERATED ALWAYS AS (id + 1) STORED", 12),
    ("integer GENERATED ALWAYS AS (id + 1) VIRTUAL", 18),
    ("mood DEFAULT 'ok'", 12),
    ("short_text DEFAULT 'a'", 12),
    ("integer UNIQUE", 12),
    ("integer CHECK (score > 0)", 12),
)
"""What stands behind ADD COLUMN and a name, and since which version it can."""


def changed(old: str, new: str, *, using: bool = False) -> Example:
    """A change of type of a column, with an index on it where both types can have one."""
    setup = (*OWN, f"CREATE TABLE t (id integer, c {old})")
    indexed = () if "json" in {old, new} else ("CREATE INDEX t_c ON t (c)",)
    cast = f" USING c::{new}" if using else ""
    return Example((*setup, *indexed), f"ALTER TABLE t ALTER COLUMN c TYPE {new}{cast}")


def added(definition: str, since: int) -> Example:
    """A new column."""
    setup = (*OWN, "CREATE TABLE t (id integer PRIMARY KEY)")
    return Example(setup, f"ALTER TABLE t ADD COLUMN score {definition}", since)


def conversion(old: str, new: str) -> str:
    """What a change of type costs; "USING" where it rewrites, and needs a cast written; "no cast" where there is none."""
    plain = _cost(changed(old, new))
    if plain != FAILS:
        return plain
    cast = _cost(changed(old, new, using=True))
    return {FAILS: "no cast", "rewrite": "USING"}.get(cast, f"USING, {cast}")


def column(definition: str, since: int) -> str:
    """What a new column costs."""
    return _cost(added(definition, since))


FAILS = "fails"
_WORDS = {Work.REWRITE: "rewrite", Work.INDEX_BUILD: "**index**", Work.SCAN: "scan"}


def _cost(example: Example) -> str:
    """In a word or two; a rewrite builds all indexes, and checks what there is to check."""
    found = outcome(example.setup, example.statement, NEWEST)
    done = {one for _, of in found.work for one in of}
    if found.fails:
        return FAILS
    if found.unknown:
        return "rewrite, in UTC **index**" if "timezone" in " ".join(found.unknown).lower() else "not known"
    return next((word for one, word in _WORDS.items() if one in done), "**catalog**")
