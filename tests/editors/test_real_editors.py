"""Neovim, Emacs and Helix, set up by the very text of docs/editors.md: what a person sees and does in them.

Squiggles, a hover, a quick fix applied and saved, and one that changes several files; then nothing is left running.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from support import editor_binaries
from support.editors import Desk, configured
from support.terminal import Terminal

HERE = Path(__file__).parent
INDEX = "0005_index_assets_by_room.sql"
REQUIRED = "0006_require_locale.sql"


@pytest.fixture
def desk(tmp_path):
    return Desk.at(tmp_path)


def mended(desk: Desk) -> None:
    """The index is built CONCURRENTLY, and NOT NULL is spread over two migrations, on disk."""
    drizzle = desk.project / "drizzle"
    assert "CREATE INDEX CONCURRENTLY" in (drizzle / INDEX).read_text()
    check = 'ADD CONSTRAINT "profiles_locale_is_not_null" CHECK ("locale" IS NOT NULL) NOT VALID;'
    assert (drizzle / REQUIRED).read_text("utf-8").rstrip("\n") == f'ALTER TABLE "profiles" {check}'
    assert desk.tags()[-1] == "0010_profiles_locale_not_null"
    assert "VALIDATE CONSTRAINT" in (drizzle / "0010_profiles_locale_not_null.sql").read_text()
    assert (drizzle / "meta" / "0010_snapshot.json").stat().st_size > 1000


def seen_well(seen: dict) -> None:
    assert "problem" not in seen, seen
    assert "SHARE" in seen["hover"]
    assert "blocks writes" in seen["hover"]
    assert any("CONCURRENTLY" in title for title in seen["index"]["actions"])
    assert any(title.startswith("Split") for title in seen["required"]["actions"])


@pytest.mark.parametrize(
    ("version", "heading", "encoding"),
    [
        ("0.7", "Neovim 0.7", "utf-16"),
        ("0.10", "Neovim 0.8 to 0.10", "utf-16"),
        ("0.11", "Neovim 0.11 and newer", "utf-8"),
    ],
)
def test_neovim(desk, version, heading, encoding):
    init = desk.write("init.lua", configured(heading, "lua"))
    program = editor_binaries.neovim(version)
    seen = desk.run(program, "--headless", "-u", init, "-c", f"luafile {HERE / 'neovim.lua'}")
    seen_well(seen)
    assert seen["version"].startswith(version)
    assert [found["code"] for found in seen["diagnostics"]] == ["work-under-exclusive-lock"]
    assert seen["index"]["left"] == []
    assert [found["code"] for found in seen["required"]["left"]] == ["not-null-breaks-writers"]
    assert (seen["clients"], seen["root"], seen["messages"]) == (1, str(desk.project), "")
    assert seen["encoding"] == encoding
    mended(desk)


def test_nvim_lspconfig(desk):
    """The plugin itself cannot be had here: see the stand-in."""
    init = desk.write("init.lua", configured("nvim-lspconfig before Neovim 0.11", "lua"))
    plugin = ("--cmd", f"set runtimepath+={HERE / 'lspconfig'}")
    program = editor_binaries.neovim("0.10")
    seen = desk.run(program, *plugin, "--headless", "-u", init, "-c", f"luafile {HERE / 'neovim.lua'}")
    seen_well(seen)
    assert (seen["clients"], seen["root"], seen["messages"]) == (1, str(desk.project), "")


@pytest.mark.parametrize(
    ("version", "client", "encoding"),
    [("28", "eglot", "utf-16"), ("28", "lsp-mode", None), ("30", "eglot", "utf-32")],
)
def test_emacs(desk, version, client, encoding):
    init = desk.write("init.el", configured(client, "elisp"))
    program = editor_binaries.emacs(version)
    seen = desk.run(program, "--load", init, "--load", HERE / "emacs.el", EDITOR_CLIENT=client)
    seen_well(seen)
    assert seen["version"].startswith(version)
    assert seen.get("encoding") == encoding
    (found,) = seen["diagnostics"]
    assert "builds an index" in found
    assert seen["index"]["left"] == []
    (left,) = seen["required"]["left"]
    assert "code that is still running" in left
    assert seen["watches"], "a change of raincheck.toml on disk is noticed"
    mended(desk)


def test_helix(desk):
    desk.write("config/helix/languages.toml", configured("Helix", "toml"))
    helix, tmux = editor_binaries.helix()
    environment = {**desk.environment, **helix.environment}
    command = (*helix.command, "--log", str(desk.home / "log"), f"drizzle/{INDEX}")
    with Terminal(tmux, desk.home / "tmux", environment, desk.project, *command) as terminal:
        assert "work-under-exclusive-lock" in terminal.until("builds an index")
        terminal.keys("Space", "k")
        assert "SHARE | blocks writes" in terminal.until("To undo it")
        terminal.keys("Escape")
        terminal.until_gone("To undo it")
        choose(terminal, "CONCURRENTLY, outside Drizzle's transaction")
        terminal.until("DROP INDEX CONCURRENTLY")
        terminal.until_gone("work-under-exclusive-lock")
        terminal.keys(":write-all", "Enter")
        terminal.until_gone("[+]")
        terminal.keys(f":open drizzle/{REQUIRED}", "Enter")
        terminal.until("reads every row")
        choose(terminal, "Split into a CHECK")
        terminal.until_gone("reads every row")
        assert "code that is still running" in terminal.screen()
        terminal.keys(":write-all", "Enter")
        terminal.wait("the journal", lambda: desk.tags()[-1].startswith("0010"))
        terminal.until_gone("[+]")
        terminal.keys(":quit-all", "Enter")
        terminal.wait("the end", terminal.ended)
    mended(desk)


def choose(terminal: Terminal, title: str) -> None:
    """Take the code action that stands first."""
    terminal.keys("Space", "a")
    terminal.until(title)
    terminal.keys("Enter")
    terminal.until_gone("Allow ")
