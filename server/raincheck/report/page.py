"""A rule's or a recipe's page, which is Markdown, as text for a terminal."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.report.style import Style

_FENCE = re.compile(r"\s*(`{3,})\s*([^`\s]*)\s*([^`]*)$")
_TITLE = re.compile(r'title="([^"]*)"')
_HEADING = re.compile(r"#+ +(.*)")
_ITEM = re.compile(r"\s*(?:[-*]|\d+\.) +")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
_COMMENT = re.compile(r"^<!--.*?^-->\n+", re.MULTILINE | re.DOTALL)
_RECIPE = re.compile(r"(?:.*/recipes/)?([\w-]+)\.md")
_FOR_TESTS = frozenset({"custom", "renamed", "later", "back", "check"})
"""What a fence of a recipe says to them alone."""
_EMPHASIS = re.compile(r"\*\*([^*]+)\*\*|(?<!\w)_([^_]+)_(?!\w)")
_ESCAPED = re.compile(r"((`+)(?!`).*?(?<!`)\2(?!`))|\\([\\`*\[\]<>&|#_])")
"""Code, in which a backslash is one; or a character that a backslash keeps from being a mark."""


def render(markdown: str, style: Style) -> str:
    """The page with headings in bold, code indented and prose wrapped. Of its cases the first is shown."""
    return "\n".join(_lines(_COMMENT.sub("", _abridged(markdown)), style)).strip("\n") + "\n"


def _abridged(markdown: str) -> str:
    """The page with its first case as an example; the others are there for the tests."""
    prose, _, cases = markdown.partition("\n## Cases\n")
    first = cases.split("\n### ")[1:2]
    return prose + "".join(f"\n## Example: {case}" for case in first)


def _lines(markdown: str, style: Style) -> Iterator[str]:
    flowing: list[str] = []
    fenced = ""
    for line in markdown.split("\n"):
        fence = _FENCE.match(line)
        if fence and fenced:  # what is shorter than the fence that opened is of the code
            fence = fence if len(fence[1]) >= len(fenced) and not fence[2] else None
        if fence or (not fenced and _ends_paragraph(line)):
            yield from _flow(flowing, style)
            flowing = []
        if fence:
            fenced = "" if fenced else fence[1]
            if title := _title(fence[3]):
                yield style.paint(f"    {title}", "dim")
        elif fenced:
            yield f"    {line}".rstrip()
        elif heading := _HEADING.match(line):
            yield style.paint(_inline(heading[1]), "bold")
        elif line.strip() and not line.startswith("|"):
            flowing.append(line)
        else:
            yield line
    yield from _flow(flowing, style)


def _title(info: str) -> str:
    """What stands behind a fence's language, less what only a test reads."""
    words = _TITLE.sub(r"\1", info).split()
    return " ".join(word for word in words if word not in _FOR_TESTS and not word.startswith("fails="))


def _ends_paragraph(line: str) -> bool:
    return not line.strip() or line.startswith(("#", "|")) or _ITEM.match(line) is not None


def _flow(lines: list[str], style: Style) -> list[str]:
    """A paragraph or list item, wrapped; an item's later lines hang below its first word."""
    if not lines:
        return []
    item = _ITEM.match(lines[0])
    hang = " " * len(item[0]) if item else ""
    text = _inline(" ".join([lines[0].rstrip(), *(line.strip() for line in lines[1:])]))
    return textwrap.wrap(
        text, style.width, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
    )


def _inline(text: str) -> str:
    """Prose without Markdown's marks."""
    linked = _LINK.sub(_linked, text)
    plain = _EMPHASIS.sub(lambda found: found[1] or found[2], linked)
    return _ESCAPED.sub(lambda found: found[1] or found[3], plain)


def _linked(link: re.Match[str]) -> str:
    """A link's text, with the address behind it, or the name of the recipe that it leads to."""
    text, target = link[1], link[2]
    if recipe := _RECIPE.fullmatch(target):
        target = recipe[1]
    elif "://" not in target:
        return text
    return text if text == target else f"{text} ({target})"
