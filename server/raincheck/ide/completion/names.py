"""Names that the schema knows: tables, columns, indexes, constraints, types, and the values of enums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.render import formatted
from raincheck.catalog.schema import Enum, Index, Sequence, Table, View
from raincheck.ide.completion.completion import About, Completion
from raincheck.ide.completion.named_tables import NamedTable, name_at, named_tables
from raincheck.ide.completion.wanted import NOTHING, Place, place_of
from raincheck.sql.names import Name, always_quoted, literal
from raincheck.sql.quoting import quoted_if_needed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from raincheck.catalog.schema import Relation, Schema
    from raincheck.ide.completion.completion import Sort
    from raincheck.ide.completion.cursor import Cursor, Word

MOST = 200
"""So many names are offered at once."""

_KINDS: dict[str, tuple[type[Relation], ...]] = {
    "tables": (Table, View),
    "views": (View,),
    "sequences": (Sequence,),
    "indexes": (Index,),
}


def names(cursor: Cursor, schema: Schema) -> Iterator[Completion]:
    """All names that the place asks for."""
    if cursor.quote == "'":
        yield from _values(cursor, schema)
        return
    words, qualifier = _unqualified(cursor.before)
    place = place_of(words)
    if place is NOTHING:
        return
    mentioned = named_tables((*cursor.before, *cursor.after), schema)
    if place.wants == "columns":
        if qualifier and qualifier in schema.schemas and not _called(mentioned, qualifier):
            yield from _relations(cursor, schema, "tables", qualifier)
        yield from _columns(cursor, schema, place, mentioned, qualifier)
    elif place.wants == "constraints":
        yield from _constraints(cursor, mentioned)
    elif place.wants == "types":
        yield from _types(cursor, schema, qualifier)
    else:
        yield from _relations(cursor, schema, place.wants, qualifier)
        if qualifier and words[0].key == "COMMENT":
            yield from _columns(cursor, schema, place, (), qualifier)


def _unqualified(words: tuple[Word, ...]) -> tuple[tuple[Word, ...], str]:
    """The tokens without `name.` at their end, and that name."""
    if len(words) > 1 and words[-1].sign == "." and words[-2].name:
        return words[:-2], words[-2].name
    return words, ""


def _relations(cursor: Cursor, schema: Schema, wants: str, qualifier: str) -> Iterator[Completion]:
    """Relations of a kind; those outside the search path with their schema, and behind the others."""
    sort: Sort = "index" if wants == "indexes" else "relation"
    found = [name for name, one in schema.relations.items() if _is_wanted(one, wants)]
    if qualifier:
        found = [name for name in found if name.schema == qualifier]
    for name in _likely(found, cursor.prefix.casefold()):
        parts = [name.name] if qualifier or name.schema in schema.search_path else [*name]
        relation = schema.relations[name]
        detail = f"on {quoted_if_needed(relation.table.name)}" if isinstance(relation, Index) else name.schema
        yield _named(cursor, sort, parts, detail, name=name)


def _is_wanted(relation: Relation, wants: str) -> bool:
    """Whether a relation is of a kind; the indexes of constraints come and go with those."""
    behind_a_constraint = isinstance(relation, Index) and relation.constraint is not None
    return isinstance(relation, _KINDS[wants]) and not behind_a_constraint


def _likely(found: list[Name], begun: str) -> list[Name]:
    """Names in their order; of very many those that the word fits, the ones that begin with it first."""
    if len(found) > MOST:
        found = [name for name in found if begun in name.name.casefold()]
        found.sort(key=lambda name: (not name.name.casefold().startswith(begun), name))
        return found[:MOST]
    return sorted(found)


def _columns(
    cursor: Cursor, schema: Schema, place: Place, mentioned: tuple[NamedTable, ...], qualifier: str
) -> Iterator[Completion]:
    """The columns of the tables in question: the one that is named right here, the qualifier's, else all mentioned."""
    for order, relation in enumerate(_asked(schema, place, mentioned, qualifier)):
        for name, type_ in _columns_of(relation):
            detail = f"{type_}, {relation.name.name}" if type_ else relation.name.name
            yield _named(cursor, "column", [name], detail, order=order)


