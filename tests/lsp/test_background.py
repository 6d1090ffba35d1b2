"""Who waits for whom: reading what is known waits for nothing, and an analysis gives way to the next key."""

from __future__ import annotations

import asyncio
import threading

import pytest

from lsp.conftest import INDEX, USERS
from raincheck.engine.haste import HaltedError
from raincheck.lsp import background as module
from raincheck.lsp.background import Background
from raincheck.lsp.client import Client
from raincheck.lsp.sources import OpenFile
from support.projects import chunked, journal

pytestmark = pytest.mark.asyncio


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "drizzle"
    (folder / "meta").mkdir(parents=True)
    (folder / "0000_users.sql").write_text(USERS)
    (folder / "0001_index.sql").write_text(INDEX)
    (folder / "meta" / "_journal.json").write_text(journal(["0000_users", "0001_index"]))
    background = Background(Client())
    background.note(lambda workspace: workspace.enter(str(tmp_path)))
    yield background
    background.stop()


def typed(work, path, text, version=1):
    work.note(lambda workspace: workspace.edit(path, OpenFile(f"file://{path}", version, text)), path)


def text_of(path):
    return lambda view: view.subject(path).sources.text(view.subject(path).path)


async def test_a_file_that_has_not_changed_is_read_while_something_else_is_worked_out(work, tmp_path):
    index, users = (str(tmp_path / "drizzle" / name) for name in ("0001_index.sql", "0000_users.sql"))
    await work.run(lambda workspace: workspace.reports())
    typed(work, users, f"-- more\n{USERS}")
    go_on = threading.Event()
    busy = asyncio.create_task(work.run(lambda workspace: (go_on.wait(60), workspace.reports())))
    try:
        assert await asyncio.wait_for(work.read(index, text_of(index)), 30) == INDEX
        later = asyncio.create_task(work.read(users, text_of(users)))
        await asyncio.sleep(0)  # it has asked
        assert await asyncio.wait_for(work.read(index, text_of(index)), 30) == INDEX
        assert not later.done(), "the file that was edited is read as it is now, or not at all"
    finally:
        go_on.set()
    await busy
    assert await later == f"-- more\n{USERS}"


async def test_after_any_other_change_all_is_worked_out_anew(work, tmp_path):
    index = tmp_path / "drizzle" / "0001_index.sql"
    await work.run(lambda workspace: workspace.reports())
    index.write_text("SELECT 1;")
    work.note(lambda workspace: workspace.forget([str(index)]))
    assert await work.read(str(index), text_of(str(index))) == "SELECT 1;"


async def test_an_analysis_gives_way_to_the_next_key_and_ends_with_it(work, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 1)
    path = str(tmp_path / "drizzle" / "0001_index.sql")
    rest = [f'CREATE TABLE "t{n}" ("id" int);' for n in range(50)]
    typed(work, path, chunked('CREATE TABLE "a" ("id" int);', *rest))
    await work.run(lambda workspace: workspace.reports())
    begun = []

    def look(workspace):
        begun.append(workspace._open[path].version)
        if len(begun) == 1:  # while it works, the next key is struck
            typed(work, path, chunked('CREATE TABLE "ccc" ("id" int);', *rest), 3)
        workspace.reports()
        return [analysis.exact for analysis in workspace.analysed()[0]]

    typed(work, path, chunked('CREATE TABLE "bb" ("id" int);', *rest), 2)
    assert await work.run(look) == [True]
    assert begun == [2, 3]


async def test_what_shows_squiggles_does_not_begin_again_but_looks_at_the_key_first(work, tmp_path):
    path = str(tmp_path / "drizzle" / "0001_index.sql")
    await work.run(lambda workspace: workspace.reports())
    typed(work, path, INDEX)
    await work.run(lambda workspace: workspace.reports())
    typed(work, path, f"-- more\n{INDEX}", 2)

    def look(workspace):
        typed(work, path, f"-- and more\n{INDEX}", 3)
        return workspace.reports()

    with pytest.raises(HaltedError):
        await work.attempt(look)
    reports, exact = await work.attempt(lambda workspace: (workspace.reports(), workspace.exact), hasty=True)
    assert (reports[path].version, exact) == (3, False)


async def test_in_haste_the_rest_of_a_long_file_comes_later(work, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 1)
    path = str(tmp_path / "drizzle" / "0001_index.sql")
    rest = ["SELECT 1;"] * 50
    last = 'CREATE INDEX "i" ON "bb" ("id");'
    typed(work, path, chunked('CREATE TABLE "a" ("id" int);', *rest, last))
    before = await work.run(lambda workspace: workspace.reports()[path].diagnostics)
    assert b"bb" in before
    typed(work, path, chunked('CREATE TABLE "bb" ("id" int);', *rest, last))
    hasty = await work.run(
        lambda workspace: (workspace.reports()[path].diagnostics, workspace.exact), hasty=True
    )
    assert b"index-blocks-writes" in hasty[0]
    assert not hasty[1]
    exact = await work.run(lambda workspace: (workspace.reports(), workspace.exact))
    assert exact[1]
    assert b"index-blocks-writes" not in (exact[0][path].diagnostics if path in exact[0] else b"")
