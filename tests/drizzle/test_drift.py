"""`raincheck drift` with the real drizzle-kit of both lines, and with a database that its migrator made."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import psycopg
import pytest

from raincheck.cli.main import run as run_command
from support.drizzle import HERE, migrate

ONE_POSTGRES = True
EXAMPLES = {"v0": "renovation", "v1": "renovation-v1"}
ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "drift.schema.json").read_text("utf-8"))


@pytest.fixture(params=EXAMPLES)
def project(request, tmp_path):
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "examples" / EXAMPLES[request.param], folder)
    (folder / "node_modules").symlink_to(HERE / request.param / "node_modules")
    return folder


@pytest.fixture
def drift(project, capsys):
    def ran(*words):
        code = run_command(["drift", str(project), *words])
        return code, *capsys.readouterr()

    return ran


def projects(out):
    """The projects of a JSON report, which is as its published schema says."""
    report = json.loads(out)
    jsonschema.validate(report, SCHEMA)
    assert report["schema"] == 1
    return report["projects"]


def version(project):
    return "v0" if (project / "drizzle" / "meta").exists() else "v1"


def files(project):
    return {
        path.relative_to(project): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file() and "node_modules" not in path.parts
    }


def test_what_agrees_is_said_and_nothing_is_written(project, drift):
    before = files(project)
    code, out, err = drift()
    assert (code, err) == (0, "")
    assert out.endswith("Schema files and migrations agree, as drizzle-kit sees them.\n")
    assert files(project) == before


def test_what_is_missing_is_named_with_the_statement(project, drift):
    schema = project / "src" / "schema.ts"
    schema.write_text(
        schema.read_text() + '\nexport const extra = pgTable("extra tables", { id: integer("id") });\n'
    )
    before = files(project)
    code, out, _ = drift("--format", "json")
    (found,) = projects(out)
    assert code == 1
    assert not found["agrees"]
    (change,) = found["schema_files"]["changes"]
    assert change["does"] == 'Create table "extra tables"'
    assert change["sql"].startswith('CREATE TABLE "extra tables" (')
    assert files(project) == before
    assert 'Create table "extra tables"\n      CREATE TABLE' in drift()[1]


def test_where_drizzle_kit_would_ask_it_is_no_agreement(project, drift):
    schema = project / "src" / "schema.ts"
    text = schema.read_text()
    assert '"display_name"' in text
    schema.write_text(text.replace('"display_name"', '"shown_name"'))
    code, out, _ = drift()
    assert code == 1
    assert "would ask whether something was renamed" in " ".join(out.split())
    (found,) = projects(drift("--format", "json")[1])
    assert found["schema_files"] == {"agree": False, "asks": True, "changes": []}


def test_a_crash_is_no_agreement_whatever_its_exit_code(project, drift):
    (project / "src" / "schema.ts").write_text("export const broken = ;")
    code, out, err = drift()
    assert (code, out) == (2, "")
    assert err.startswith("raincheck: drizzle-kit generate failed: ")
    assert "rror" in err
    assert err.count("\n") == 1


def test_without_drizzle_kit_it_says_what_to_do(project, drift):
    (project / "node_modules").unlink()
    code, _, err = drift()
    assert code == 2
    assert "drizzle-kit is not installed" in err


def test_without_anything_to_compare_it_says_so(drift):
    assert "nothing to compare" in drift("--no-schema-files")[2]


def test_a_database_that_drizzle_made_agrees_until_somebody_changes_it(project, drift, database):
    assert migrate(project / "drizzle", database, version(project)).ok
    words = ("--no-schema-files", "--database-url", database)
    code, out, _ = drift(*words)
    assert code == 0, out
    assert "holds what its migrations make." in " ".join(out.split())
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute('ALTER TABLE "profiles" ADD COLUMN "by hand" text, ALTER COLUMN "email" DROP NOT NULL')
        code, out, _ = drift(*words, "--format", "json")
        assert code == 1
        (found,) = projects(out)
        assert found["schema_files"] is None
        differences = {each["name"]: each for each in found["database"]["differences"]}
        assert differences.keys() == {"public.profiles.by hand", "public.profiles.email"}
        assert differences["public.profiles.email"]["statements"] == [
            'ALTER TABLE "public"."profiles" ALTER COLUMN "email" SET NOT NULL'
        ]
        for statement in found["database"]["statements"]:
            conn.execute(statement)
    assert drift(*words)[0] == 0


def test_what_is_pending_is_no_drift(project, drift, database, tmp_path):
    first = tmp_path / "first" / "drizzle"
    shutil.copytree(project / "drizzle", first)
    if (first / "meta").exists():
        journal = json.loads((first / "meta" / "_journal.json").read_text())
        journal["entries"] = journal["entries"][:2]
        (first / "meta" / "_journal.json").write_text(json.dumps(journal))
    else:
        for folder in sorted(path for path in first.iterdir() if path.is_dir())[2:]:
            shutil.rmtree(folder)
    assert migrate(first, database, version(project)).ok
    assert drift("--no-schema-files", "--database-url", database)[0] == 0