def _asked(
    schema: Schema, place: Place, mentioned: tuple[NamedTable, ...], qualifier: str
) -> Iterable[Table | View]:
    if qualifier == "excluded":
        return [one.relation for one in mentioned[:1]]
    if qualifier:
        called = _called(mentioned, qualifier)
        known = schema.relation(Name("", qualifier))
        return called or ([known] if isinstance(known, Table | View) else [])
    if place.of is not None:
        found = schema.relation(place.of)
        return [found] if isinstance(found, Table | View) else []
    return list(dict.fromkeys(one.relation for one in mentioned))


def _called(mentioned: tuple[NamedTable, ...], alias: str) -> list[Table | View]:
    return [one.relation for one in mentioned if one.alias == alias][:1]


def _columns_of(relation: Table | View) -> Iterator[tuple[str, str]]:
    if isinstance(relation, View):
        yield from ((name, "") for name in relation.columns)
    else:
        yield from ((column.name, formatted(column.type)) for column in relation.columns)


def _constraints(cursor: Cursor, mentioned: tuple[NamedTable, ...]) -> Iterator[Completion]:
    for one in mentioned:
        if isinstance(one.relation, Table):
            for constraint in one.relation.constraints:
                detail = f"{type(constraint).__name__}, {one.relation.name.name}"
                yield _named(cursor, "constraint", [constraint.name], detail)


def _types(cursor: Cursor, schema: Schema, qualifier: str) -> Iterator[Completion]:
    """The user's own types."""
    for name, of in schema.types.items():
        if not qualifier or name.schema == qualifier:
            parts = [name.name] if qualifier or name.schema in schema.search_path else [*name]
            yield _named(cursor, "type", parts, type(of).__name__.lower())


def _named(
    cursor: Cursor,
    sort: Sort,
    parts: list[str],
    detail: str = "",
    *,
    name: Name | None = None,
    order: int = 0,
) -> Completion:
    """A name, in its parts, with the quotes that it needs, or that were begun. `name`: that of a relation."""
    quoted: Callable[[str], str] = always_quoted if cursor.quote else quoted_if_needed
    text, about = ".".join(map(quoted, parts)), About(relation=name) if name else None
    match = text if cursor.quote else ""
    return Completion(".".join(parts), sort, cursor.typed, text, detail, order, about=about, match=match)


def _values(cursor: Cursor, schema: Schema) -> Iterator[Completion]:
    """The values of the enum that a string stands for: that of ALTER TYPE, of the column before it, else of any."""
    for enum in _enums(cursor, schema):
        for value in enum.values:
            text = literal(value)
            yield Completion(value, "value", cursor.typed, text, enum.name.name, match=text)


def _enums(cursor: Cursor, schema: Schema) -> Iterable[Enum]:
    words = cursor.before
    if [word.key for word in words[:2]] == ["ALTER", "TYPE"]:
        name, _ = name_at(words, 2)
        of = schema.type(name) if name and words[-1].key in {"BEFORE", "AFTER", "VALUE"} else None
        adds = [word.key for word in words[-2:]] == ["ADD", "VALUE"]
        return [of] if isinstance(of, Enum) and not adds else []
    mentioned = named_tables((*words, *cursor.after), schema)
    by_column = _enums_by_column(schema, mentioned)
    for word in reversed(words):
        if word.name in by_column and not word.sign:
            return [by_column[word.name]]
    return list(dict.fromkeys(by_column.values()))


def _enums_by_column(schema: Schema, mentioned: tuple[NamedTable, ...]) -> dict[str, Enum]:
    found: dict[str, Enum] = {}
    for one in mentioned:
        for column in one.relation.columns if isinstance(one.relation, Table) else ():
            of = schema.types.get(column.type.name)
            if isinstance(of, Enum):
                found[column.name] = of
    return found
