"""The npm packages, from their packed tarballs: `npx raincheck` runs the executable that npm installed, or finds one."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import tomllib
from pathlib import Path

import pytest

from installing.running import introduces_itself, run

ROOT = Path(__file__).resolve().parents[2]
CLIENT = ROOT / "clients" / "npm"
NODE = Path(shutil.which("node")).parent
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def npm(*words, folder):
    subprocess.run(["npm", *words], cwd=folder, check=True, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def tarballs(folder_form):
    assert folder_form
    shutil.rmtree(ROOT / "build" / "npm", ignore_errors=True)
    subprocess.run(["node", CLIENT / "pack.mjs"], check=True, capture_output=True, timeout=300)
    return sorted((ROOT / "build" / "npm").glob("*.tgz"))


@pytest.fixture(scope="module")
def team(tarballs, tmp_path_factory):
    """A team's project with Raincheck among its development dependencies."""
    folder = tmp_path_factory.mktemp("team") / "renovation"
    shutil.copytree(ROOT / "examples" / "renovation", folder)
    (folder / "package.json").write_text('{"name": "team", "private": true}')
    npm("install", "--no-audit", "--no-fund", "--save-dev", *tarballs, folder=folder)
    return folder


@pytest.mark.parametrize("page", ["README.md", "docs/installing.md"])
def test_what_the_documentation_installs_is_what_is_packed(tarballs, page):
    (line,) = re.findall(r"^npm install --save-dev (.+)$", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    assert {ROOT / name for name in line.split()} == set(tarballs)


def in_path(*folders):
    return {"PATH": os.pathsep.join(map(str, [*folders, NODE, os.defpath]))}


def test_the_packages_hold_what_they_should_and_no_more(tarballs):
    names = [
        set(subprocess.run(["tar", "tzf", each], check=True, capture_output=True, text=True).stdout.split())
        for each in tarballs
    ]
    launcher, executable = sorted(names, key=len)
    own = {"package.json", "README.md", "LICENSE", "bin/raincheck.js"}
    assert launcher == {f"package/{name}" for name in own}
    assert {"package/LICENSE", "package/package.json", "package/raincheck/raincheck"} < executable


def test_npx_runs_what_npm_installed(team, installed):
    words = ["check", "--format", "json"]
    wanted = run(installed, *words, folder=team)
    got = run("npx", "--offline", "raincheck", *words, folder=team, **in_path())
    assert (got.returncode, json.loads(got.stdout)) == (1, json.loads(wanted.stdout))


def test_it_is_a_language_server_through_npm(team):
    program = team / "node_modules" / ".bin" / "raincheck"
    assert "capabilities" in introduces_itself(program, "serve", folder=team, **in_path())


def commands():
    readme = (CLIENT / "README.md").read_text("utf-8")
    lines = [
        line for fence in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL) for line in fence.splitlines()
    ]
    return [
        line.partition(" #")[0].strip() for line in lines if line.startswith("npx ") and "serve" not in line
    ]


@pytest.mark.parametrize("line", commands())
def test_the_commands_of_its_readme(team, line):
    words = shlex.split(line)
    done = run(team / "node_modules" / ".bin" / words[1], *words[2:], folder=team, **in_path())
    assert done.returncode in {0, 1}
    assert done.stdout
    assert done.stderr == ""


def test_a_failure_is_passed_on(team):
    program = team / "node_modules" / ".bin" / "raincheck"
    done = run(program, "check", "no/such/folder", folder=team, **in_path())
    assert done.returncode == 2
    assert "no/such/folder" in done.stderr


def test_to_end_the_launcher_ends_the_server(team):
    program = team / "node_modules" / ".bin" / "raincheck"
    environment = {**os.environ, **in_path()}
    with subprocess.Popen([program, "serve"], cwd=team, stdin=subprocess.PIPE, env=environment) as served:
        children = Path(f"/proc/{served.pid}/task/{served.pid}/children")
        while not children.read_text():
            assert served.poll() is None
        child = int(children.read_text())
        served.send_signal(signal.SIGTERM)
        served.wait(30)
        assert not Path(f"/proc/{child}").exists()
        served.stdin.close()


@pytest.fixture
def launcher(tmp_path):
    """The launcher without the package of any platform, as on one that has none."""
    shutil.copytree(CLIENT / "bin", tmp_path / "node_modules" / "raincheck" / "bin")
    shutil.copy(CLIENT / "package.json", tmp_path / "node_modules" / "raincheck")
    return tmp_path / "node_modules" / "raincheck" / "bin" / "raincheck.js"


def test_without_an_executable_it_runs_the_one_on_path(launcher, installed, project):
    done = run(launcher, "--version", folder=project, **in_path(installed.parent))
    assert VERSION in done.stdout


@pytest.mark.parametrize(
    ("runner", "words"),
    [("uvx", [f"raincheck@{VERSION}", "check"]), ("pipx", ["run", f"raincheck=={VERSION}", "check"])],
)
def test_or_has_it_fetched(launcher, project, tmp_path, runner, words):
    """The runner is one that says how it was called: nothing can be fetched that is not published."""
    told = tmp_path / "bin" / runner
    told.parent.mkdir()
    told.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    told.chmod(0o755)
    done = run(launcher, "check", folder=project, **in_path(told.parent))
    assert done.stdout.split() == words


def test_without_anything_it_says_what_to_do(launcher, project):
    done = run(launcher, "check", folder=project, PATH=str(only_node(project)))
    assert done.returncode == 2
    assert "install uv" in done.stderr
    assert "Error" not in done.stderr


def only_node(folder):
    """A folder with node and nothing else, for the machine may have a uvx."""
    (folder / "bin").mkdir()
    for name in ("node", "env"):
        (folder / "bin" / name).symlink_to(shutil.which(name))
    return folder / "bin"


def test_versions_are_the_projects():
    manifest = json.loads((CLIENT / "package.json").read_text("utf-8"))
    assert {manifest["version"], *manifest["optionalDependencies"].values()} == {VERSION}
    assert manifest["license"] == "GPL-3.0-or-later"
