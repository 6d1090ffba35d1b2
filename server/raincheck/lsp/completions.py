"""Completions as LSP's completion items, and the texts that explain them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from raincheck.ide.completion.phrases import stages_of
from raincheck.rules import recipes
from raincheck.rules.pages import page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.ide.completion.completion import About, Completion, Offer
    from raincheck.ide.completion.phrases import Stage
    from raincheck.lsp.client import Client
    from raincheck.lsp.convert import Places

_KINDS = {
    "relation": 7,  # Class
    "column": 5,  # Field
    "value": 20,  # EnumMember
    "index": 18,  # Reference
    "constraint": 18,
    "type": 13,  # Enum
    "rule": 21,  # Constant
    "phrase": 14,  # Keyword
    "recipe": 15,  # Snippet
}
_PLAIN, _SNIPPET = 1, 2


def listed(offer: Offer, places: Places, client: Client, at: tuple[str, int]) -> dict[str, object]:
    """LSP's CompletionList. `at`: the URI and the offset of the cursor, with which is asked what an item is about."""
    ordered = sorted(offer.items, key=lambda item: item.order)
    items = [
        {**_item(one, places, client), "sortText": f"{number:04}", **_data(one.about, at)}
        for number, one in enumerate(ordered)
    ]
    return {"isIncomplete": not offer.whole, "items": items}


def _item(one: Completion, places: Places, client: Client) -> dict[str, object]:
    filled = bool(one.snippet) and client.snippets
    item: dict[str, object] = {
        "label": one.label,
        "kind": _KINDS[one.sort],
        "insertTextFormat": _SNIPPET if filled else _PLAIN,
        "textEdit": {"range": places.range(one.span), "newText": one.snippet if filled else one.text},
    }
    if one.detail:
        item["detail"] = one.detail
    if one.match:
        item["filterText"] = one.match
    if one.about and one.about.recipe and not client.resolves_documentation:
        item["documentation"] = recipe_page(one.about.recipe)
    return item


def _data(about: About | None, at: tuple[str, int]) -> dict[str, object]:
    if about is None:
        return {}
    if about.relation:
        return {"data": {"uri": at[0], "offset": at[1], "relation": [*about.relation]}}
    return {"data": {"rule": about.rule} if about.rule else {"recipe": about.recipe}}


@cache
def stages() -> tuple[Stage, ...]:
    """The stages of all recipes."""
    return stages_of({name: recipes.recipe(name) for name in recipes.names()})


def rule_page(rule: str) -> str:
    """What a rule's page says before its first heading, in Markdown; "" where there is no such rule."""
    try:
        text = page(rule)
    except KeyError:
        return ""
    return "\n".join(_until_heading(text.splitlines()[1:])).strip()


def recipe_page(key: str) -> str:
    """What a recipe says of one of its stages, in Markdown; "" where there is no such stage."""
    stage = next((one for one in stages() if one.key == key), None)
    if stage is None:
        return ""
    return f"{stage.about}\n\nThe whole plan: `raincheck explain {stage.recipe}`".strip()


def _until_heading(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if line.startswith(("#", "```", "<!--")):
            return
        yield line
