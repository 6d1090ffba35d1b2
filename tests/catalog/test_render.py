"""Types as SQL; that PostgreSQL reads them as the same types is tested in tests/postgres/test_catalog.py."""

from __future__ import annotations

import pytest

from raincheck.catalog.render import type_sql
from support.schemas import found_table, replay


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("int4", "integer"),
        ("INT8[][]", "bigint[]"),
        ("numeric(10)", "numeric(10, 0)"),
        ("decimal(8,3)", "numeric(8, 3)"),
        ("character varying (9)", "varchar(9)"),
        ("character", "char(1)"),
        ("bpchar", "bpchar"),
        ('"char"', '"char"'),
        ("timestamptz(3)", "timestamp(3) with time zone"),
        ("timestamp", "timestamp"),
        ("time with time zone[]", "time with time zone[]"),
        ("interval day to second(3)", "interval day to second(3)"),
        ("interval(6)", "interval(6)"),
        ("interval month", "interval month"),
        ("bit varying(8)", "bit varying(8)"),
        ("vector(3)", '"public"."vector"(3)'),
        ("geometry(Point, 4326)", '"public"."geometry"(point, 4326)'),
        ('s."Kind"[]', '"s"."Kind"[]'),
    ],
)
def test_types(written: str, expected: str):
    (column,) = found_table(replay(f"CREATE TABLE t (a {written});"), "t").columns
    assert type_sql(column.type) == expected
