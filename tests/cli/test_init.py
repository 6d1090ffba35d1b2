"""`raincheck init` writes what fits the project it finds, and nothing over what is there."""

from __future__ import annotations

import json
import subprocess
import tomllib

import pytest

from raincheck.engine.settings_file import read_settings
from raincheck.rules import ALL


@pytest.fixture
def repository(project):
    """The project is packages/api of a repository."""
    root = project.parent / "repo"
    (root / "packages").mkdir(parents=True)
    project.rename(root / "packages" / "api")
    git = ["git", "-C", root, "-c", "user.name=x", "-c", "user.email=x@example.com"]
    subprocess.run([*git, "init", "-q", "-b", "trunk"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    subprocess.run([*git, "update-ref", "refs/remotes/origin/trunk", "HEAD"], check=True)
    subprocess.run(
        [*git, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk"], check=True
    )
    return root


def settings(folder):
    text = (folder / "raincheck.toml").read_text("utf-8")
    assert read_settings(text, "raincheck.toml", frozenset(rule.name for rule in ALL)).problems == ()
    return tomllib.loads(text)


def test_the_settings_are_read_again(project, run):
    assert run("init", "--postgres", "17").out == "raincheck.toml was written.\n"
    assert settings(project) == {"postgres": 17}
    assert "PostgreSQL 17." in run("check", "--all").out


@pytest.mark.parametrize(
    ("image", "wanted"),
    [("postgres:16-alpine", 16), ("pgvector/pgvector:pg17", 17), ("timescale/timescaledb:latest-pg14", 14)],
)
def test_the_version_is_that_of_the_image(project, run, image, wanted):
    (project / "docker-compose.yml").write_text(f'services:\n  db:\n    image: "{image}"\n')
    run("init")
    assert settings(project) == {"postgres": wanted}
    assert "docker-compose.yml" in (project / "raincheck.toml").read_text("utf-8")


@pytest.mark.parametrize("images", [[], ["redis:7"], ["postgres:14", "postgres:16"], ["postgres:latest"]])
def test_it_does_not_guess_a_version(project, run, images):
    (project / "compose.yaml").write_text("\n".join(f"image: {image}" for image in images))
    run("init")
    assert settings(project) == {}


IMPORT = 'import { migrate } from "drizzle-orm/%s/migrator";\n'


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"src/migrate.ts": IMPORT % "neon-http"}, "statement"),
        ({"src/migrate.ts": IMPORT % "xata-http"}, "statement"),
        ({"src/migrate.ts": IMPORT % "node-postgres"}, "transaction"),
        ({"db.mjs": 'const { migrate } = await import("drizzle-orm/postgres-js/migrator");'}, "transaction"),
        ({"db.cjs": "const { migrate } = require('drizzle-orm/aws-data-api/pg/migrator');"}, "transaction"),
        ({"package.json": '{"scripts": {"deploy": "dotenv -- drizzle-kit migrate && next"}}'}, "transaction"),
        (
            {
                "src/migrate.ts": IMPORT % "neon-http",
                "tests/setup.ts": IMPORT % "pglite",
                "a.test.ts": IMPORT % "pglite",
            },
            "statement",
        ),
        ({"src/migrate.ts": "// " + IMPORT % "neon-http"}, None),
        ({"src/migrate.ts": "import type { MigrationConfig } from 'drizzle-orm/neon-http/migrator';"}, None),
        ({"src/migrate.ts": IMPORT % "pg-proxy"}, None),
        ({"node_modules/a/index.js": IMPORT % "neon-http"}, None),
        (
            {"package.json": '{"scripts": {"push": "drizzle-kit push", "generate": "drizzle-kit generate"}}'},
            None,
        ),
        ({"package.json": '{"scripts": ["drizzle-kit migrate"]}', "x.ts": "import {"}, None),
        ({"package.json": '{"scripts": {"m": "drizzle-kit migrate"}}', "x.ts": IMPORT % "neon-http"}, None),
    ],
)
def test_the_runner_is_what_the_project_s_own_migrators_do(project, run, files, wanted):
    for path, text in files.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text)
    said = run("init").out
    assert settings(project) == ({"runner": wanted} if wanted else {})
    left_open = [line for line in (project / "raincheck.toml").read_text().splitlines() if line[:3] == "#  "]
    assert ("set `runner`" in said) is bool(left_open)
    assert bool(left_open) is (wanted is None and any(each in str(files) for each in ("pg-proxy", '"m"')))


