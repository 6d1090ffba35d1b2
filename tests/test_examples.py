"""The examples are what drizzle-kit writes: nothing in them was made up."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.drizzle import generate, regenerate

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def migrations(project: Path) -> list[str]:
    return sorted(path.relative_to(project).as_posix() for path in (project / "drizzle").rglob("*.sql"))


@pytest.mark.parametrize(("example", "version"), [("renovation", "v0"), ("renovation-v1", "v1")])
def test_the_migrations_lead_to_the_schema(tmp_path, example, version):
    project = tmp_path / example
    shutil.copytree(EXAMPLES / example, project)
    before = migrations(project)
    assert "No schema changes" in generate(project, version)
    assert migrations(project) == before


@pytest.mark.parametrize(("example", "version"), [("renovation", "v0"), ("renovation-v1", "v1")])
def test_a_change_of_the_schema_would_be_seen(tmp_path, example, version):
    project = tmp_path / example
    shutil.copytree(EXAMPLES / example, project)
    schema = project / "src" / "schema.ts"
    schema.write_text(schema.read_text().replace('"draft"', '"sketch"'))
    generate(project, version)
    assert len(migrations(project)) == len(migrations(EXAMPLES / example)) + 1


def test_every_file_is_as_drizzle_kit_wrote_it():
    folder = EXAMPLES / "renovation" / "drizzle"
    assert regenerate(folder) == {path.stem: path.read_text() for path in folder.glob("*.sql")}
