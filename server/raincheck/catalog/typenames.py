"""Which type a written type name means: PostgreSQL's own first, then the user's along the search path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Type
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from raincheck.catalog.schema import Schema
    from raincheck.sql.nodes import Node

BUILTIN = frozenset(
    """
    aclitem any anyarray anycompatible anycompatiblearray anycompatiblemultirange anycompatiblenonarray
    anycompatiblerange anyelement anyenum anymultirange anynonarray anyrange bit bool box bpchar bytea char cid cidr
    circle cstring date datemultirange daterange event_trigger fdw_handler float4 float8 gtsvector index_am_handler
    inet int2 int2vector int4 int4multirange int4range int8 int8multirange int8range internal interval json jsonb
    jsonpath language_handler line lseg macaddr macaddr8 money name numeric nummultirange numrange oid oidvector path
    pg_brin_bloom_summary pg_brin_minmax_multi_summary pg_ddl_command pg_dependencies pg_lsn pg_mcv_list pg_ndistinct
    pg_node_tree pg_snapshot point polygon record refcursor regclass regcollation regconfig regdictionary
    regnamespace regoper regoperator regproc regprocedure regrole regtype table_am_handler text tid time timestamp
    timestamptz timetz trigger tsm_handler tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector
    txid_snapshot unknown uuid varbit varchar void xid xid8 xml
    """.split()  # noqa: SIM905 - a hundred quoted words read worse
)
"""The types of the schema pg_catalog, arrays left out (`SELECT typname FROM pg_type` on PostgreSQL 15)."""

SERIALS = {
    "smallserial": "int2",
    "serial2": "int2",
    "serial": "int4",
    "serial4": "int4",
    "bigserial": "int8",
    "serial8": "int8",
}
"""What CREATE TABLE and ADD COLUMN, and nothing else, take for an integer with a sequence."""

_PLAIN = {name: Type(Name("pg_catalog", name)) for name in BUILTIN}


def builtin(name: str) -> Type:
    """One of PostgreSQL's own types by its name in pg_type: "int4"."""
    return _PLAIN[name]


def type_of(schema: Schema, node: Node) -> Type:
    """The type a TypeName node means here.

    A name that nothing known carries, such as an extension's `vector`, is taken for one of the first schema on the
    search path. `int[]`, `int[][]` and `int[3]` are one type to PostgreSQL: their dimensions are 1.
    """
    names = node["names"]
    last = names[-1]["String"]["sval"]
    if len(names) == 1 or names[-2]["String"]["sval"] == "pg_catalog":
        plain = _PLAIN.get(last)
        if plain is not None:
            return plain if len(node) <= 3 and "typmods" not in node else _modified(plain.name, node)
    written = Name(names[-2]["String"]["sval"] if len(names) > 1 else "", last)
    return _modified(_resolve(schema, written), node)


def serial_of(node: Node) -> str | None:
    """The integer behind a serial: "int4" for `serial`; None for any other type."""
    names = node["names"]
    return SERIALS.get(names[0]["String"]["sval"]) if len(names) == 1 else None


def _resolve(schema: Schema, name: Name) -> Name:
    if name.schema:
        return name
    found = schema.type(name)
    if found is not None:
        return found.name
    return Name(schema.search_path[0] if schema.search_path else "public", name.name)


def _modified(name: Name, node: Node) -> Type:
    mods = tuple(_modifier(wrapped) for wrapped in node.get("typmods", ()))
    if name == ("pg_catalog", "numeric") and len(mods) == 1:
        mods = (*mods, 0)
    return Type(name, mods, 1 if "arrayBounds" in node else 0)


def _modifier(wrapped: Node) -> int | str:
    match wrapped:
        case {"A_Const": {"ival": value}}:
            return int(value.get("ival", 0))
        case {"A_Const": {"sval": value}}:
            return str(value.get("sval", ""))
        case {"ColumnRef": {"fields": [*_, {"String": {"sval": str(word)}}]}}:
            return word
    return ""
