"""What can be told of a TypeScript or JavaScript module's exported value without running it.

Literals, objects, lists, constants, templates of these, and the wrappers that change no value (`as`, `satisfies`,
`defineConfig(...)`) are read. Everything else becomes `Unread`, with its place and the reason in words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import tree_sitter_typescript
from tree_sitter import Language, Parser

from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_PARSER = Parser(Language(tree_sitter_typescript.language_typescript()))
_DEEPEST = 50
_WRAPPERS = {"as_expression", "satisfies_expression", "parenthesized_expression", "non_null_expression"}
_EXPORTS = {"module.exports", "exports.default"}
_LOADS = {"import", "require"}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_HEX_ESCAPE = re.compile(r"[xu]\{?([0-9a-fA-F]{1,6})\}?\Z")


@dataclass(frozen=True, slots=True)
class Unread:
    """A value that only running the module would tell; `why` says so in a main clause without a full stop."""

    why: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Object:
    """An object literal. `spread` is set where something unread was spread into it and may set any field."""

    span: Span
    fields: dict[str, Value] = field(default_factory=dict)
    spread: Unread | None = None


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, number, boolean or null."""

    span: Span
    value: str | float | bool | None


@dataclass(frozen=True, slots=True)
class Items:
    """A list literal."""

    span: Span
    values: tuple[Value, ...] = ()


Value = Literal | Items | Object | Unread


def exported(text: str) -> Value:
    """The module's default export: `export default`, `export =`, `module.exports =` or `exports.default =`."""
    reader = _Reader(text)
    found = [node for statement in reader.root.named_children if (node := _export(statement))]
    if not found:
        return Unread("it has no default export")
    return reader.value(found[-1])


def imported(text: str) -> frozenset[str]:
    """The modules that a module loads by name: `import`, `export ... from`, `import(...)`, `require(...)`; no mere types."""
    return frozenset(_imported(_Reader(text).root))


def json_value(text: str) -> Value:
    """The value of a valid JSON text, read as the expression it is, so that places are known."""
    reader = _Reader(f"({text})", shift=-1)
    return reader.value(_first(_first(reader.root)))


def _imported(root: Node) -> Iterator[str]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting += node.named_children
        source = node.child_by_field_name("source")
        if node.type == "call_expression":
            called, given = (node.child_by_field_name(name) for name in ("function", "arguments"))
            source = _first(given) if called is not None and _source(called) in _LOADS else None
        types = any(child.type == "type" for child in node.children)
        if source is not None and source.type == "string" and not types:
            yield _string(source)


def _export(statement: Node) -> Node | None:
    """What a top-level statement exports by default."""
    if statement.type == "export_statement":
        default = any(child.type in {"default", "="} for child in statement.children)
        return (statement.child_by_field_name("value") or _first(statement)) if default else None
    assignment = _first(statement)
    if assignment is not None and assignment.type == "assignment_expression":
        left = assignment.child_by_field_name("left")
        if left is not None and _source(left) in _EXPORTS:
            return assignment.child_by_field_name("right")
    return None


def _constants(root: Node) -> Iterator[tuple[str, Node]]:
    """The names and values of the top-level `const` declarations."""
    for statement in root.named_children:
        declaration = statement.child_by_field_name("declaration") or statement
        if declaration.type == "lexical_declaration" and declaration.children[0].type == "const":
            for declarator in declaration.named_children:
                name, value = declarator.child_by_field_name("name"), declarator.child_by_field_name("value")
                if name is not None and value is not None:
                    yield _source(name), value


def _source(node: Node) -> str:
    return (node.text or b"").decode("utf-8")


