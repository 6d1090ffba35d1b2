"""An editor for tests: a pytest-lsp client that says what a real client says, and can wait for what it is told."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from functools import reduce
from itertools import count
from operator import getitem
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from lsprotocol.converters import get_converter
from pytest_lsp import ClientServerConfig, LanguageClient
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, make_test_lsp_client

from lsp.waiting import PATIENCE, Waiting
from raincheck.lsp.convert import uri_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

CLIENTS = Path(__file__).parent / "clients"
COMMAND = [sys.executable, "-c", "from raincheck.lsp.server import serve; raise SystemExit(serve())"]
_CONVERTER = get_converter()


class Editor(Waiting):
    """One client with one server. `published` has what was pushed last, by URI."""

    def __init__(self, client: LanguageClient) -> None:
        super().__init__()
        self.client = client
        self.published: dict[str, types.PublishDiagnosticsParams] = {}
        self.count: dict[str, int] = {}
        """How often something was pushed, by URI."""
        self.watched: list[str] = []
        self.refreshed: Counter[str] = Counter()
        """How often the server has asked to be asked again for code lenses and inlay hints, by the request's method."""
        self.answer: types.InitializeResult | None = None
        self.versions: dict[str, int] = {}
        self._numbers = count()

    @classmethod
    async def start(
        cls,
        profile: str,
        folders: Iterable[Path] = (),
        options: object = None,
        without: Iterable[str] = (),
        **configuration: object,
    ) -> Editor:
        """A server that has been met by a client whose words stand in `clients/`, `without` some of its capabilities."""
        config = ClientServerConfig(server_command=COMMAND, client_factory=make_test_lsp_client)
        client = await config.start()
        editor = cls(client)
        editor._listen()
        if configuration:
            client.set_configuration(configuration, section="raincheck")
        (recorded,) = CLIENTS.glob(f"{profile}*.json")
        said = json.loads(recorded.read_text())
        for path in without:
            *around, name = path.split(".")
            reduce(getitem, around, said["capabilities"]).pop(name)
        params = _CONVERTER.structure(said, types.InitializeParams)
        params.workspace_folders = [_folder(folder) for folder in folders]
        params.initialization_options = options
        editor.answer = await client.initialize_session(params)
        return editor

    async def stop(self) -> int | None:
        """The exit code of the server, asked to leave as LSP says."""
        await asyncio.wait_for(self.client.shutdown_session(), PATIENCE)
        await self.client.stop()
        return self.client._server.returncode

    # what the user does

    def enter(self, *folders: Path) -> None:
        self._change_folders(added=[_folder(folder) for folder in folders])

    def leave(self, *folders: Path) -> None:
        self._change_folders(removed=[_folder(folder) for folder in folders])

    def open(self, path: Path, text: str | None = None) -> None:
        uri = uri_of(str(path))
        self.versions[uri] = 1
        text = path.read_bytes().decode() if text is None else text
        item = types.TextDocumentItem(uri, "sql", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def edit(self, path: Path, *edits: tuple[int, int, int, int, str]) -> int:
        """Replace ranges (first line, character, last line, character); the new version of the text."""
        changes = [
            types.TextDocumentContentChangePartial(
                types.Range(types.Position(first, start), types.Position(last, end)), text
            )
            for first, start, last, end, text in edits
        ]
        return self._changed(path, changes)

    def rewrite(self, path: Path, text: str) -> int:
        return self._changed(path, [types.TextDocumentContentChangeWholeDocument(text=text)])

    def save(self, path: Path) -> None:
        document = types.TextDocumentIdentifier(uri_of(str(path)))
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(document))

    def close(self, path: Path) -> None:
        self.close_uri(uri_of(str(path)))

    def close_uri(self, uri: str) -> None:
        del self.versions[uri]
        document = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    def tell_of(self, *paths: Path) -> None:
        """The files have changed on disk, and the editor's watcher has seen it."""
        events = [types.FileEvent(uri_of(str(path)), types.FileChangeType.Changed) for path in paths]
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))

    def configure(self, settings: object) -> None:
        self.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))

    async def hover(self, path: Path, line: int, character: int) -> types.Hover | None:
        return await self._asked(
            self.client.text_document_hover_async(
                types.HoverParams(
                    types.TextDocumentIdentifier(uri_of(str(path))), types.Position(line, character)
                )
            )
        )

    async def pull(self, path: Path, previous: str | None = None) -> Any:
        params = types.DocumentDiagnosticParams(
            types.TextDocumentIdentifier(uri_of(str(path))), previous_result_id=previous
        )
        return await self._asked(self.client.text_document_diagnostic_async(params))

    async def pull_all(self, previous: Iterable[types.PreviousResultId] = ()) -> Any:
        params = types.WorkspaceDiagnosticParams(previous_result_ids=list(previous))
        return (await self._asked(self.client.workspace_diagnostic_async(params))).items

    async def actions(
        self, path: Path, line: int, character: int, only: list[str] | None = None
    ) -> list[types.CodeAction]:
        cursor = types.Position(line, character)
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(uri_of(str(path))),
            types.Range(cursor, cursor),
            types.CodeActionContext([], only=only),
        )
        # lsprotocol would take an action with a command for the command itself
        found = await self.raw(types.TEXT_DOCUMENT_CODE_ACTION, params)
        is_command = [isinstance(one.get("command"), str) for one in found or ()]
        kinds = [types.Command if one else types.CodeAction for one in is_command]
        return [_CONVERTER.structure(one, kind) for one, kind in zip(found or (), kinds, strict=True)]

    async def chosen(self, action: types.CodeAction) -> types.CodeAction:
        """The action with its edit, as an editor has it made when the user has chosen it."""
        if action.edit is not None or action.data is None:
            return action
        return await self._asked(self.client.code_action_resolve_async(action))

    async def run(self, command: str, *arguments: object) -> Any:
        """What a command of the server answers, as plain values."""
        return await self.raw(
            types.WORKSPACE_EXECUTE_COMMAND, types.ExecuteCommandParams(command, list(arguments))
        )

    async def raw(self, method: str, params: object) -> Any:
        """The answer to a request as it came."""
        number = f"raw-{next(self._numbers)}"
        answer = self.client.protocol.send_request(method, params, msg_id=number)
        self.client.protocol._result_types[number] = None
        return _plain(await self._asked(asyncio.wrap_future(answer)))

    async def lenses(self, path: Path) -> list[types.CodeLens]:
        params = types.CodeLensParams(types.TextDocumentIdentifier(uri_of(str(path))))
        return list(await self._asked(self.client.text_document_code_lens_async(params)) or ())

    async def hints(self, path: Path, first: int, last: int) -> list[types.InlayHint]:
        """The inlay hints of the lines from `first` up to the beginning of `last`."""
        lines = types.Range(types.Position(first, 0), types.Position(last, 0))
        params = types.InlayHintParams(types.TextDocumentIdentifier(uri_of(str(path))), lines)
        return list(await self._asked(self.client.text_document_inlay_hint_async(params)) or ())

    async def complete(self, path: Path, line: int, character: int) -> list[types.CompletionItem]:
        params = types.CompletionParams(
            types.TextDocumentIdentifier(uri_of(str(path))), types.Position(line, character)
        )
        return list((await self._asked(self.client.text_document_completion_async(params))).items)

    async def resolve_completion(self, item: types.CompletionItem) -> types.CompletionItem:
        return await self._asked(self.client.completion_item_resolve_async(item))

    # what the user sees

    async def until_async(self, ask: Callable[[], Awaitable[str]], part: str) -> None:
        """Asks again after each message, until the answer has a part."""
        async with asyncio.timeout(PATIENCE):
            while part not in await ask():
                await self.news.wait()
                self.news.clear()

    async def shown(self, path: Path, *, rule: str) -> types.Diagnostic:
        """The diagnostic of a rule, as soon as one has been pushed for a file."""
        return await self.until(lambda: next((d for d in self.pushed(path) if d.code == rule), None))

    async def cleared(self, path: Path, *, rule: str) -> None:
        """Waits until something has been pushed for a file, and nothing of that rule is in it."""
        uri = uri_of(str(path))
        await self.until(
            lambda: (uri in self.published and all(d.code != rule for d in self.pushed(path))) or None
        )

    async def told(self, path: Path, version: int) -> types.PublishDiagnosticsParams:
        """What has been pushed for a version of a file, by a server that says the version."""
        uri = uri_of(str(path))

        def newest() -> types.PublishDiagnosticsParams | None:
            found = self.published.get(uri)
            return found if found and found.version == version else None

        return await self.until(newest)

    def pushed(self, path: Path) -> list[types.Diagnostic]:
        found = self.published.get(uri_of(str(path)))
        return list(found.diagnostics) if found else []

    @property
    def log(self) -> list[str]:
        return [message.message for message in self.client.log_messages]

    # plumbing

    def _listen(self) -> None:
        """Wake up whoever waits, after each message that pytest-lsp's client takes in."""
        register = self.client.protocol.fm.features
        for method in (*DEFAULT_CLIENT_FEATURES, types.CLIENT_REGISTER_CAPABILITY):
            own = {
                types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: self._take_published,
                types.CLIENT_REGISTER_CAPABILITY: self._take_registrations,
            }.get(method)
            before = own or register[method]
            register[method] = self._waking(before)
        for method in (types.WORKSPACE_CODE_LENS_REFRESH, types.WORKSPACE_INLAY_HINT_REFRESH):
            register[method] = self._waking(lambda _, method=method: self.refreshed.update([method]))

    def _waking(self, take: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def taken(params: Any) -> Any:
            try:
                return take(params)
            finally:
                self.news.set()

        return taken

    def _take_published(self, params: types.PublishDiagnosticsParams) -> None:
        self.published[params.uri] = params
        self.count[params.uri] = self.count.get(params.uri, 0) + 1

    def _take_registrations(self, params: types.RegistrationParams) -> None:
        for registration in params.registrations:
            options = registration.register_options
            watchers = options["watchers"] if isinstance(options, dict) else options.watchers
            self.watched += [w["globPattern"] if isinstance(w, dict) else w.glob_pattern for w in watchers]

    def _changed(self, path: Path, changes: list[Any]) -> int:
        uri = uri_of(str(path))
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, changes))
        return self.versions[uri]

    def _change_folders(self, **event: list[types.WorkspaceFolder]) -> None:
        change = types.WorkspaceFoldersChangeEvent(**{"added": [], "removed": [], **event})
        self.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(change))

    async def _asked(self, answer: Any) -> Any:
        return await asyncio.wait_for(answer, PATIENCE)


def _plain(value: Any) -> Any:
    """pygls makes named tuples of what it has no type for."""
    if hasattr(value, "_asdict"):
        return {name: _plain(of) for name, of in value._asdict().items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _folder(path: Path) -> types.WorkspaceFolder:
    return types.WorkspaceFolder(uri_of(str(path)), path.name)
