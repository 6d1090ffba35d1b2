"""What popular extensions bring: types, operator classes, index methods and functions, by name."""

from __future__ import annotations

_TYPES = {
    "vector": "vector halfvec sparsevec",
    "citext": "citext",
    "hstore": "hstore",
    "ltree": "ltree lquery ltxtquery",
    "cube": "cube",
    "isn": "isbn isbn13 issn issn13 ean13 ismn ismn13 upc",
    "seg": "seg",
    "intarray": "query_int",
    "postgis": "geometry geography box2d box3d",
    "postgis_raster": "raster",
    "postgis_topology": "topogeometry",
    "semver": "semver",
    "pg_uuidv7": "uuidv7",
}
_METHODS = {
    "vector": "hnsw ivfflat",
    "bloom": "bloom",
    "rum": "rum",
    "vectorscale": "diskann",
    "pg_search": "bm25",
}
_OPERATOR_CLASSES = {
    "pg_trgm": "gin_trgm_ops gist_trgm_ops",
    "vector": """vector_l2_ops vector_ip_ops vector_cosine_ops vector_l1_ops halfvec_l2_ops halfvec_ip_ops
        halfvec_cosine_ops halfvec_l1_ops sparsevec_l2_ops sparsevec_ip_ops sparsevec_cosine_ops sparsevec_l1_ops
        bit_hamming_ops bit_jaccard_ops""",
    "intarray": "gin__int_ops gist__int_ops gist__intbig_ops",
    "ltree": "gist_ltree_ops gist__ltree_ops",
    "hstore": "gin_hstore_ops gist_hstore_ops",
}
_FUNCTIONS = {
    "uuid-ossp": "uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5 uuid_nil",
    "pgcrypto": "gen_random_uuid gen_random_bytes gen_salt digest hmac crypt",
    "unaccent": "unaccent",
    "pg_trgm": "similarity word_similarity show_trgm",
}


def _by_name(table: dict[str, str]) -> dict[str, str]:
    return {name: extension for extension, names in table.items() for name in names.split()}


_OF_TYPE, _OF_METHOD = _by_name(_TYPES), _by_name(_METHODS)
_OF_OPERATOR_CLASS, _OF_FUNCTION = _by_name(_OPERATOR_CLASSES), _by_name(_FUNCTIONS)


def extension_of_type(name: str) -> str:
    """The extension that brings a type of this name; empty where we know of none."""
    return _OF_TYPE.get(name, "")


def extension_of_method(name: str) -> str:
    """The same of an index access method."""
    return _OF_METHOD.get(name, "")


def extension_of_operator_class(name: str) -> str:
    """The same of an operator class."""
    return _OF_OPERATOR_CLASS.get(name, "")


def extension_of_function(name: str) -> str:
    """The same of a function that defaults call."""
    return _OF_FUNCTION.get(name, "")
