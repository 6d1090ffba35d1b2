"""pygls' protocol, less what it does to texts, and with a short way out for messages that are ready.

lsprotocol's objects become JSON through cattrs, which takes many times as long as all the rest of an answer with
thousands of diagnostics. So what this server sends is plain: dictionaries, lists, and JSON that is ready (orjson.Fragment).
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcContentModified,
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.json_rpc import JsonRPCNotification, JsonRPCRequestMessage

from raincheck.lsp.features import ASKED_OF, version_asked_of
from raincheck.lsp.lenient import structured
from raincheck.lsp.outgoing import encoded

if TYPE_CHECKING:
    from concurrent.futures import Future

    from pygls.protocol.json_rpc import MsgId

    from raincheck.lsp.language_server import RaincheckServer

_OWN = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS,
)
"""What pygls would keep books of, and we do."""

_logger = logging.getLogger(__name__)


class Protocol(LanguageServerProtocol):
    """Used from the event loop's thread alone. Each request is answered, whatever is wrong with it."""

    _server: RaincheckServer
    _begun = False

    @property
    def is_finished(self) -> bool:
        """Whether the client has asked for the end."""
        return bool(self._shutdown)

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Nothing: pygls calls this for each object in a message, and `handle_message` has the whole."""
        return data

    def handle_message(self, message: Any) -> None:
        """Do what a message says, or say why not: to a request by an error, to anything else in the log."""
        try:
            read = self._read(message)
        except JsonRpcException as error:
            self.refuse(message, error)
        else:
            if read is not None:
                super().handle_message(read)

    def refuse(self, message: Any, error: JsonRpcException) -> None:
        """Answer what cannot be done; what wants no answer is logged without what it holds."""
        is_object = isinstance(message, dict)
        if is_object and "method" in message and "id" not in message:
            _logger.warning("%s was ignored: %s", message["method"], error.message)
            return
        number = message.get("id") if is_object else None
        answer = {"code": error.code, "message": error.message}
        self._send_data({"jsonrpc": "2.0", "id": number, "error": answer})

    def _read(self, message: Any) -> Any:
        """A message as lsprotocol's; None for one that is let be. Raises JsonRpcException where it must be refused."""
        if not isinstance(message, dict) or message.get("jsonrpc") != self.VERSION:
            raise JsonRpcInvalidRequest("This is no message of JSON-RPC 2.0.")
        if "method" not in message:
            return self._answer(message)
        method, wants_answer = message["method"], "id" in message
        if wants_answer:
            self._check(method)
        elif not self._is_heard(method):
            return None
        kind = self.get_message_type(method) or (
            JsonRPCRequestMessage if wants_answer else JsonRPCNotification
        )
        try:
            read = structured(message, lambda found: self._converter.structure(found, kind))
        except Exception as error:
            raise JsonRpcInvalidParams(f"The parameters of {method} are not what LSP says.") from error
        self._begun = self._begun or method == types.INITIALIZE
        return read

    def _answer(self, message: dict[str, Any]) -> Any:
        if "id" not in message or not ("result" in message or "error" in message):
            raise JsonRpcInvalidRequest("This is neither a request nor an answer.")
        try:
            return super().structure_message(message)
        except JsonRpcException:  # pygls has logged it; an answer is not answered
            return None

    def _check(self, method: object) -> None:
        """Raises JsonRpcException where a request comes at a wrong time, or is one that there is not."""
        if self._shutdown:
            raise JsonRpcInvalidRequest("The server has been shut down.")
        if self._begun == (method == types.INITIALIZE):
            if self._begun:
                raise JsonRpcInvalidRequest("The server is initialized already.")
            raise JsonRpcServerNotInitialized("The first request must be initialize.")
        if not self._is_known(method):
            raise JsonRpcMethodNotFound.of(str(method))

    def _is_heard(self, method: object) -> bool:
        """Whether a notification is taken in; those that come at a wrong time, or are unknown, are let be."""
        if method == types.EXIT:
            return True
        return (
            self._begun and not self._shutdown and (method == types.CANCEL_REQUEST or self._is_known(method))
        )

    def _is_known(self, method: object) -> bool:
        return method in self.fm.features or method in self.fm.builtin_features

    def _handle_request(self, msg_id: MsgId, method_name: str, params: Any) -> None:
        ASKED_OF.set(version_asked_of(self._server, params))  # each message has a context of its own
        super()._handle_request(msg_id, method_name, params)

    def _send_handler_result(self, future: Future[Any], *, msg_id: MsgId) -> None:
        refused = None if future.cancelled() else future.exception()
        if isinstance(refused, JsonRpcContentModified):  # nobody's mistake; pygls would log it as one
            self._request_futures.pop(msg_id, None)
            self._send_response(msg_id, error=refused.to_response_error())
        else:
            super()._send_handler_result(future, msg_id=msg_id)

    def _handle_cancel_notification(self, msg_id: MsgId) -> None:
        if msg_id in self._request_futures:  # else it has been answered meanwhile
            super()._handle_cancel_notification(msg_id)

    def _register_builtin_features(self) -> None:
        super()._register_builtin_features()  # type: ignore[no-untyped-call]
        for method in _OWN:
            self.fm.builtin_features.pop(method)

    def tell(self, method: str, params: Any) -> None:
        """Send a notification with plain parameters."""
        self._send_data({"jsonrpc": "2.0", "method": method, "params": params})

    def plain(self, value: Any) -> Any:
        """One of lsprotocol's objects as dictionaries and lists."""
        return self._serialize_message(value)

    def typed(self, value: Any, kind: Any) -> Any:
        """Dictionaries and lists as one of lsprotocol's objects."""
        return self._converter.structure(value, kind)

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
            body = encoded(data, self._serialize_message)
        except TypeError:
            _logger.exception("a message could not be written")
            return
        # Where nobody listens any more, the input ends too, and then we do.
        with suppress(ConnectionError, ValueError):
            self.writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
