"""The recipes, carried out as their pages say: drizzle-kit makes the migrations, Drizzle's migrator runs them."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
from contextlib import contextmanager

import psycopg
import pytest

from raincheck.engine.allowances import UNUSED
from raincheck.live.binaries import binaries_in
from raincheck.live.scratch import scratch_server
from raincheck.rules import ALL
from raincheck.sql.document import read
from support import recipes, vector_binaries
from support.drizzle import HERE, Outcome, ask
from support.postgres_binaries import majors

SOME_POSTGRES = (15, 18)
VERSIONS = ("v0", "v1")
PLAIN = [name for name in recipes.NAMES if name != "pgvector"]
TSC = HERE.parents[1] / "clients" / "vscode" / "node_modules" / "typescript" / "bin" / "tsc"
NOT_OF_THE_STATEMENT = {"snapshot-differs"}
"""A naive form is put behind the migrations without its snapshot."""


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", PLAIN)
def test_it_runs_as_its_page_says(postgres, tmp_path, name, version):
    _carry_out(name, version, tmp_path, postgres.dsn, postgres.major)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "major", [max((one for one in vector_binaries.FOLDERS if one <= max(majors())), default=16)]
)
def test_pgvector_runs_as_its_page_says(tmp_path, major, version):
    """On a server that has pgvector, which the others have not."""
    binaries = binaries_in(vector_binaries.fetch(major))
    with scratch_server(binaries) as server:
        _carry_out("pgvector", version, tmp_path, server.url, major)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_schema_files_compile(tmp_path, version):
    """With the types of the real drizzle-orm, and where a page says that TypeScript complains, with its error."""
    (tmp_path / "node_modules").symlink_to(HERE / version / "node_modules")
    options = {"target": "es2022", "module": "esnext", "moduleResolution": "bundler", "strict": True}
    options |= {"noEmit": True, "skipLibCheck": True, "types": []}
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "include": ["*.ts"]}))
    wanted = set()
    for name in recipes.NAMES:
        for number, fence in enumerate(one for one in recipes.fences(name) if one.kind == "ts"):
            file = f"{name}-{number}.ts"
            (tmp_path / file).write_text(fence.text)
            wanted |= {(file, code) for code in fence.fails}
    done = subprocess.run(
        ["node", TSC, "-p", tmp_path], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    errors = set(re.findall(r"^([\w-]+\.ts)\(\d+,\d+\): error (TS\d+)", done.stdout, re.MULTILINE))
    assert errors == wanted, done.stdout


@pytest.mark.parametrize("name", recipes.NAMES)
def test_the_rules_that_a_page_names_are_rules(name):
    text = (recipes.PAGES / f"{name}.md").read_text("utf-8")
    named = set(re.findall(r"\[`([a-z0-9-]+)`\]\(\.\./\.\./server/raincheck/rules/", text))
    assert named, "no rule is named"
    assert named <= {rule.name for rule in ALL}


def test_every_page_is_listed():
    listed = re.findall(r"\]\(([\w-]+)\.md\)", (recipes.PAGES / "README.md").read_text("utf-8"))
    assert sorted(listed) == recipes.NAMES


def test_links_lead_somewhere():
    root = recipes.PAGES.parents[1]
    pages = [*recipes.PAGES.glob("*.md"), *(root / "server" / "raincheck" / "rules").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((\.[^)#]+\.md)", page.read_text("utf-8")):
            assert (page.parent / target).is_file(), f"{page.name}: {target}"


def _carry_out(name, version, folder, address, major):
    """Do what a page says on a new database, then all its migrations at once on another."""
    page, project = recipes.fences(name, version), folder / "project"
    said = recipes.build(name, version, project)
    assert "No schema changes" in said, said
    assert len(list((project / "drizzle").rglob("*.sql"))) == sum(fence.migration for fence in page)
    with _database(address) as database:
        applied, numbers = 0, itertools.count()
        for group in recipes.deploys(page):
            fence = group[0]
            told = f"{name}: {fence.title or fence.text}"
            if fence.migration:
                here = recipes.upto(project, applied + len(group), folder / f"{next(numbers)}")
                _find(told, recipes.found(here, applied, major), recipes.expected(group))
                assert ask(version, address(database), here / "drizzle").outcome == Outcome(ok=True), told
                applied += len(group)
            elif "naive" in fence.words and fence.kind == "sql":
                here = recipes.upto(project, applied, folder / f"{next(numbers)}")
                recipes.add(here, version, fence)
                _naive(told, fence, recipes.found(here, applied, major))
                with _database(address, database) as copy:
                    state = ask(version, address(copy), here / "drizzle").outcome.sqlstate
                    assert state == next(iter(fence.fails), None), told
            elif "check" in fence.words:
                assert _run(address(database), fence.text) == [(True,)], told
            elif fence.words & recipes.ON_A_COPY:
                with _database(address, database) as copy:
                    _run(address(copy), fence.text)
            elif fence.script:
                _run(address(database), fence.text)
        before = _schema(address(database))
        assert len(_recorded(address(database))) == applied
        assert ask(version, address(database), project / "drizzle").outcome == Outcome(ok=True)
        assert _schema(address(database)) == before
        assert len(_recorded(address(database))) == applied
    with _database(address) as fresh:
        assert ask(version, address(fresh), project / "drizzle").outcome == Outcome(ok=True)
        assert _schema(address(fresh)) == before, "at once on a new database it ends elsewhere"


def _find(told, found, expected):
    """All that is expected is found, and beside it nothing but notes; no allowance is there in vain."""
    beside = (found - expected).items()
    unexpected = {one: count for one, count in beside if one[1] != "note" or one[2] == UNUSED}
    assert not unexpected, f"{told}: {unexpected}"
    assert not expected - found, f"{told}: not found: {expected - found}; found: {found}"


def _naive(told, fence, found):
    found = {one: count for one, count in found.items() if one[2] not in NOT_OF_THE_STATEMENT}
    assert found == dict(recipes.expected([fence])), told
    assert found, f"{told}: nothing is found"


@contextmanager
def _database(address, template="template0"):
    name = f"recipe_{next(_numbers)}"
    with psycopg.connect(address("postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield name
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


_numbers = itertools.count()


def _run(dsn, text):
    """Run statements one by one, as psql does; gives the last one's rows."""
    rows = None
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in read(text).statements:
            cursor = connection.execute(statement.text)
            rows = cursor.fetchall() if cursor.description else None
    return rows


