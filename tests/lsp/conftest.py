"""Editors that are shared by the tests of a module, a bare client for each test, and Drizzle projects that they have open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from lsp.editor import Editor
from lsp.wire import Wire
from support.drizzle_folder import DrizzleFolder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from pathlib import Path

USERS = 'CREATE TABLE "users" ("id" integer PRIMARY KEY NOT NULL, "email" text);\n'
INDEX = 'CREATE INDEX "users_email_idx" ON "users" ("email");\n'
NOT_NULL = 'ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL;\n'


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def editor(request: pytest.FixtureRequest) -> AsyncIterator[Editor]:
    """One server for a whole module, met by the client that the module's PROFILE names."""
    editor = await Editor.start(request.module.PROFILE)
    yield editor
    assert await editor.stop() == 0
    assert _failures(editor.log) == []


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """A server in this process that nobody has met yet."""
    wire = Wire.inside()
    yield wire
    assert _failures(wire.log) == []
    await wire.close()


def _failures(log: Iterable[str]) -> list[str]:
    """What the server says it could not do; it answers all the same."""
    return [line for line in log if "could not" in line or "not handled" in line]


@pytest.fixture
def project(tmp_path: Path) -> DrizzleFolder:
    """Two migrations of which nobody knows whether they are applied: a table, and an index that blocks its writes."""
    return DrizzleFolder(tmp_path, {"0000_users": USERS, "0001_index": INDEX})


@pytest_asyncio.fixture(loop_scope="module")
async def opened(editor: Editor, project: DrizzleFolder) -> AsyncIterator[DrizzleFolder]:
    """The project, as a workspace folder of the editor."""
    editor.enter(project.root)
    yield project
    for uri in list(editor.versions):
        editor.close_uri(uri)
    editor.leave(project.root)