class _Reader:
    """Reads the nodes of one text. tree-sitter counts bytes; spans count code points."""

    def __init__(self, text: str, shift: int = 0) -> None:
        self._bytes = text.encode("utf-8", "replace")
        self._shift = shift
        self.root = _PARSER.parse(self._bytes).root_node
        self._constants = dict(_constants(self.root))

    def value(self, node: Node | None, depth: int = 0) -> Value:
        if node is None:
            return Unread("it is not complete")
        if depth > _DEEPEST:
            return self._unread(node, "it is nested too deeply")
        match node.type:
            case "string":
                return Literal(self._span(node), _string(node))
            case "template_string":
                return self._template(node, depth)
            case "number":
                return self._number(node)
            case "true" | "false" | "null" | "undefined":
                return Literal(self._span(node), {"true": True, "false": False}.get(node.type))
            case "object":
                return self._object(node, depth)
            case "array":
                values = tuple(self.value(child, depth + 1) for child in _children(node))
                return Items(self._span(node), values)
            case "identifier" | "shorthand_property_identifier":
                return self._constant(node, depth)
            case "call_expression":
                return self._call(node, depth)
            case kind if kind in _WRAPPERS:
                return self.value(_first(node), depth + 1)
        return self._unread(node, "it is computed when the file runs")

    def _object(self, node: Node, depth: int) -> Object:
        fields: dict[str, Value] = {}
        spread: Unread | None = None
        for child in _children(node):
            if child.type == "spread_element":
                other = self.value(_first(child), depth + 1)
                if isinstance(other, Object):
                    fields |= other.fields
                    spread = other.spread or spread
                else:
                    spread = self._unread(child, "what it spreads is known only when the file runs")
            elif (name := _key(child)) is not None:
                value = child.child_by_field_name("value")
                named = value or (child if child.type == "shorthand_property_identifier" else None)
                fields[name] = (
                    self.value(named, depth + 1) if named else self._unread(child, "it is a function")
                )
            else:
                spread = self._unread(child, "its name is computed when the file runs")
        return Object(self._span(node), fields, spread)

    def _constant(self, node: Node, depth: int) -> Value:
        name = _source(node)
        if name in self._constants:
            return self.value(self._constants[name], depth + 1)
        if name == "undefined":
            return Literal(self._span(node), None)
        return self._unread(node, "it is not a constant of this file")

    def _call(self, node: Node, depth: int) -> Value:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        given = _children(arguments) if arguments is not None else []
        if function is not None and _source(function).split(".")[-1] == "defineConfig" and len(given) == 1:
            return self.value(given[0], depth + 1)
        return self._unread(node, "it is the result of a call")

    def _template(self, node: Node, depth: int) -> Value:
        pieces: list[str] = []
        for child in _children(node):
            if child.type != "template_substitution":
                pieces.append(_piece(child))
                continue
            match self.value(_first(child), depth + 1):
                case Literal(_, str() as piece):
                    pieces.append(piece)
                case _:
                    return self._unread(node, "it is computed when the file runs")
        return Literal(self._span(node), "".join(pieces))

    def _number(self, node: Node) -> Value:
        try:
            return Literal(self._span(node), float(_source(node)))
        except ValueError:
            return self._unread(node, "its number is not written in decimal")

    def _unread(self, node: Node, why: str) -> Unread:
        source = " ".join(_source(node).split())
        shown = source if len(source) <= 60 else source[:57] + "..."
        return Unread(f"`{shown}`: {why}", self._span(node))

    def _span(self, node: Node) -> Span:
        start = len(self._bytes[: node.start_byte].decode())
        return Span(start, start + len(_source(node))).shifted(self._shift)


def _children(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment"]


def _first(node: Node | None) -> Node | None:
    return next(iter(_children(node)), None) if node is not None else None


def _key(member: Node) -> str | None:
    """The name of an object's member; None where it is computed or not understood."""
    key = member.child_by_field_name("key") or member.child_by_field_name("name") or member
    match key.type:
        case "string":
            return _string(key)
        case "property_identifier" | "shorthand_property_identifier" | "number":
            return _source(key)
    return None


def _string(node: Node) -> str:
    return "".join(_piece(child) for child in node.named_children)


def _piece(node: Node) -> str:
    """A piece of a string or template: plain text, or one escape sequence."""
    source = _source(node)
    if node.type != "escape_sequence":
        return source
    escaped = source[1:]
    if code := _HEX_ESCAPE.match(escaped):
        number = int(code[1], 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return _ESCAPES.get(escaped, escaped)
