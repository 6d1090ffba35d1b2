"""The files beside raincheck.toml in an editor: sizes of tables, and findings that were there before."""

from __future__ import annotations

import json

import pytest

from raincheck.cli.main import run

PROFILE = "emacs_v28"
RULE = "index-blocks-writes"
STATS = {
    "schema": 1,
    "taken_at": "2020-01-01",
    "postgres": "15.4",
    "relations": [
        {
            "schema": "public",
            "name": "users",
            "rows": 40_000_000,
            "heap_bytes": 6 * 1024**3,
            "index_bytes": 1024**3,
            "total_bytes": 7 * 1024**3,
        }
    ],
}

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_sizes_move_severities_and_stand_in_the_hover(editor, opened):
    path, stats = opened.path("0001_index"), opened.root / "raincheck.stats.json"
    assert (await editor.shown(path, rule=RULE)).severity == 2
    stats.write_text(json.dumps(STATS))
    editor.tell_of(stats)
    found = await editor.until(
        lambda: next((one for one in editor.pushed(path) if one.code == RULE and one.severity == 1), None)
    )
    assert (
        "about 40 million rows, 7 GB with indexes, which is large (raincheck.stats.json of 2020-01-01)"
        in found.message
    )
    hover = (await editor.hover(path, 0, 0)).contents.value
    assert "Size: public.users has about 40 million rows, 7 GB with indexes" in hover
    assert "the work takes minutes by estimate." in hover
    await editor.shown(stats, rule="sizes-outdated")
    stats.unlink()
    editor.tell_of(stats)
    await editor.cleared(stats, rule="sizes-outdated")
    assert "Size:" not in (await editor.hover(path, 0, 0)).contents.value


async def test_only_what_is_new_is_shown(editor, opened):
    path, baseline = opened.path("0001_index"), opened.root / "raincheck.baseline.json"
    await editor.shown(path, rule=RULE)
    assert run(["check", str(opened.root), "--write-baseline"]) == 0
    editor.tell_of(baseline)
    await editor.cleared(path, rule=RULE)
    assert any("in raincheck.baseline.json and not shown" in line for line in editor.log)
    new = opened.add("0002_drop", 'DROP TABLE "users";\n')
    editor.tell_of(new, opened.journal)
    await editor.shown(new, rule="table-dropped")
    assert [one for one in editor.pushed(path) if one.code == RULE] == []
    baseline.unlink()
    editor.tell_of(baseline)
    await editor.shown(path, rule=RULE)


async def test_an_edit_elsewhere_keeps_what_is_known_silent(editor, opened):
    path, baseline = opened.path("0001_index"), opened.root / "raincheck.baseline.json"
    await editor.shown(path, rule=RULE)
    assert run(["check", str(opened.root), "--write-baseline"]) == 0
    editor.tell_of(baseline)
    await editor.cleared(path, rule=RULE)
    text = path.read_text()
    editor.open(path, f'-- a comment\n\n{text}--> statement-breakpoint\nDROP TABLE "users";\n')
    await editor.shown(path, rule="table-dropped")
    assert [one.code for one in editor.pushed(path) if one.code == RULE] == []