def _recorded(dsn):
    return _run(dsn, "SELECT hash FROM drizzle.__drizzle_migrations")


def _schema(dsn):
    """What there is, as text, without what the rows alone make."""
    mine = "relnamespace = 'public'::regnamespace"
    queries = (
        (
            "SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull, attgenerated, "
            "pg_get_expr(adbin, adrelid) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid LEFT JOIN pg_attrdef "
            f"ON (adrelid, adnum) = (attrelid, attnum) WHERE attnum > 0 AND NOT attisdropped AND {mine}"
        ),
        (
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(pg_constraint.oid), convalidated "
            f"FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid WHERE {mine}"
        ),
        (
            "SELECT pg_get_indexdef(indexrelid), indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid "
            f"WHERE {mine}"
        ),
        (
            "SELECT pg_get_triggerdef(pg_trigger.oid), '' FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            f"WHERE NOT tgisinternal AND {mine}"
        ),
        (
            "SELECT enumtypid::regtype::text, enumlabel, rank() OVER (PARTITION BY enumtypid ORDER BY enumsortorder) "
            "FROM pg_enum"
        ),
        (
            "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prolang <> "
            "(SELECT oid FROM pg_language WHERE lanname = 'c')"
        ),
    )
    return [row for query in queries for row in sorted(_run(dsn, query), key=str)]


@pytest.mark.parametrize(
    ("version", "filtered", "said"),
    [
        ("v0", True, 'CREATE TABLE "events"'),
        ("v1", True, "No changes detected"),
        ("v1", False, 'DROP TABLE "events_2026_11"'),
    ],
)
def test_push_takes_partitions_as_the_page_says(postgres, tmp_path, version, filtered, said):
    page = recipes.fences("partitioned-tables")
    files = {fence.title: fence.text for fence in page if fence.kind == "ts"}
    with _database(postgres.dsn) as database:
        for fence in page:
            if fence.migration:
                _run(postgres.dsn(database), fence.text)
        config = files["drizzle.config.ts"].replace(
            "export default {",
            f"export default {{ dbCredentials: {{ url: {json.dumps(postgres.dsn(database))} }},",
        )
        config = config if filtered else re.sub(r"\n *tablesFilter.*", "", config)
        (tmp_path / "drizzle.config.ts").write_text(config)
        (tmp_path / "schema.ts").write_text(files["schema.ts"])
        (tmp_path / "node_modules").symlink_to(HERE / version / "node_modules")
        kit = HERE / version / "node_modules" / "drizzle-kit" / "bin.cjs"
        command = ["node", kit, "push", "--verbose", "--explain" if version == "v1" else "--strict"]
        done = subprocess.run(
            command, cwd=tmp_path, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        assert said in done.stdout + done.stderr
        assert _run(postgres.dsn(database), "SELECT to_regclass('events_2026_11') IS NOT NULL") == [(True,)]
