"""What an editor does with the changes of files that it is given, or that a server asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.convert import Places, path_of
from raincheck.text import Edit, LineIndex, apply_edits

if TYPE_CHECKING:
    from lsp.editor import Editor


def apply(edit: types.WorkspaceEdit, encoding: str = "utf-16") -> set[str]:
    """Do to the disk what an editor would do; the names of the files that were created."""
    created = set()
    for change in edit.document_changes or ():
        if isinstance(change, types.CreateFile):
            path = Path(path_of(change.uri))
            assert not path.exists()
            path.write_bytes(b"")
            created.add(path.name)
        else:
            _rewrite(Path(path_of(change.text_document.uri)), change.edits, encoding)
    for uri, edits in (edit.changes or {}).items():
        _rewrite(Path(path_of(uri)), edits, encoding)
    return created


def taking(editor: Editor, *, applied: bool = True) -> list[types.WorkspaceEdit]:
    """Make the client take, or refuse, the changes that the server asks for; they are kept in the list."""
    taken: list[types.WorkspaceEdit] = []

    def take(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        taken.append(params.edit)
        if applied:
            apply(params.edit, editor.answer.capabilities.position_encoding)
        return types.ApplyWorkspaceEditResult(applied, "" if applied else "the text has changed.")

    editor.client.protocol.fm.features[types.WORKSPACE_APPLY_EDIT] = take
    return taken


def _rewrite(path: Path, edits: list[types.TextEdit], encoding: str) -> None:
    text = path.read_bytes().decode()
    places = Places(LineIndex(text), encoding)
    path.write_bytes(apply_edits(text, (Edit(places.span(e.range), e.new_text) for e in edits)).encode())
