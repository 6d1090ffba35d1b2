from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
DROP = 'DROP TABLE "users" CASCADE;'
ADD = 'ALTER TABLE "users" ADD COLUMN "nick" text;'


@pytest.fixture
def pending(project):
    def written(sql: str) -> None:
        (project / "drizzle" / "0001_index.sql").write_text(sql)

    return written


@pytest.mark.parametrize(
    ("sql", "most", "code"),
    [(ADD, "green", 0), (DROP, "red", 0), (DROP, "yellow", 1), ("SELECT 1;", "green", 0)],
)
def test_a_gate_above_the_most_is_an_exit_code(pending, run, sql, most, code):
    pending(sql)
    assert run("gate", "--since", "0000_init", "--max", most).code == code


def test_people_get_the_reasons(pending, run):
    pending(DROP)
    out = run("gate", "--since", "0000_init").out
    assert out.startswith("red: wants approval and a backup. It destroys, rewrites or blocks for long")
    assert "  red     drizzle/0001_index.sql\n          drop table on users; table-dropped\n" in out


def test_pipelines_get_variables(pending, run):
    pending(DROP)
    lines = run("gate", "--since", "0000_init", "--format", "github").out.splitlines()
    assert lines == ["gate=red", "pending=1", "because=drop table on users; table-dropped"]
    assert "RAINCHECK_GATE=red" in run("gate", "--since", "0000_init", "--format", "gitlab").out.splitlines()


def test_programs_get_json(project, pending, run):
    pending(ADD)
    found = json.loads(run("gate", "--since", "0000_init", "--format", "json").out)
    jsonschema.validate(found, json.loads((DOCS / "gate.schema.json").read_text("utf-8")))
    assert (found["schema"], found["gate"], found["elsewhere"]) == (1, "green", [])
    assert found["migrations"] == [
        {"root": project.as_posix(), "path": "drizzle/0001_index.sql", "gate": "green", "reasons": []}
    ]


def test_what_reddens_the_run_from_elsewhere_is_named(project, pending, run):
    """An applied migration whose text is another than the sealed one."""
    pending(ADD)
    assert run("seal", "--all").code == 0
    first = project / "drizzle" / "0000_init.sql"
    first.write_text(first.read_text() + "\nSELECT 1;")
    words = ("gate", "--since", "0000_init")
    assert "drizzle/0000_init.sql\n          migration-edited\n" in run(*words).out
    found = json.loads(run(*words, "--format", "json").out)
    jsonschema.validate(found, json.loads((DOCS / "gate.schema.json").read_text("utf-8")))
    (edited,) = found["elsewhere"]
    assert (edited["path"], edited["gate"]) == ("drizzle/0000_init.sql", found["gate"])
    assert edited["reasons"] == ["migration-edited"]
    assert "because=migration-edited" in run(*words, "--format", "shell").out.splitlines()
