from __future__ import annotations

import json

import pytest

from raincheck.cli.main import COMMANDS
from raincheck.session.errors import SessionError

SINCE = ("check", "--since", "0000_init")


def test_what_is_found_is_printed_and_exits_with_1(project, run):
    code, out, err = run(*SINCE)
    assert code == 1
    assert err == ""
    assert "risk index-blocks-writes  drizzle/0001_index.sql:1:1" in out
    assert "Gate: yellow" in out


@pytest.mark.parametrize(("threshold", "code"), [("danger", 0), ("risk", 1), ("note", 1), ("never", 0)])
def test_the_threshold_decides_the_exit_code(project, run, threshold, code):
    assert run(*SINCE, "--fail-on", threshold).code == code


def test_a_clean_run_exits_with_0(project, run):
    code, out, _ = run("check", "--since", "0001_index.sql")
    assert code == 0
    assert "No migration is pending" in out


def test_json_is_printed(project, run):
    code, out, _ = run(*SINCE, "--format", "json", "--postgres", "13")
    report = json.loads(out)
    assert code == 1
    assert report["postgres"] == 13
    assert report["projects"][0]["root"] == project.as_posix()
    assert report["summary"]["gate"] == "yellow"


def test_all_takes_everything_as_pending(project, run):
    _, out, _ = run("check", "--all", "--format", "json")
    assert [one["state"] for one in json.loads(out)["projects"][0]["migrations"]] == ["pending", "pending"]


def test_one_file_by_itself_is_checked(tmp_path, run, monkeypatch):
    (tmp_path / "loose.sql").write_text('CREATE INDEX "i" ON "users" ("name");')
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("check", "loose.sql")
    assert code == 1
    assert "index-blocks-writes  loose.sql:1:1" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "nowhere"), "'nowhere' does not exist"),
        (("check", "--base", "main", "--all"), "--base, --since and --all answer the same question"),
        (
            ("check", "--base", "main"),
            "--base main cannot tell what is pending: this is not a git repository",
        ),
        (("seal", "--base", "main"), "--base main cannot tell what is pending: this is not a git repository"),
        (("check", "--since", "0001_indx"), "has no migration 0001_indx; did you mean 0001_index?"),
        (("check", "--postgres", "11"), "11 is not in the range 12<=x<=18"),
        (("check", "--fail-on", "worry"), "'worry' is not one of"),
        (("check", "--bogus"), "--bogus"),
        (("chek",), "there is no command chek; did you mean check?"),
        ((), f"name a command: {', '.join(COMMANDS)}"),
        (("serve", "--tcp", "localhost"), "--tcp wants HOST:PORT"),
        (
            ("explain", "index-block-writes"),
            "there is no rule index-block-writes; did you mean index-blocks-writes?",
        ),
        (("seal",), "Which migrations are applied is not known"),
    ],
)
def test_what_cannot_run_says_so_in_one_line_and_exits_with_2(project, run, arguments, said):
    code, _, err = run(*arguments)
    assert code == 2
    assert err.startswith("raincheck: ")
    assert said in err
    assert err.count("\n") == 1


def test_a_folder_without_migrations_exits_with_2(tmp_path, run):
    code, out, err = run("check", str(tmp_path))
    assert (code, out) == (2, "")
    assert "there are no migrations" in err


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            ZeroDivisionError("x\ny"),
            "raincheck: internal error: ZeroDivisionError: x y. Please report this line",
        ),
        (SessionError("Mend it."), "raincheck: Mend it.\n"),
    ],
)
def test_no_traceback_is_shown(project, run, monkeypatch, error, said):
    def broken(*_, **__):
        raise error

    monkeypatch.setattr("raincheck.session.portions.check", broken)
    code, _, err = run("check", "--all")
    assert code == 2
    assert err.startswith(said)
    assert err.count("\n") == 1


def test_the_traceback_is_shown_when_asked_for(project, run, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setenv("RAINCHECK_DEBUG", "1")
    monkeypatch.setattr("raincheck.session.portions.check", broken)
    with pytest.raises(ZeroDivisionError):
        run("check", "--all")


@pytest.mark.parametrize("command", [(), ("check",), ("explain",), ("seal",), ("serve",)])
def test_help_teaches(run, command):
    code, out, _ = run(*command, "--help")
    assert code == 0
    assert f"raincheck {' '.join(command)}" in out.split("Options:")[0]
    assert "\b" not in out


def test_the_version_is_told(run):
    assert run("--version").out.startswith("raincheck ")
