"""The executable does what the installed program does, and carries what it needs and the licences of all of it."""

from __future__ import annotations

from importlib.metadata import distribution, version

import pytest

from installing.running import introduces_itself, run


@pytest.mark.parametrize("form", ["folder_form", "file_form"])
def test_it_says_what_the_installed_program_says(request, form, installed, project):
    program = request.getfixturevalue(form)
    for words in (["check", "--format", "json"], ["gate"], ["explain", "recipe", "backfill"], ["--version"]):
        wanted, got = run(installed, *words, folder=project), run(program, *words, folder=project)
        assert (got.returncode, got.stdout, got.stderr) == (wanted.returncode, wanted.stdout, wanted.stderr)
        assert got.stdout


@pytest.mark.parametrize("form", ["folder_form", "file_form"])
def test_it_is_a_language_server(request, form, project):
    introduced = introduces_itself(request.getfixturevalue(form), "serve", folder=project)
    assert introduced["serverInfo"]["version"] == version("raincheck")


ONE_POSTGRES = True


def test_it_can_ask_a_database(folder_form, project, database, postgres):
    asked = run(folder_form, "status", "--database-url", database, folder=project)
    assert f"PostgreSQL {postgres.major}" in asked.stdout
    assert asked.stderr == ""


def test_it_carries_licences_and_no_tools_of_ours(folder_form):
    inside = folder_form.parent / "_internal"
    carried = {each.name for each in (inside / "licenses").iterdir() if any(each.iterdir())}
    assert {
        "raincheck",
        "pygls",
        "lsprotocol",
        "psycopg",
        "pydantic",
        "orjson",
        "click",
        "tree-sitter",
    } <= carried
    with_licence = {
        name
        for name in ("attrs", "cattrs", "rpds-py", "tree-sitter-typescript", "typing-extensions")
        if any("licen" in str(file).lower() for file in distribution(name).files or ())
    }
    assert with_licence <= carried
    assert not {"mypy", "pytest", "hypothesis"} & {each.name for each in inside.iterdir()}


def test_it_holds_no_links(folder_form):
    assert not [path for path in folder_form.parent.rglob("*") if path.is_symlink()]
