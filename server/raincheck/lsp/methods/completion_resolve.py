"""completionItem/resolve: what a rule, a recipe's stage or a table is, for the one that is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from raincheck.ide.completion.complete import relation_page, schema_at
from raincheck.lsp.asking import ask
from raincheck.lsp.completions import recipe_page, rule_page
from raincheck.lsp.features import request
from raincheck.lsp.markup import content, markup
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject


@request(types.COMPLETION_ITEM_RESOLVE, otherwise=None)
async def feature(server: RaincheckServer, params: types.CompletionItem) -> types.CompletionItem:
    data = params.data if isinstance(params.data, dict) else {}
    marked = server.client.completes_in_markdown
    if "relation" in data:
        document = types.TextDocumentIdentifier(data["uri"])
        found = await ask(server, document, lambda subject: _relation(subject, data, marked=marked), None)
    elif text := rule_page(str(data.get("rule", ""))) or recipe_page(str(data.get("recipe", ""))):
        found = content(text, marked=marked)
    else:
        return params
    params.documentation = types.MarkupContent(**found) if found else None
    return params


def _relation(subject: Subject, data: dict[str, Any], *, marked: bool) -> dict[str, Any] | None:
    migration = subject.analysis.project.at(subject.path)
    if migration is None:
        return None
    schema = schema_at(subject.analysis, migration, data["offset"])
    return markup(tuple(relation_page(schema, Name(*data["relation"]))), marked=marked)
