"""Snapshots of drizzle-kit to schemas; that real ones agree with their SQL is tested in tests/catalog/test_replay.py."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincheck.catalog.schema import Enum, Schema
from raincheck.project.snapshot import SnapshotProblem, schema_of
from raincheck.sql.names import Name
from support.schemas import columns, constraints, found_table, found_view, indexes, relations

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST = "00000000-0000-0000-0000-000000000000"


def old(version: str = "7", **parts: Any) -> str:
    """A snapshot of drizzle-kit 0.x."""
    return json.dumps(
        {"id": "1", "prevId": FIRST, "version": version, "dialect": "postgresql", "tables": {}, **parts}
    )


def table(name: str, *columns: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"name": name, "schema": "", "columns": {each["name"]: each for each in columns}, **parts}


def row(kind: str, **values: Any) -> dict[str, Any]:
    return {"entityType": kind, "schema": "public", **values}


def base(name: str, *rows: dict[str, Any]) -> str:
    header = {"type": "base", "version": "9", "dialect": "postgres", "id": name, "prevIds": [FIRST]}
    return json.dumps({**header, "footprints": [], "ddl": rows})


def delta(name: str, parents: list[str], *deltas: dict[str, Any]) -> str:
    header = {"type": "diff", "version": "9", "dialect": "postgres", "id": name, "prevIds": parents}
    return json.dumps({**header, "footprints": [], "deltas": deltas})


def key(kind: str, *parts: str) -> str:
    return f"{kind}\0{json.dumps(parts, separators=(',', ':'))}"


def schema(*texts: str) -> Schema:
    found = schema_of(texts)
    assert isinstance(found, Schema), found
    return found


def message(*texts: str) -> str:
    found = schema_of(texts)
    assert isinstance(found, SnapshotProblem), found
    return found.message


USERS = (
    {"entityType": "schemas", "name": "s"},
    row("tables", name="users", isRlsEnabled=False),
    row("columns", table="users", name="id", type="integer", notNull=True),
    row("columns", table="users", name="role", type="Role", typeSchema="public", dimensions=1),
    row("pks", table="users", name="users_pkey", columns=["id"]),
    row("enums", name="Role", values=["a"]),
    row("tables", name="posts"),
    row("columns", table="posts", name="author", type="integer"),
    row(
        "fks",
        table="posts",
        name="fk",
        columns=["author"],
        schemaTo="public",
        tableTo="users",
        columnsTo=["id"],
    ),
    row(
        "indexes",
        table="users",
        name="by_id",
        columns=[{"value": "id"}, {"value": "id", "isExpression": True}],
    ),
)


def test_defaults_are_sql_or_json_values():
    found = schema(
        old(
            tables={
                "public.t": table(
                    "t",
                    {"name": "a", "type": "boolean", "default": False},
                    {"name": "b", "type": "integer", "default": 3, "notNull": True},
                    {"name": "c", "type": "text", "default": "'it''s'"},
                    {"name": "d", "type": "text[]", "default": "not ) sql"},
                )
            }
        )
    )
    assert columns(found, "t") == [
        "a boolean default false",
        "b integer not null default 3",
        "c text default 'it''s'",
        "d text[] default not ) sql",
    ]


def test_the_name_of_an_enum_is_taken_as_it_stands():
    found = schema(
        old(
            enums={"public.userRole": {"name": "userRole", "schema": "public", "values": ["a"]}},
            tables={
                "public.t": table(
                    "t",
                    {"name": "a", "type": "userRole"},
                    {"name": "b", "type": "userRole[]", "typeSchema": "other"},
                    {"name": "c", "type": "vector(3)"},
                )
            },
        )
    )
    assert columns(found, "t") == [
        'a "public"."userRole"',
        'b "other"."userRole"[]',
        'c "public"."vector"(3)',
    ]


def test_version_5_writes_index_columns_and_enum_values_in_its_own_way():
    found = schema(
        old(
            "5",
            enums={"role": {"name": "role", "values": {"x": "a", "y": "b"}}},
            tables={
                "t": table(
                    "t",
                    {"name": "a", "type": "role"},
                    indexes={"i": {"name": "i", "columns": ["a"], "isUnique": True}},
                )
            },
        )
    )
    assert found.type(Name("", "role")) == Enum(Name("public", "role"), ("x", "y"))
    assert indexes(found, "t") == ["i unique btree (a)"]


def test_a_policy_turns_row_security_on_in_0_x():
    policy = {"name": "p", "as": "RESTRICTIVE", "for": "SELECT", "to": ["app"], "using": "a > 1"}
    found = schema(old(tables={"t": table("t", {"name": "a", "type": "integer"}, policies={"p": policy})}))
    (made,) = found_table(found, "t").policies
    assert (made.permissive, made.command, made.roles, made.using.source) == (
        False,
        "select",
        ("app",),
        "a > 1",
    )
    assert found_table(found, "t").row_security


def test_serials_and_identities_bring_sequences():
    identity = {"type": "always", "name": "t_b_seq", "startWith": "5", "maxValue": "2147483647", "cache": 1}
    found = schema(
        old(
            tables={
                "t": table(
                    "t",
                    {"name": "a", "type": "bigserial", "primaryKey": True, "notNull": True},
                    {"name": "b", "type": "integer", "identity": identity},
                )
            }
        )
    )
    assert relations(found) == [
        "index public.t_pkey",
        "sequence public.t_a_seq",
        "sequence public.t_b_seq",
        "table public.t",
    ]
    options = found.relation(Name("", "t_b_seq")).options
    assert (options.start, options.maximum, options.type) == (5, None, "integer")


def test_existing_views_are_not_drizzles():
    view = {"name": "v", "schema": "public", "definition": "select 1 as one", "materialized": False}
    found = schema(
        old(views={"v": {**view, "isExisting": False}, "w": {**view, "name": "w", "isExisting": True}})
    )
    assert relations(found) == ["view public.v"]
    assert found_view(found, "v").columns == ("one",)


def test_version_8_is_one_list():
    text = json.dumps(
        {"version": "8", "dialect": "postgres", "id": "1", "prevIds": [FIRST], "ddl": USERS, "renames": []}
    )
    assert constraints(schema(text), "posts") == ["fk (author) -> public.users(id)"]
    assert schema(text).relations == schema(base("1", *USERS)).relations


def test_rows_of_an_unknown_kind_are_passed_over():
    assert relations(
        schema(base("1", row("privileges", name="x"), row("tables", name="t", unheard="of")))
    ) == ["table public.t"]


def test_deltas_create_alter_and_drop():
    found = schema(
        base("1", *USERS),
        delta("2", ["1"], {"op": "create", "row": row("columns", table="posts", name="title", type="text")}),
        delta(
            "3",
            ["2"],
            {"op": "alter", "key": key("columns", "public", "posts", "author"), "set": {"type": "bigint"}},
            {"op": "drop", "key": key("fks", "public", "posts", "fk")},
            {"op": "drop", "key": key("indexes", "public", "by_id")},
        ),
    )
    assert columns(found, "posts") == ["author bigint", "title text"]
    assert constraints(found, "posts") == []
    assert indexes(found, "users") == ["users_pkey unique btree (id)"]


def test_a_renamed_table_carries_all_along():
    rename = {"op": "rename", "key": key("tables", "public", "users"), "set": {"name": "people"}}
    move = {"op": "rename", "key": key("tables", "public", "people"), "set": {"schema": "s"}}
    found = schema(base("1", *USERS), delta("2", ["1"], rename, move))
    assert columns(found, "s.people") == ["id integer not null", 'role "public"."Role"[]']
    assert constraints(found, "s.people") == ["users_pkey primary key (id)"]
    assert constraints(found, "posts") == ["fk (author) -> s.people(id)"]


def test_a_renamed_column_carries_keys_and_indexes_along():
    rename = {"op": "rename", "key": key("columns", "public", "users", "id"), "set": {"name": "key"}}
    found = schema(base("1", *USERS), delta("2", ["1"], rename))
    assert constraints(found, "users") == ["users_pkey primary key (key)"]
    assert constraints(found, "posts") == ["fk (author) -> public.users(key)"]
    assert indexes(found, "users") == ["by_id btree (key, (id))", "users_pkey unique btree (key)"]


def test_renamed_enums_and_schemas_are_followed():
    found = schema(
        base("1", *USERS),
        delta(
            "2",
            ["1"],
            {"op": "rename", "key": key("enums", "public", "Role"), "set": {"name": "Rank", "schema": "s"}},
            {"op": "rename", "key": key("schemas", "s"), "set": {"name": "z"}},
        ),
    )
    assert columns(found, "users")[1] == 'role "z"."Rank"[]'
    assert found.type(Name("z", "Rank")) == Enum(Name("z", "Rank"), ("a",))


def test_a_merge_has_what_both_branches_made():
    found = schema(
        base("1", row("tables", name="t")),
        delta("2", ["1"], {"op": "create", "row": row("columns", table="t", name="a", type="text")}),
        delta("3", ["1"], {"op": "create", "row": row("columns", table="t", name="b", type="text")}),
        delta(
            "4",
            ["2", "3"],
            {"op": "alter", "key": key("columns", "public", "t", "b"), "set": {"notNull": True}},
        ),
    )
    assert columns(found, "t") == ["a text", "b text not null"]


def test_of_two_branches_each_knows_its_own():
    found = schema(
        base("1", row("tables", name="t")),
        delta("2", ["1"], {"op": "create", "row": row("columns", table="t", name="a", type="text")}),
        delta("3", ["1"], {"op": "create", "row": row("columns", table="t", name="b", type="text")}),
    )
    assert columns(found, "t") == ["b text"]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], "there is no snapshot"),
        (["{"], "the snapshot is not valid JSON: unexpected end of data: line 1 column 2 (char 1)"),
        (["[]"], "the snapshot is no JSON object"),
        (["{}"], "snapshots of version None are not known; those of 5 to 9 are"),
        ([old("4")], "snapshots of version 4 are not known; those of 5 to 9 are"),
        (
            [old(tables=[])],
            "the snapshot has an unexpected shape at tables: Input should be a valid dictionary",
        ),
        (
            [old(tables={"t": table("t", {"name": "a"})})],
            "the snapshot has an unexpected shape at tables.t.columns.a.type: Field required",
        ),
        (
            ['{"version": "8"}'],
            "the snapshot has an unexpected shape at its top: Input should be a valid list",
        ),
        ([delta("2", ["1"])], "the snapshot 1, on which a later one builds, is missing"),
        (
            ['{"version": "9", "id": "1", "deltas": 3, "prevIds": []}'],
            "the snapshot has an unexpected shape at deltas: Input should be a valid list",
        ),
        (
            [base("1", {"entityType": "tables"})],
            "the snapshot has an unexpected shape at 0.tables.name: Field required",
        ),
    ],
)
def test_what_is_wrong_is_said(texts: list[str], expected: str):
    assert expected in message(*texts)


@pytest.mark.parametrize(
    "text",
    [
        '{"version": "9", "prevIds": [[]]}',
        '{"version": "9", "id": "1", "type": "base", "ddl": [3]}',
        '{"version": "8", "ddl": [3, {}]}',
        delta(
            "1",
            [],
            {"op": "rename", "key": "x", "set": {"schema": 3}},
            {"op": "create", "row": {}},
            {"op": 3},
        )
        + "x",
        delta("1", [], {"op": "create", "row": {"entityType": "tables", "name": 3}}),
    ],
)
def test_no_shape_raises(text: str):
    assert message(text)


def test_a_byte_order_mark_is_passed_over():
    assert relations(schema("\ufeff" + old())) == []


REAL = ["chain-v0/drizzle/meta/0039_snapshot.json", "old-kits/k0.20.18/drizzle/meta/0000_snapshot.json"]
REAL += ["chain-v1/drizzle/20261122132349_init/snapshot.json"]
TEXTS = [(Path(__file__).parents[1] / "projects" / path).read_text() for path in REAL]
WRONG = [None, 3, "", "x", [], {}, [None], {"a": 1}, True, -1.5, "a(b", "\0", '"']


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(TEXTS), st.floats(0, 1), st.sampled_from(WRONG))
def test_a_real_snapshot_with_one_wrong_value_is_read_or_told(text: str, place: float, value: object):
    decoded = json.loads(text)
    holders = list(places(decoded))
    holder, key = holders[int(place * (len(holders) - 1))]
    holder[key] = value
    assert isinstance(schema_of([json.dumps(decoded)]), Schema | SnapshotProblem)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON value: its list or object, and its index or key there."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])
