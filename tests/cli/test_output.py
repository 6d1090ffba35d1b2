from __future__ import annotations

import pytest

from raincheck.cli.output import style


@pytest.fixture(autouse=True)
def _terminal(monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.mark.parametrize(
    ("variables", "colour"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colours_are_for_terminals_that_want_them(monkeypatch, variables, colour):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert style().colour is colour


def test_what_is_piped_has_no_colours(monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: False)
    assert style().colour is False


@pytest.mark.parametrize(("columns", "width"), [("20", 60), ("88", 88), ("300", 100)])
def test_text_is_as_wide_as_the_terminal_within_reason(monkeypatch, columns, width):
    monkeypatch.setenv("COLUMNS", columns)
    assert style().width == width


def test_paths_are_shown_from_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert style().path(f"{tmp_path.as_posix()}/a/b.sql") == "a/b.sql"
