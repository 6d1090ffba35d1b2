"""textDocument/codeAction: the fixes at a place, what could be done in stages, and what cannot be had and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from raincheck.ide.actions import code_actions, differences
from raincheck.ide.fix_all import fixes_all, is_contained
from raincheck.ide.hindrances import hindered, hindered_by_state
from raincheck.ide.refactorings import refactorings
from raincheck.lsp.action_data import FIX_ALL, QUICK_FIX, REFACTORING
from raincheck.lsp.asking import ask
from raincheck.lsp.features import request
from raincheck.lsp.offers import Offers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from raincheck.ide.actions import CodeAction
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject
    from raincheck.text import Span

_OPTIONS = types.CodeActionOptions(code_action_kinds=[QUICK_FIX, REFACTORING, FIX_ALL], resolve_provider=True)


@request(types.TEXT_DOCUMENT_CODE_ACTION, otherwise=None, options=_OPTIONS)
async def feature(server: RaincheckServer, params: types.CodeActionParams) -> list[dict[str, object]]:
    if not (server.client.actions or server.client.applies):
        return []
    only = params.context.only
    kinds = [str(getattr(kind, "value", kind)) for kind in only] if isinstance(only, list | tuple) else []
    unasked = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic and not kinds

    def answer(subject: Subject) -> list[dict[str, object]]:
        return list(_actions(Offers(subject, server.client), params.range, kinds, unasked=unasked))

    return await ask(server, params.text_document, answer, [])


def _wanted(kind: str, kinds: Collection[str]) -> bool:
    """Whether a kind is among those asked for; the empty kind stands for all."""
    return not kinds or any(asked in {"", kind} or kind.startswith(f"{asked}.") for asked in kinds)


def _actions(
    offers: Offers, where: types.Range, kinds: Collection[str], *, unasked: bool
) -> Iterator[dict[str, Any]]:
    """`unasked`: the client only wants to know whether there is something, and shows no actions for the whole file."""
    subject, client = offers.subject, offers.client
    span = subject.sources.places(subject.path).span(where)
    quick = code_actions(subject.analysis, subject.path, span) if _wanted(QUICK_FIX, kinds) else ()
    yield from filter(None, (offers.fix(one, QUICK_FIX) for one in quick))
    if _wanted(QUICK_FIX, kinds) and client.shows:
        yield from (offers.showing(*one) for one in differences(subject.analysis, subject.path, span))
    if _wanted(REFACTORING, kinds):
        more = refactorings(subject.analysis, subject.path, span, quick)
        yield from filter(None, (offers.fix(one, REFACTORING) for one in more))
    if _wanted(FIX_ALL, kinds) and not unasked:
        named = kinds and "" not in kinds  # else it is offered where a finding shows what is meant
        here = any(is_contained(one.fix, subject.path) for one in quick)
        if here or (named and fixes_all(subject.analysis, subject.path)):
            yield from filter(None, [offers.fix_all()])
    if client.disables:
        yield from _hindered(offers, span, kinds, quick)


def _hindered(
    offers: Offers, span: Span, kinds: Collection[str], quick: Collection[CodeAction]
) -> Iterator[dict[str, object]]:
    """What cannot be had; of an applied migration only where somebody asks for changes of this kind."""
    analysis, path = offers.subject.analysis, offers.subject.path
    if _wanted(QUICK_FIX, kinds):
        yield from (offers.hindered(one, QUICK_FIX) for one in hindered(analysis, path, span, quick))
    if kinds and "" not in kinds and _wanted(REFACTORING, kinds):
        yield from (offers.hindered(one, REFACTORING) for one in hindered_by_state(analysis, path, span))
