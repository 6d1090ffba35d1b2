from __future__ import annotations

import subprocess

import pytest

from support.changes import TABLES
from support.git_repository import IDENTITY, Repository
from support.projects import journal


@pytest.fixture
def sealed(project, run):
    """The path of a seal of the first migration."""
    code, out, _ = run("seal", "--since", "0000_init")
    assert code == 0
    path = project / "drizzle" / "raincheck.sum"
    assert out == "drizzle/raincheck.sum was written: 1 of 2 migrations is sealed.\n"
    return path


def test_a_seal_is_written_and_is_then_up_to_date(sealed, run):
    assert sealed.read_text().splitlines()[1].endswith(" 0000_init")
    assert run("seal", "--check", "--since", "0000_init").code == 0
    assert run("seal", "--since", "0000_init").out == (
        "drizzle/raincheck.sum is up to date: 1 of 2 migrations is sealed.\n"
    )


def test_the_seal_tells_what_is_pending(sealed, run):
    assert "1 pending" in run("check").out


def test_an_edit_is_named_and_sealed_anew(sealed, project, run):
    before = sealed.read_text()
    with (project / "drizzle" / "0000_init.sql").open("a") as file:
        file.write("-- edited\n")
    code, out, _ = run("seal", "--check", "--since", "0000_init")
    assert code == 1
    assert "is not up to date" in out
    assert "  0000_init was edited since it was sealed\n" in out
    assert sealed.read_text() == before
    assert run("seal", "--since", "0000_init").code == 0
    assert sealed.read_text() != before


def test_all_migrations_can_be_sealed(sealed, run):
    code, out, _ = run("seal", "--all")
    assert code == 0
    assert "was written: 2 of 2 migrations are sealed.\n  0001_index is new\n" in out


def test_a_seal_that_cannot_be_written_is_an_error(sealed, run, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device", "raincheck.sum")

    monkeypatch.setattr("raincheck.session.writing.write_atomically", full)
    code, _, err = run("seal", "--all")
    assert code == 2
    assert err == "raincheck: raincheck.sum: No space left on device.\n"


def test_a_file_of_no_project_cannot_be_sealed(tmp_path, run):
    (tmp_path / "loose.sql").write_text("SELECT 1;")
    code, _, err = run("seal", "--all", str(tmp_path / "loose.sql"))
    assert code == 2
    assert "nothing to seal" in err
    assert [path.name for path in tmp_path.iterdir()] == ["loose.sql"]


def test_of_two_migrations_folders_each_is_sealed_by_its_own_history(tmp_path, run, monkeypatch):
    repository = Repository(tmp_path / "app")
    for out in ("m1", "m2"):
        config = f'export default {{ dialect: "postgresql", out: "./{out}" }};'
        repository.write(f"drizzle-{out}.config.ts", config)
        repository.write(f"{out}/meta/_journal.json", journal(["0000_init"]))
        repository.write(f"{out}/0000_init.sql", TABLES)
    repository.git("init", "--initial-branch=main")
    repository.git("add", "m1")
    repository.git("commit", "--message", "m1")
    monkeypatch.chdir(tmp_path / "app")
    assert run("seal").out.splitlines() == [
        "m1/raincheck.sum was written: 1 of 1 migrations is sealed.",
        "m2/raincheck.sum was written: 0 of 1 migrations are sealed.",
    ]


def test_two_branches_that_seal_are_in_conflict_and_a_new_seal_ends_it(project, run):
    repository = Repository.new(project)
    assert run("seal", "--all").code == 0
    repository.commit()
    for branch in ("one", "other"):
        repository.git("switch", "--quiet", "--create", branch, "main")
        repository.write(f"drizzle/0002_{branch}.sql", f'CREATE TABLE "{branch}" ();')
        repository.write("drizzle/meta/_journal.json", journal(["0000_init", "0001_index", f"0002_{branch}"]))
        assert run("seal", "--all").code == 0
        repository.commit()
    merge = subprocess.run(["git", *IDENTITY, "merge", "one"], capture_output=True, text=True, check=False)
    assert "Merge conflict in drizzle/raincheck.sum" in merge.stdout
    code, _, error = run("seal", "--all")
    assert code == 2
    assert "drizzle/meta/_journal.json is not merged yet" in error
    tags = ["0000_init", "0001_index", "0002_other", "0002_one"]
    repository.write("drizzle/meta/_journal.json", journal(tags))
    assert "seal-unreadable" in run("check", "--fail-on", "never").out
    assert run("seal", "--all").code == 0
    assert run("seal", "--all", "--check").code == 0
    lines = (project / "drizzle" / "raincheck.sum").read_text().splitlines()[1:]
    assert [line.split()[2] for line in lines] == tags
