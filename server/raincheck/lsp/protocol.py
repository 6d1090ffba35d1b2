"""pygls' protocol, less what it does to texts, and with a short way out for messages that are ready.

lsprotocol's objects become JSON through cattrs, which takes many times as long as all the rest of an answer with
thousands of diagnostics. So what this server sends is plain: dictionaries, lists, and JSON that is ready (orjson.Fragment).
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson
from lsprotocol import types
from pygls.protocol import LanguageServerProtocol

if TYPE_CHECKING:
    from pygls.protocol.json_rpc import MsgId

_OWN = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS,
)
"""What pygls would keep books of, and we do."""

_logger = logging.getLogger(__name__)


class Protocol(LanguageServerProtocol):
    """Used from the event loop's thread alone."""

    def _register_builtin_features(self) -> None:
        super()._register_builtin_features()  # type: ignore[no-untyped-call]
        for method in _OWN:
            self.fm.builtin_features.pop(method)

    def tell(self, method: str, params: Any) -> None:
        """Send a notification with plain parameters."""
        self._send_data({"jsonrpc": "2.0", "method": method, "params": params})

    def _send_response(
        self, msg_id: MsgId, result: Any = None, error: types.ResponseError | None = None
    ) -> None:
        if error is None and isinstance(result, dict | list):
            self._result_types.pop(msg_id, None)
            self._send_data({"jsonrpc": "2.0", "id": msg_id, "result": result})
        else:
            super()._send_response(msg_id, result, error)

    def _send_data(self, data: Any) -> None:
        if self.writer is None:
            return
        try:
            body = orjson.dumps(data, default=self._serialize_message)
        except TypeError:
            _logger.exception("a message could not be written")
            return
        with suppress(
            ConnectionError, ValueError
        ):  # nobody listens any more: the input ends too, and then we do
            self.writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
