"""A mistake of ours costs one answer and one line in the log, and never shows what the user wrote."""

from __future__ import annotations

import asyncio
import logging

import pytest

from raincheck.lsp.features import notification, request
from raincheck.lsp.log import ClientLog


class Told:
    """Stands for the protocol: keeps what is sent."""

    def __init__(self) -> None:
        self.messages: list[tuple[int, str]] = []

    def tell(self, method: str, params: dict) -> None:
        assert method == "window/logMessage"
        self.messages.append((params["type"], params["message"]))


@pytest.fixture
def log():
    """What the client's log shows of everything that is logged meanwhile, once the loop has turned."""

    async def shown(*work) -> list[tuple[int, str]]:
        told = Told()
        handler = ClientLog(told, asyncio.get_running_loop())
        loggers = [logging.getLogger(name) for name in ("raincheck.lsp", "pygls")]
        for logger in loggers:
            logger.addHandler(handler)
        try:
            for one in work:
                await one() if asyncio.iscoroutinefunction(one) else one()
            await asyncio.sleep(0)
        finally:
            for logger in loggers:
                logger.removeHandler(handler)
        return told.messages

    return shown


async def test_a_request_that_fails_is_answered_and_logged(log):
    @request("textDocument/hover", otherwise=None)
    async def feature(server, params):
        raise ValueError(f"about {params}")

    answers = []

    async def ask():
        answers.append(await feature.call(None)("the user's secret SQL"))

    ((kind, message),) = await log(ask)
    assert answers == [None]
    assert kind == 1
    assert message.startswith("textDocument/hover could not be answered (ValueError in test_features.py:")
    assert "secret" not in message


async def test_a_notification_that_fails_is_logged(log):
    @notification("textDocument/didChange")
    def feature(server, params):
        raise KeyError(params)

    ((_, message),) = await log(lambda: feature.call(None)("secret"))
    assert message.startswith("textDocument/didChange was not handled (KeyError in ")
    assert "secret" not in message


async def test_a_request_that_is_taken_back_is_not_answered(log):
    @request("textDocument/hover", otherwise=None)
    async def feature(server, params):
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await feature.call(None)({})


async def test_of_pygls_only_its_own_words_are_shown(log):
    def work():
        logging.getLogger("pygls.protocol").warning("Ignoring notification for %r", "secret")

    assert await log(work) == [(2, "Ignoring notification for %r")]
