"""What the README says to run does run, and the settings that it shows are settings."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from raincheck.engine.settings_file import read_settings
from raincheck.rules import ALL
from support.postgres_binaries import fetch, majors

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PROGRAM = Path(sys.executable).with_name("raincheck")


def fences(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


LINES = [line.partition(" #")[0].strip() for fence in fences("sh") for line in fence.splitlines()]
COMMANDS = [line for line in LINES if line.startswith("raincheck ")]


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The example project, committed, with its commit as that of the remote's main."""
    folder = tmp_path_factory.mktemp("readme") / "renovation"
    shutil.copytree(ROOT / "examples" / "renovation", folder)
    for arguments in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        ["-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q", "-m", "x"],
        ["update-ref", "refs/remotes/origin/main", "HEAD"],
    ):
        subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
    (folder / "node_modules").symlink_to(
        ROOT / "tests" / "drizzle" / "v0" / "node_modules"
    )  # drift runs drizzle-kit
    return folder


def ran(line, folder):
    server = f"{fetch(majors()[0])}{os.pathsep}{os.environ['PATH']}"  # trace looks for one
    done = subprocess.run(
        [PROGRAM, *shlex.split(line)[1:]],
        cwd=folder,
        env={**os.environ, "PATH": server, "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode in {0, 1}, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_runs(line, example):
    ran(line, example)


def test_the_trace_that_it_shows_is_what_comes_out(example):
    """But for the first lines, which say which server it was."""
    (line,) = [line for line in COMMANDS if line.startswith("raincheck trace")]
    (shown,) = re.findall(r"^<!-- trace -->\n```text\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert ran(line, example).partition("\n\n")[2] == shown.partition("\n\n")[2]


def test_every_command_of_the_program_is_shown():
    assert {line.split()[1] for line in COMMANDS} == {
        "check",
        "drift",
        "explain",
        "fix",
        "gate",
        "init",
        "plan",
        "review",
        "rollback",
        "seal",
        "serve",
        "status",
        "trace",
    }


def test_the_targets_and_scripts_that_it_names_are_there():
    wanted = {line.split()[1] for line in LINES if line.startswith("make ")}
    assert wanted == {"demo", "test"}
    for target in wanted:
        subprocess.run(["make", "-n", target], cwd=ROOT, check=True, capture_output=True)
    (client,) = [line for line in LINES if line.startswith("cd clients/vscode")]
    scripts = json.loads((ROOT / "clients" / "vscode" / "package.json").read_text("utf-8"))["scripts"]
    assert set(re.findall(r"npm run (\w+)", client)) <= set(scripts)


def test_the_settings_that_it_shows_are_read_without_a_word():
    (toml,) = fences("toml")
    read = read_settings(toml, "raincheck.toml", frozenset(rule.name for rule in ALL))
    assert read.problems == ()
    assert (read.settings.postgres, len(read.settings.rules), len(read.settings.allow)) == (16, 1, 1)


def test_the_files_that_it_links_to_are_there():
    missing = [link for link in re.findall(r"\]\(([^):#]+)\)", README) if not (ROOT / link).exists()]
    assert missing == []
