"""completionItem/resolve: what a rule, a recipe's stage or a table is, for the one that is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from raincheck.ide.completion.complete import relation_page, schema_at
from raincheck.lsp.completions import recipe_page, rule_page
from raincheck.lsp.convert import path_of
from raincheck.lsp.features import request
from raincheck.lsp.markup import markup
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.view import Readable


@request(types.COMPLETION_ITEM_RESOLVE, otherwise=None)
async def feature(server: RaincheckServer, params: types.CompletionItem) -> types.CompletionItem:
    data = params.data if isinstance(params.data, dict) else {}
    marked = server.client.completes_in_markdown
    if "relation" in data:
        path = path_of(data["uri"]) or ""
        found = await server.background.read(path, lambda view: _relation(view, path, data, marked=marked))
        params.documentation = types.MarkupContent(**found) if found else None
    elif text := rule_page(str(data.get("rule", ""))) or recipe_page(str(data.get("recipe", ""))):
        kind = types.MarkupKind.Markdown if marked else types.MarkupKind.PlainText
        params.documentation = types.MarkupContent(kind, text)
    return params


def _relation(view: Readable, path: str, data: dict[str, Any], *, marked: bool) -> dict[str, Any] | None:
    subject = view.subject(path)
    if subject is None:
        return None
    migration = subject.analysis.project.at(subject.path)
    if migration is None:
        return None
    schema = schema_at(subject.analysis, migration, data["offset"])
    return markup(tuple(relation_page(schema, Name(*data["relation"]))), marked=marked)
