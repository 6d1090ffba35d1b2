"""What PostgreSQL's own types can hold, as data for `narrowing`. Observed on PostgreSQL 12 to 18."""

from __future__ import annotations

STRINGS = {"text", "varchar", "bpchar", "name", "char"}

BYTES_KEPT = {"name": 63, "char": 1}
"""Strings of a fixed number of bytes, and how many of them are used."""

INTEGERS = {
    "int2": (-32768, 32767),
    "int4": (-2147483648, 2147483647),
    "int8": (-9223372036854775808, 9223372036854775807),
}
"""The smallest and the largest value."""

FLOATS = {"float4", "float8"}
NUMBERS = {*INTEGERS, *FLOATS, "numeric", "money"}

DIGITS_OF_FLOATS = {"float4": 6, "float8": 15}
"""Significant decimal digits that every value keeps."""

DECIMALS_OF_FLOATS = {"float4": 6, "float8": 15}
"""Significant decimal digits that a cast to numeric keeps."""

DIGITS_OF_MONEY = 17
"""Digits before the point: cents in eight bytes, in a locale with cents."""

NO_NUMBER = "22023"
"""A jsonb string or object that is cast to a number."""

WIDTHS = {
    "bool": 5,
    "int2": 6,
    "int4": 11,
    "int8": 20,
    "uuid": 36,
    "macaddr": 17,
    "macaddr8": 23,
    "name": 63,
    "char": 4,
}
"""The most characters of a value as text; of the rest there is no limit that matters."""

VECTORS = {"vector", "halfvec", "sparsevec"}
"""pgvector's types: a cast to another length is refused (CheckExpectedDim in its source)."""

DIGITS_OF_SECONDS = {"timestamp", "timestamptz", "time", "timetz", "interval", "date"}

_OF_TIME = "22007, or 22008 for a date that there is not"
UNREADABLE = {
    **dict.fromkeys(DIGITS_OF_SECONDS, _OF_TIME),
    "interval": "22007",
    "bytea": "22P02 or 22023",
    "xml": "2200N",
    "int2": "22P02, or 22003 for one that is too large",
    "int4": "22P02, or 22003 for one that is too large",
    "int8": "22P02, or 22003 for one that is too large",
    "tsquery": "42601",
    "tsvector": "",
}
"""With which a text fails that is no value of the type; 22P02 for all others, and nothing where every text is one."""

_BY_ZONE = "every value becomes the local time in the migrating session's TimeZone"

OTHERS: dict[tuple[str, str], tuple[str, str, str, bool]] = {
    ("timestamp", "date"): (
        "the time of day is cut off in silence",
        "",
        "{value} <> {value}::date",
        False,
    ),
    ("timestamptz", "date"): (f"the time of day is cut off, and {_BY_ZONE}", "", "", False),
    ("timestamp", "time"): ("the day is cut off in silence", "", "", False),
    ("timestamptz", "time"): (f"the day is cut off, and {_BY_ZONE}", "", "", False),
    ("timestamptz", "timetz"): ("the day is cut off in silence", "", "", False),
    ("timetz", "time"): ("the offset is cut off in silence", "", "", False),
    ("interval", "time"): ("whole days are cut off in silence", "", "{value} >= '24 hours'", False),
    ("timestamptz", "timestamp"): (_BY_ZONE, "", "", True),
    ("timestamp", "timestamptz"): (
        "every value is taken for local time in the migrating session's TimeZone",
        "",
        "",
        True,
    ),
    ("json", "jsonb"): (
        "of a key that is there twice only the last stays, and a text with \\u0000 fails the migration (22P05)",
        "22P05",
        "",
        True,
    ),
    ("jsonb", "bool"): (
        "a value that is neither true nor false fails the migration (22023)",
        "22023",
        "",
        False,
    ),
    ("int4", "bool"): (
        "every value but 0 becomes true in silence",
        "",
        "{value} NOT IN (0, 1)",
        False,
    ),
    ("inet", "cidr"): (
        "the bits right of the netmask are set to zero in silence",
        "",
        "{value} <> network({value})",
        False,
    ),
    ("macaddr8", "macaddr"): (
        "a value whose middle bytes are not FF and FE fails the migration (22003)",
        "22003",
        "",
        False,
    ),
    ("int8", "oid"): (
        "a value outside 0 to 4294967295 fails the migration (22003)",
        "22003",
        "{value} NOT BETWEEN 0 AND 4294967295",
        False,
    ),
    ("path", "polygon"): ("an open path fails the migration (22023)", "22023", "isopen({value})", False),
}
"""By old and new type: what happens, with which SQLSTATE, to which rows, and whether that is mild."""
