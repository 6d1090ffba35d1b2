"""What is named inside of queries and expressions, with what each column could belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raincheck.sql.mention import Mention, Role, Scopes, Sort, Source
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.sql.marks import Identifier, Marked
    from raincheck.sql.nodes import Node

_BUILT_IN = "pg_catalog"
"""The schema that the parser itself gives `integer` and its kin."""
_FROM_A_FUNCTION = ("RangeFunction", "RangeTableFunc", "RangeSubselect", "JsonTable")


class Reader:
    """Collects the mentions of one marked tree, and the names that no mark stands for: keywords spell them."""

    def __init__(self, marked: Marked) -> None:
        self.found: list[Mention] = []
        self.missing: set[str] = set()
        self._places = marked.places
        self._queries: set[str] = set()
        """The names of WITH: they hide relations."""

    # names

    def text(self, mark: str) -> str:
        place = self._places.get(mark)
        return place.name if place else mark

    def range_name(self, node: Node) -> Name:
        return Name(self.text(node.get("schemaname", "")), self.text(node["relname"]))

    def name_of(self, items: list[Node]) -> Name:
        parts = [self.text(mark) for mark in marks(items)]
        return Name(parts[-2] if len(parts) > 1 else "", parts[-1])

    def add(
        self,
        sort: Sort,
        mark: str,
        name: Name | None,
        role: Role = Role.USE,
        *,
        beside: Name | None = None,
        scopes: Scopes = (),
    ) -> None:
        """Note a mention of a relation or type, or of a column or constraint of the relation `name`."""
        place: Identifier | None = self._places.get(mark)
        if place is None:
            self.missing.add(mark)
            return
        inner = place.name if sort in {"column", "constraint"} else ""
        self.found.append(Mention(sort, role, place.span, name, inner, beside, scopes))

    def relation(self, node: Node, role: Role = Role.USE) -> Name:
        """Note the relation of a RangeVar."""
        name = self.range_name(node)
        if name.schema or name.name not in self._queries:
            self.add("relation", node["relname"], name, role)
        return name

    def columns(self, items: Iterable[Node], table: Name) -> None:
        for mark in marks(items):
            self.add("column", mark, table)

    # queries and expressions

    def visit(self, item: Any, scopes: Scopes, table: Name | None = None) -> None:
        """Note all that is named below a node. `table` is the one that definitions in it are of."""
        if isinstance(item, list):
            for value in item:
                self.visit(value, scopes, table)
        elif isinstance(item, dict):
            for tag, value in item.items():
                if isinstance(value, dict | list):
                    self._node(tag, value, scopes, table)

    def _node(self, tag: str, node: Any, scopes: Scopes, table: Name | None) -> None:
        match tag:
            case "ColumnRef":
                self._reference(node, scopes)
            case "RangeVar":
                self.relation(node)
            case "TypeName" | "typeName" if isinstance(node, dict):
                if (names := marks(node.get("names", ()))) and names[0] != _BUILT_IN:
                    self.add("type", names[-1], self.name_of(node["names"]))
            case "SelectStmt" | "larg" | "rarg" if "limitOption" in node or "op" in node:
                self._query(node, scopes)
            case "InsertStmt" | "UpdateStmt" | "DeleteStmt" | "MergeStmt":
                self._write(tag, node, scopes)
            case "IndexElem" | "PartitionElem" | "StatsElem":
                if "name" in node and table is not None:
                    self.add("column", node["name"], table)
                self.visit(node.get("expr"), scopes, table)
            case "Constraint":
                self.constraint(node, scopes, table)
            case _:
                if isinstance(node, dict) and "relname" in node:
                    self.relation(node)
                else:
                    self.visit(node, scopes, table)

    def constraint(self, node: Node, scopes: Scopes, table: Name | None) -> None:
        """A constraint in a table's or domain's definition."""
        if table is None:
            self.visit(node, ())
            return
        if "conname" in node:
            self.add("constraint", node["conname"], table, Role.CREATE)
        for field in ("keys", "including", "fk_attrs", "fk_del_set_cols"):
            self.columns(node.get(field, ()), table)
        if "pktable" in node:
            self.columns(node.get("pk_attrs", ()), self.relation(node["pktable"]))
        if "indexname" in node:
            self.add("relation", node["indexname"], Name("", self.text(node["indexname"])), beside=table)
        self.visit([node.get("raw_expr"), node.get("exclusions"), node.get("where_clause")], scopes, table)

    def _reference(self, node: Node, scopes: Scopes) -> None:
        """A column as an expression names it: `c`, `t.c`, `s.t.c`; `t.*` names a table alone."""
        fields = [mark for mark in marks(node["fields"]) if mark]
        star = any("A_Star" in field for field in node["fields"])
        if star:
            fields.append("")
        match fields:
            case [column] if column and scopes:
                self.add("column", column, None, scopes=scopes)
            case [qualifier, column]:
                self._qualified("", qualifier, column, scopes)
            case [schema, qualifier, column]:
                self._qualified(self.text(schema), qualifier, column, scopes)

    def _qualified(self, schema: str, qualifier: str, column: str, scopes: Scopes) -> None:
        alias = self.text(qualifier)
        source = next((one for scope in scopes for one in scope if one.alias == alias), None)
        if source is None or source.relation is None:
            return
        relation = source.relation
        if schema and (relation.name != alias or relation.schema not in {"", schema}):
            return
        if relation.name == alias:
            self.add("relation", qualifier, relation)
        if column:
            self.add("column", column, relation)

    def _query(self, node: Node, outer: Scopes) -> None:
        self._with(node, outer)
        scopes = (self._sources(node.get("fromClause", ()), outer), *outer)
        parts = {
            key: value for key, value in node.items() if key not in {"withClause", "fromClause", *_ORDER}
        }
        self.visit(parts, scopes)
        named = {self.text(each["ResTarget"].get("name", "")) for each in node.get("targetList", ())}
        before = len(self.found)
        self.visit([node.get(field) for field in _ORDER], scopes)  # here names of the result come first
        self.found[before:] = (one for one in self.found[before:] if one.name or one.inner not in named)

    def _with(self, node: Node, outer: Scopes) -> None:
        for wrapped in node.get("withClause", {}).get("ctes", ()):
            query = wrapped["CommonTableExpr"]
            self._queries.add(self.text(query["ctename"]))
            self.visit(query["ctequery"], outer)

    def _sources(self, items: Iterable[Node], outer: Scopes) -> tuple[Source, ...]:
        found: list[Source] = []
        for item in items:
            ((tag, node),) = item.items()
            if tag == "JoinExpr":
                inner = self._sources([node["larg"], node["rarg"]], outer)
                self.visit(node.get("quals"), (inner, *outer))
                found += inner if "alias" not in node else [Source("", None)]
            elif tag == "RangeVar":
                found.append(self._source(node))
            elif tag == "RangeTableSample":
                found += self._sources([node["relation"]], outer)
            else:
                opaque = Source(self.text(node.get("alias", {}).get("aliasname", "")), None)
                self.visit({tag: node} if tag not in _FROM_A_FUNCTION else node, ((opaque,), *outer))
                found.append(opaque)
        return tuple(found)

    def _source(self, node: Node) -> Source:
        """A relation in a FROM, or one that is written to; its columns are not known where it renames them."""
        name = self.relation(node)
        alias = node.get("alias", {})
        called = self.text(alias["aliasname"]) if alias else name.name
        hidden = "colnames" in alias or (not name.schema and name.name in self._queries)
        return Source(called, None if hidden else name)

    def _write(self, tag: str, node: Node, outer: Scopes) -> None:
        """INSERT, UPDATE, DELETE and MERGE. Of MERGE only relations and qualified columns are told."""
        self._with(node, outer)
        target = self._source(node["relation"])
        source = [node["sourceRelation"]] if "sourceRelation" in node else []
        others = self._sources([*node.get("fromClause", ()), *node.get("usingClause", ()), *source], outer)
        scopes = ((target, *others), *outer)
        if tag == "MergeStmt":
            self.visit([node.get("joinCondition")], scopes)
            return
        table = self.range_name(node["relation"])
        for each in (*node.get("cols", ()), *(node.get("targetList", ()) if tag == "UpdateStmt" else ())):
            self.add("column", each["ResTarget"]["name"], table)
            self.visit(each["ResTarget"].get("val"), scopes)
        self.visit(node.get("selectStmt"), outer)
        if conflict := node.get("onConflictClause"):
            self._conflict(conflict, table, ((target,), (Source("excluded", table),), *outer))
        self.visit([node.get("whereClause"), node.get("returningList"), node.get("returningClause")], scopes)

    def _conflict(self, node: Node, table: Name, scopes: Scopes) -> None:
        infer = node.get("infer", {})
        if "conname" in infer:
            self.add("constraint", infer["conname"], table)
        self.visit([infer.get("indexElems"), infer.get("whereClause")], scopes, table)
        for each in node.get("targetList", ()):
            self.add("column", each["ResTarget"]["name"], table)
            self.visit(each["ResTarget"].get("val"), scopes)
        self.visit(node.get("whereClause"), scopes)


_ORDER = ("sortClause", "groupClause")


def marks(items: Iterable[Node]) -> list[str]:
    """The texts of the String nodes among these."""
    return [item["String"].get("sval", "") for item in items if "String" in item]