def test_where_the_releases_differ_the_runner_is_left_open(tmp_path, run):
    """neon-http of 1.0 sends the run as one batch, from rc.5 on."""
    folder = tmp_path / "drizzle" / "20261122132349_init"
    folder.mkdir(parents=True)
    (folder / "migration.sql").write_text("SELECT 1;")
    (folder / "snapshot.json").write_text("{}")
    (tmp_path / "drizzle.config.json").write_text('{"dialect": "postgresql"}')
    (tmp_path / "odd\tname.ts").write_text(IMPORT % "neon-http")
    assert "set `runner`" in run("init", str(tmp_path)).out
    assert settings(tmp_path) == {}
    text = (tmp_path / "raincheck.toml").read_text()
    assert "#   drizzle-orm/neon-http/migrator in odd?name.ts: cannot be told\n" in text


def test_what_is_there_stays_unless_forced(project, run):
    (project / "raincheck.toml").write_text("postgres = 13\n")
    assert "left alone" in run("init", "--postgres", "17").out
    assert settings(project) == {"postgres": 13}
    run("init", "--postgres", "17", "--force")
    assert settings(project) == {"postgres": 17}


def test_the_base_is_the_remotes_default_branch(repository, run):
    api = repository / "packages" / "api"
    assert run("init", str(api)).code == 0
    assert settings(api) == {"base": "origin/trunk"}


@pytest.mark.parametrize(
    ("lock", "install", "execute"),
    [
        ("package-lock.json", "npm ci", "npx raincheck"),
        ("pnpm-lock.yaml", "pnpm install --frozen-lockfile", "pnpm exec raincheck"),
        ("yarn.lock", "yarn install --immutable", "yarn raincheck"),
        ("bun.lock", "bun install --frozen-lockfile", "bunx raincheck"),
    ],
)
def test_pipelines_speak_the_teams_package_manager(repository, run, lock, install, execute):
    (repository / lock).write_text("")
    assert run("init", str(repository / "packages" / "api"), "--ci", "github").code == 0
    text = (repository / ".github" / "workflows" / "migrations.yml").read_text("utf-8")
    assert "branches: [trunk]" in text
    assert "working-directory: packages/api\n" in text
    assert "working-directory: .\n" in text
    assert install in text
    assert f"{execute} check --base" in text
    assert "@" not in text.replace("actions/checkout@v4", "").replace("actions/setup-node@v4", "")


def test_the_migrator_knows_the_folder_and_the_table(project, run):
    (project / "drizzle.config.ts").write_text(
        'export default { dialect: "postgresql", out: "./drizzle", migrations: { table: "done", schema: "public" } };'
    )
    said = run("init", "--migrator").out
    text = (project / "scripts" / "migrate.mjs").read_text("utf-8")
    assert '{ migrationsFolder: "drizzle", migrationsTable: "done", migrationsSchema: "public" }' in text
    assert "npm install pg" in said


def test_a_driver_that_is_there_is_not_asked_for(project, run):
    (project / "package.json").write_text(json.dumps({"dependencies": {"pg": "^8"}}))
    assert "npm install" not in run("init", "--migrator").out


@pytest.mark.parametrize("hook", ["git", "lefthook", "pre-commit", "husky"])
def test_a_hook_checks_and_what_is_there_is_shown_what_to_add(repository, run, hook):
    api = str(repository / "packages" / "api")
    run("init", api, "--hook", hook)
    (path,) = (
        path
        for name in (".git/hooks/pre-commit", "lefthook.yml", ".pre-commit-config.yaml", ".husky/pre-commit")
        if (path := repository / name).exists()
    )
    path.write_text("mine")
    said = run("init", api, "--hook", hook).out
    assert path.read_text() == "mine"
    assert "raincheck check" in said.partition("it would be:")[2]


def test_where_there_is_no_repository_a_pipeline_is_refused_and_nothing_written(project, run):
    done = run("init", "--ci", "gitlab")
    assert done.code == 2
    assert "git repository" in done.err
    assert not (project / "raincheck.toml").exists()


def test_a_path_that_would_need_quotes_is_refused(repository, run):
    odd = (repository / "packages" / "api").rename(repository / "packages" / "our api; x")
    done = run("init", str(odd), "--ci", "github")
    assert done.code == 2
    assert "would need quotes" in done.err
    assert not (repository / ".github").exists()


def test_several_projects_and_none_are_said(repository, run, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "no Drizzle project" in run("init", str(tmp_path / "empty")).err
    subprocess.run(["cp", "-r", repository / "packages" / "api", repository / "packages" / "web"], check=True)
    assert "several projects; name one: " in run("init", str(repository)).err


def test_all_files_or_none(repository, run):
    (repository / ".github").write_text("a file where a folder should be")
    api = repository / "packages" / "api"
    done = run("init", str(api), "--ci", "github")
    assert done.code == 2
    assert "cannot be written" in done.err
    assert not (api / "raincheck.toml").exists()
    assert not (api / "scripts").exists()
