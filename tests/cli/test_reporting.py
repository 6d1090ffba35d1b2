"""Where reports go, and in which form."""

from __future__ import annotations

import json
import subprocess
import xml.etree.ElementTree as ET

import pytest

CHECK = ("check", "--since", "0000_init")


def test_files_get_the_form_of_their_suffix_and_the_terminal_the_text(project, run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")  # as wide as files are
    files = [project / name for name in ("a.sarif", "b.xml", "c.md", "d.json", "e.txt")]
    done = run(*CHECK, *(word for file in files for word in ("--output", str(file))))
    plain = run(*CHECK)
    assert done == plain
    sarif, junit, markdown, report, text = (file.read_text("utf-8") for file in files)
    assert json.loads(sarif)["version"] == "2.1.0"
    assert ET.fromstring(junit).tag == "testsuites"
    assert markdown.startswith("## Raincheck: ")
    assert json.loads(report)["schema"] == 1
    assert text == plain.out


def test_a_form_can_be_named(project, run):
    done = run(
        *CHECK, "--format", "json", "--output", "gitlab:gl-code-quality.json", "--output", "markdown:step"
    )
    assert json.loads(done.out)["schema"] == 1
    assert isinstance(json.loads((project / "gl-code-quality.json").read_text("utf-8")), list)
    assert (project / "step").read_text("utf-8").startswith("## ")


@pytest.mark.parametrize("name", ["report", "report.pdf", "sarif:", "drizzle.json"])
def test_what_is_no_file_is_refused_before_anything_is_done(project, run, name):
    (project / "drizzle.json").mkdir()
    done = run(*CHECK, "--output", name)
    assert (done.code, done.out) == (2, "")
    assert "--output" in done.err


def test_a_file_that_cannot_be_written_is_said(project, run):
    (project / "file").write_text("")
    done = run(*CHECK, "--output", "file/report.json")
    assert done.code == 2
    assert "report.json cannot be written" in done.err
    assert "Traceback" not in done.err


def test_programs_get_paths_from_the_repositorys_root(project, run):
    subprocess.run(["git", "init", "-q", project.parent], check=True)
    (place, *_) = (issue["location"]["path"] for issue in json.loads(run(*CHECK, "--format", "gitlab").out))
    assert place == "app/drizzle/0001_index.sql"
    assert "\n  risk " not in run(*CHECK, "--format", "github").out
    assert " drizzle/0001_index.sql:1:1" in run(*CHECK).out
