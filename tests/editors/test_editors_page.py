"""docs/editors.md: what it shows of editors that cannot run here has at least the right syntax, and it links to what is there."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from support.editors import CHECKOUT, PAGE, configured

BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
TESTS = (Path(__file__).parent / "test_real_editors.py").read_text("utf-8")


@pytest.mark.parametrize("text", [text for language, text in BLOCKS if language == "json"])
def test_json(text):
    (settings,) = json.loads(text).values()
    (server,) = settings.values()
    assert server["command"] == ["raincheck", "serve"]


@pytest.mark.parametrize("text", [text for language, text in BLOCKS if language == "toml"])
def test_toml(text):
    assert tomllib.loads(text)


def test_the_forms_that_are_not_run_say_so_and_link_to_where_they_are_from():
    run = set(re.findall(r'configured\("([^"]+)"', TESTS)) | set(
        re.findall(r'"(Neovim [^"]+|eglot|lsp-mode)"', TESTS)
    )
    for heading, text in re.findall(r"^##+ (.*?)\n(.*?)(?=^##+ |\Z)", PAGE, re.DOTALL | re.MULTILINE):
        if re.search(r"^```(lua|elisp|toml|json|rust)", text, re.MULTILINE) and heading not in run:
            assert re.search(r"[Nn]ot run", text), heading
            assert "](https://" in text, heading


def test_the_files_that_it_links_to_are_there():
    links = re.findall(r"\]\(([^):#]+)(?:#[^)]*)?\)", PAGE)
    assert [link for link in links if not (CHECKOUT / "docs" / link).exists()] == []


def test_the_readme_has_the_form_that_is_run():
    assert f"```lua\n{configured('Neovim 0.11 and newer', 'lua')}```" in (CHECKOUT / "README.md").read_text(
        "utf-8"
    )
