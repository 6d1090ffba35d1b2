"""Somebody types a statement between two others, key by key: what is shown after each key."""

from __future__ import annotations

from lsp.conftest import INDEX, NOT_NULL
from lsp.wire import Wire
from raincheck.text import LineIndex

BEFORE = INDEX + "--> statement-breakpoint\n"
KEYS = "DROP TABLE users CASCADE;\n--> statement-breakpoint"
BEHIND = "\n" + NOT_NULL.replace("email", "id")


async def test_squiggles_elsewhere_keep_still_and_none_flashes_where_somebody_types(project):
    path = project.path("0001_index")
    path.write_text(BEFORE + BEHIND)
    wire = await Wire.process()
    await wire.meet("visual_studio_code", workspaceFolders=[{"uri": project.root.as_uri(), "name": "app"}])
    wire.open(path, BEFORE + BEHIND)
    elsewhere, here = [], []
    for count in range(len(KEYS) + 1):
        text = BEFORE + KEYS[:count] + BEHIND
        wire.rewrite(path, text)
        shown = {(d["code"], d["message"], d["range"]["start"]["line"]) for d in await wire.pull(path)}
        last = LineIndex(text).position(len(BEFORE) + count)[0]
        mine = {code for code, _, line in shown if 2 <= line <= last}
        others = {(code, message) for code, message, line in shown if not 2 <= line <= last}
        if not here or here[-1] != mine:
            here.append(mine)
        if not elsewhere or elsewhere[-1] != others:
            elsewhere.append(others)
    assert here == [set(), {"syntax-error"}, {"table-dropped"}]
    assert len(elsewhere) == 2  # when the table is dropped, what follows fails
    assert len(elsewhere[0]) >= 2
    assert await wire.ask("shutdown") is None
    wire.tell("exit")
    assert await wire.close() == 0
