"""The VS Code client's manifest says what its code does: commands, settings, trust, versions, licence."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "clients" / "vscode"
MANIFEST = json.loads((CLIENT / "package.json").read_text(encoding="utf-8"))
SETTINGS = MANIFEST["contributes"]["configuration"]["properties"]
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((CLIENT / "src").glob("*.ts")))
README = (CLIENT / "README.md").read_text(encoding="utf-8")
LOCK = (CLIENT / "package-lock.json").read_text(encoding="utf-8")


def found(pattern: str, text: str = SOURCES) -> set[str]:
    return set(re.findall(pattern, text))


def test_commands_declared_are_commands_registered() -> None:
    names = dict(re.findall(r"export const (\w+) = '(raincheck\.\w+)';", SOURCES))
    registered = {names[constant] for constant in found(r"registerCommand\((\w+),")}
    assert registered == {command["command"] for command in MANIFEST["contributes"]["commands"]}


def test_settings_declared_are_settings_read() -> None:
    read_by_client = found(r"\.get<[^>]+>\('([\w.]+)'")
    assert found(r"export const SECTION = '(\w+)'") == {"raincheck"}
    assert "new LanguageClient(SECTION," in SOURCES, "the library reads trace.server under the client's id"
    assert {f"raincheck.{name}" for name in read_by_client | {"trace.server"}} == set(SETTINGS)


def test_the_readme_lists_every_setting_and_command() -> None:
    assert found(r"\| `(raincheck\.[\w.]+)` \|", README) == set(SETTINGS)
    for command in MANIFEST["contributes"]["commands"]:
        assert f"**{command['category']}: {command['title']}**" in README


def test_an_untrusted_workspace_does_not_choose_the_program() -> None:
    trust = MANIFEST["capabilities"]["untrustedWorkspaces"]
    assert trust["supported"] == "limited"
    assert trust["restrictedConfigurations"] == ["raincheck.path"]
    assert SETTINGS["raincheck.path"]["scope"] == "machine-overridable"


@pytest.mark.parametrize("pattern", ["**/meta/_journal.json", "**/raincheck.toml"])
def test_what_wakes_the_extension_is_what_it_reads(pattern: str) -> None:
    assert f"workspaceContains:{pattern}" in MANIFEST["activationEvents"]
    assert pattern in found(r"pattern: '([^']+)'")


def test_types_are_those_of_the_oldest_vscode_supported() -> None:
    oldest = MANIFEST["engines"]["vscode"].lstrip("^")
    assert MANIFEST["devDependencies"]["@types/vscode"] == f"~{oldest}"
    assert json.loads(LOCK)["packages"]["node_modules/@types/vscode"]["version"] == oldest


def test_version_and_licence_are_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert MANIFEST["version"] == json.loads(LOCK)["version"] == project["version"]
    assert MANIFEST["license"] == project["license"]


def test_the_lock_pins_contents_and_names_no_registry() -> None:
    packages = {path: entry for path, entry in json.loads(LOCK)["packages"].items() if path}
    assert all("integrity" in entry for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())
