"""`raincheck.toml` as it is typed: which settings, rules and values can stand at a place, and what they mean.

The settings come from their JSON Schema. A half-typed file is no TOML, so lines are all that is looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from raincheck.ide.completion.completion import About, Completion, Offer
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_HEADER = re.compile(r"^[ \t]*\[\[?[ \t]*(?P<name>[\w.-]+)[ \t]*\]?\]?", re.MULTILINE)
_KEY = re.compile(r'[ \t]*"?(?P<key>[\w-]*)')
_VALUE = re.compile(r"[ \t]*\"?(?P<key>[\w-]+)\"?[ \t]*=[ \t]*(?P<value>\"?[\w-]*)")
_NAMED = re.compile(r"[ \t]*\[{0,2}[ \t]*\"?(?P<key>[\w.-]+)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What stands at a place: a setting with what is said of it, or the name of a rule."""

    span: Span
    text: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class SettingsDocument:
    """The text of a settings file, the JSON Schema of such files, and the names of all rules."""

    text: str
    schema: Mapping[str, Any]
    rules: Sequence[str]

    def complete(self, offset: int) -> Offer:
        """What can be typed at an offset: a key of the table it is in, or one of the values that a key may have."""
        start, line = self._line(offset)
        if line.lstrip().startswith("#"):
            return Offer()
        if header := re.fullmatch(r"[ \t]*\[{1,2}(?P<key>[\w-]*)", line):
            return Offer(tuple(self._tables(Span(start + header.start("key"), offset))))
        table = self._table(start)
        if value := _VALUE.fullmatch(line):
            span = Span(start + value.start("value"), offset)
            return Offer(tuple(self._values(table, value["key"], span)))
        key = _KEY.fullmatch(line)
        if key is None:
            return Offer()
        return Offer(tuple(self._keys(table, Span(start + key.start("key"), offset))))

    def meaning(self, offset: int) -> Meaning | None:
        """What is said of the key, table or rule at an offset; None where nothing is known of it."""
        start, _ = self._line(offset)
        whole = self.text[start:].split("\n", 1)[0]
        named = _NAMED.match(whole)
        if named is None:
            return None
        span, name = Span(start + named.start("key"), start + named.end("key")), named["key"]
        if not span.touches(offset):
            return None
        header = whole.lstrip().startswith("[")
        if name in self.rules and not header:
            return Meaning(span, rule=name)
        found = self._properties("" if header else self._table(start)).get(name, {})
        said = found.get("description", "")
        return Meaning(span, said) if said else None

    def _line(self, offset: int) -> tuple[int, str]:
        """Where the line begins, and its text up to the offset."""
        start = self.text.rfind("\n", 0, offset) + 1
        return start, self.text[start:offset]

    def _table(self, offset: int) -> str:
        """The name of the table that a line is in; "" at the top."""
        headers = list(_HEADER.finditer(self.text, 0, offset))
        return headers[-1]["name"] if headers else ""

    def _properties(self, table: str) -> Mapping[str, Any]:
        """The settings of a table."""
        if not table:
            found: Mapping[str, Any] = self.schema.get("properties", {})
            return found
        of = self.schema.get("properties", {}).get(table, {})
        reference = (of.get("items") or of).get("$ref", "")
        known: Mapping[str, Any] = self.schema.get("$defs", {}).get(reference.rpartition("/")[2], {})
        properties: Mapping[str, Any] = known.get("properties", {})
        return properties

    def _keys(self, table: str, span: Span) -> Iterator[Completion]:
        if table == "rules":
            for rule in self.rules:
                yield Completion(rule, "rule", span, f"{rule} = ", about=About(rule=rule))
        for name, of in self._properties(table).items():
            if not _is_table(of):
                yield Completion(name, "column", span, f"{name} = ", of.get("description", ""))

    def _tables(self, span: Span) -> Iterator[Completion]:
        for name, of in self._properties("").items():
            if _is_table(of):
                yield Completion(name, "type", span, name, of.get("description", ""))

    def _values(self, table: str, key: str, span: Span) -> Iterator[Completion]:
        each = self._properties("").get(table, {}).get("additionalProperties", {})
        for value in _choices(each or self._properties(table).get(key, {})):
            text = f'"{value}"'
            yield Completion(value, "value", span, text, match=text)
        if table == "allow" and key == "rule":
            for rule in self.rules:
                text = f'"{rule}"'
                yield Completion(rule, "rule", span, text, about=About(rule=rule), match=text)


def _is_table(setting: Mapping[str, Any]) -> bool:
    """Whether a setting is written as a table, or as an array of tables."""
    items = setting.get("items") or {}
    return "$ref" in setting or "$ref" in items or setting.get("type") == "object"


def _choices(setting: Mapping[str, Any]) -> Sequence[str]:
    found: list[str] = list(setting.get("enum", ()))
    for one in setting.get("anyOf", ()):
        found += one.get("enum", ())
    return found
