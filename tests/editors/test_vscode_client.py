"""The VS Code client's manifest says what its code does: commands, settings, trust, versions, licence."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from raincheck.lsp.registration import COMMANDS

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "clients" / "vscode"
MANIFEST = json.loads((CLIENT / "package.json").read_text(encoding="utf-8"))
SETTINGS = MANIFEST["contributes"]["configuration"]["properties"]
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((CLIENT / "src").glob("*.ts")))
README = (CLIENT / "README.md").read_text(encoding="utf-8")
sys.path.append(str(ROOT / "tools"))
import vscode_settings  # noqa: E402

LOCK = (CLIENT / "package-lock.json").read_text(encoding="utf-8")


def found(pattern: str, text: str = SOURCES) -> set[str]:
    return set(re.findall(pattern, text))


def test_commands_declared_are_commands_registered_here_or_carried_out_by_the_server() -> None:
    names = dict(re.findall(r"export const (\w+) = '(raincheck\.\w+)';", SOURCES))
    registered = {names[constant] for constant in found(r"registerCommand\((\w+),")}
    declared = {command["command"] for command in MANIFEST["contributes"]["commands"]}
    assert registered <= declared
    assert declared - registered <= {command.name for command in COMMANDS}


def test_settings_of_the_extension_are_settings_read() -> None:
    assert found(r"export const SECTION = '(\w+)'") == {"raincheck"}
    assert "new LanguageClient(SECTION," in SOURCES, "the library reads trace.server under the client's id"
    assert found(r"\.get<[^>]+>\('([\w.]+)'") | {"trace.server"} == {
        name.removeprefix("raincheck.") for name in vscode_settings.OWN
    }


def test_the_problem_matchers_read_what_check_prints() -> None:
    command = [Path(sys.executable).with_name("raincheck"), "check", "examples/renovation"]
    printed = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True).stdout
    matchers = MANIFEST["contributes"]["problemMatchers"]
    matched = Counter(
        matcher["name"].removeprefix("raincheck-")
        for matcher in matchers
        for line in printed.splitlines()
        if (place := re.match(matcher["pattern"]["regexp"], line)) and (ROOT / place[2]).is_file()
    )
    counted = {
        name: int(number)
        for number, name in re.findall(r"(\d+) (danger|risk|note)s?\b", printed.splitlines()[-3])
    }
    assert matched == counted
    assert counted


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
