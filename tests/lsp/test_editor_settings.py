"""The model of an editor's settings: what may be said, and that README shows all of it."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from raincheck.ide.hints import Hints
from raincheck.ide.lenses import Lenses
from raincheck.lsp.editor_settings import EditorSettings, read, settings

README = Path(__file__).resolve().parents[2] / "README.md"


def test_what_is_said_is_taken_and_what_is_wrong_is_told():
    said, wrong = read({"inlayHints": "all", "codeLens": ["file"], "base": "main", "other": 1})
    assert (said.inlay_hints, said.code_lens, said.base) == ("all", "risky", "main")
    assert wrong == ("codeLens can be off, file, risky, all; it is taken as risky.",)
    assert read({"inlayHints": None}) == (EditorSettings(), ())


def test_each_choice_is_described():
    choices = {one.name: tuple(one.choices) for one in settings()}
    assert choices["inlayHints"] == get_args(Hints)
    assert choices["codeLens"] == get_args(Lenses)


def test_readme_has_a_row_for_each():
    rows = [line for line in README.read_text().splitlines() if line.startswith("| `raincheck.")]
    assert rows == [
        f"| `raincheck.{one.name}` | {' '.join((one.description, *_listed(one.choices, one.default)))} |"
        for one in settings()
    ]


def _listed(choices, default):
    for name, meaning in choices.items():
        yield f"`{name}`{' (the default)' * (name == default)}: {meaning}"
