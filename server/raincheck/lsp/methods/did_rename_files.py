"""workspace/didRenameFiles: the user has renamed files in the editor, which may watch none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.features import notification
from raincheck.lsp.watching import ANY_FILE, touched

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer


@notification(types.WORKSPACE_DID_RENAME_FILES, ANY_FILE)
def feature(server: RaincheckServer, params: types.RenameFilesParams) -> None:
    server.look_again(touched(uri for file in params.files for uri in (file.old_uri, file.new_uri)))
