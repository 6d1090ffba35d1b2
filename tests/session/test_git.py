"""Git tells what was there before this branch, in every kind of repository, and changes nothing."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from raincheck.session.git import GitBase, GitSilence, edits_since, read_bases
from support.git_repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def base(folder: str, ref: str | None = None) -> GitBase:
    found = read_bases([folder], ref)[folder]
    assert isinstance(found, GitBase), found
    return found


def silence(folder: str, ref: str | None = None) -> str:
    found = read_bases([folder], ref)[folder]
    assert isinstance(found, GitSilence), found
    return found.reason


def names(found: GitBase) -> list[str]:
    return sorted(found.texts)


# Which commit


def test_a_feature_branch_is_compared_with_the_local_default_branch(repository: Repository) -> None:
    start = repository.git("rev-parse", "HEAD")
    repository.git("checkout", "-q", "-b", "feature")
    repository.commit("drizzle/0002_c.sql")
    repository.write("drizzle/0003_uncommitted.sql")
    found = base(repository.folder())
    assert (found.ref, found.commit) == ("main", start)
    assert str(found) == f"the commit {start[:7]} (main)"
    assert dict(found.texts) == {
        "0000_a.sql": b"SELECT 'drizzle/0000_a.sql';\n",
        "0001_b.sql": b"SELECT 'drizzle/0001_b.sql';\n",
    }


def test_what_main_got_since_does_not_count(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "feature")
    repository.commit("drizzle/0002_c.sql")
    repository.git("checkout", "-q", "main")
    repository.commit("drizzle/0002_other.sql")
    repository.git("checkout", "-q", "feature")
    assert names(base(repository.folder())) == ["0000_a.sql", "0001_b.sql"]


def test_on_the_default_branch_without_a_remote_the_last_commit_counts(repository: Repository) -> None:
    last = repository.commit("drizzle/0002_c.sql")
    repository.write("drizzle/0003_uncommitted.sql")
    assert base(repository.folder()).commit == last
    assert names(base(repository.folder())) == ["0000_a.sql", "0001_b.sql", "0002_c.sql"]


def test_on_the_default_branch_with_a_remote_what_is_pushed_counts(clone: Repository) -> None:
    clone.commit("drizzle/0002_unpushed.sql")
    found = base(clone.folder())
    assert found.ref == "origin/main"
    assert names(found) == ["0000_a.sql", "0001_b.sql"]


def test_the_remote_says_which_branch_is_the_default(
    repository: Repository, tmp_path: Path, clone: Repository
) -> None:
    repository.git("checkout", "-q", "-b", "develop")
    repository.commit("drizzle/0002_c.sql")
    clone.git("fetch", "-q")
    clone.git("remote", "set-head", "origin", "develop")
    clone.git("checkout", "-q", "-b", "feature", "origin/develop")
    found = base(clone.folder())
    assert (found.ref, len(found.texts)) == ("origin/develop", 3)


def test_another_remote_and_an_old_name(repository: Repository, clone: Repository) -> None:
    clone.git("remote", "rename", "origin", "upstream")
    assert base(clone.folder()).ref == "upstream/main"
    repository.git("branch", "-m", "main", "master")
    assert base(repository.folder()).ref == "master"


def test_a_tag_named_like_the_default_branch(repository: Repository) -> None:
    repository.git("tag", "main")
    last = repository.commit("drizzle/0002_c.sql")
    assert base(repository.folder()).commit == last


def test_a_commit_that_the_user_names(repository: Repository) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.commit("drizzle/0002_c.sql")
    for ref in ("HEAD~1", first, first[:8]):
        found = base(repository.folder(), ref)
        assert (found.ref, found.commit) == (ref, first)


def test_detached_head(repository: Repository) -> None:
    start = repository.git("rev-parse", "HEAD")
    repository.git("checkout", "-q", "--detach")
    repository.commit("drizzle/0002_c.sql")
    assert base(repository.folder()).commit == start


# Which files


def test_names_with_spaces_quotes_and_other_scripts(repository: Repository) -> None:
    strange = ["0001_a b.sql", '0002_"q".sql', "0003_élan_😀.sql", "0004_tab\there.sql", "sub/0005_x.sql"]
    repository.commit(*(f"apps/my app/drizzle [é]/{name}" for name in strange))
    found = base(repository.folder("apps/my app/drizzle [é]"))
    assert names(found) == sorted(strange)
    assert found.texts["0003_élan_😀.sql"] == "SELECT 'apps/my app/drizzle [é]/0003_élan_😀.sql';\n".encode()


def test_bytes_are_those_of_the_blob(repository: Repository) -> None:
    content = b"SELECT 'caf\xe9';\r\n\x00\n"
    repository.write("drizzle/0002_c.sql", content)
    repository.write("drizzle/0003_empty.sql", b"")
    repository.commit()
    found = base(repository.folder())
    assert (found.texts["0002_c.sql"], found.texts["0003_empty.sql"]) == (content, b"")


def test_several_folders_of_one_repository(repository: Repository) -> None:
    repository.commit("apps/a/migrations/0000_x.sql", "apps/ab/migrations/2026_y/migration.sql")
    folders = [repository.folder(path) for path in ("drizzle", "apps/a/migrations", "apps/ab/migrations", "")]
    found = [sorted(each.texts) for each in read_bases(folders).values() if isinstance(each, GitBase)]
    assert found[:3] == [["0000_a.sql", "0001_b.sql"], ["0000_x.sql"], ["2026_y/migration.sql"]]
    assert len(found[3]) == 4


def test_a_repository_costs_five_calls(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit(*(f"drizzle/{number:04}_x.sql" for number in range(2, 60)), "other/0000_a.sql")
    calls = []
    run = subprocess.run
    monkeypatch.setattr(
        subprocess, "run", lambda command, **more: calls.append(command) or run(command, **more)
    )
    assert len(base(repository.folder()).texts) == 60
    read_bases([repository.folder(), repository.folder("other")])
    assert len(calls) == 5 + 5


def test_a_folder_that_moved_is_found_by_its_tags(repository: Repository) -> None:
    repository.commit("kept/0005_e.sql", "old/2026_f/migration.sql")
    repository.git("checkout", "-q", "-b", "feature")
    repository.git("mv", "drizzle", "db")
    repository.git("mv", "old", "new")
    found = read_bases([repository.folder("db"), repository.folder("new"), repository.folder("kept")])
    moved, folders, kept = found.values()
    assert isinstance(moved, GitBase)
    assert isinstance(folders, GitBase)
    assert isinstance(kept, GitBase)
    assert moved.texts == {}
    assert sorted(moved.moved) == ["0000_a", "0001_b", "2026_f"]
    assert moved.moved["0000_a"] == b"SELECT 'drizzle/0000_a.sql';\n"
    assert folders.moved["2026_f"] == b"SELECT 'old/2026_f/migration.sql';\n"
    assert (names(kept), kept.moved) == (["0005_e.sql"], {})


def test_a_new_folder_beside_one_with_the_same_tags_has_not_moved(repository: Repository) -> None:
    repository.write("new/0000_a.sql")
    assert base(repository.folder("new")).moved == {}


# Which repository


def test_worktree(repository: Repository, tmp_path: Path) -> None:
    repository.git("worktree", "add", "-q", "-b", "feature", str(tmp_path / "tree"))
    assert names(base((tmp_path / "tree/drizzle").as_posix())) == ["0000_a.sql", "0001_b.sql"]


def test_submodule(repository: Repository, clone: Repository) -> None:
    clone.git("submodule", "add", "-q", str(repository.path), "modules/inner")
    clone.commit("drizzle/0009_outer.sql")
    inner, outer = read_bases([clone.folder("modules/inner/drizzle"), clone.folder()]).values()
    assert isinstance(inner, GitBase)
    assert isinstance(outer, GitBase)
    assert (names(inner), inner.ref) == (["0000_a.sql", "0001_b.sql"], "origin/main")
    assert inner.commit == repository.git("rev-parse", "HEAD")


def test_a_folder_behind_a_symbolic_link(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(repository.path / "drizzle")
    assert names(base((tmp_path / "link").as_posix())) == ["0000_a.sql", "0001_b.sql"]


def test_inside_a_hook_of_another_repository(
    repository: Repository, clone: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone.commit("drizzle/0002_elsewhere.sql")
    monkeypatch.setenv("GIT_DIR", str(clone.path / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(clone.path / ".git/index"))
    monkeypatch.setenv("GIT_PREFIX", "src/")
    assert base(repository.folder()).ref == "main"


def test_a_git_dir_that_lies_elsewhere(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository.path / ".git").rename(tmp_path / "elsewhere.git")
    assert silence(repository.folder()) == "this is not a git repository"
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(repository.path))
    assert names(base(repository.folder())) == ["0000_a.sql", "0001_b.sql"]


# Why git cannot tell


def test_no_repository(tmp_path: Path, no_user_configuration: None) -> None:
    assert silence(tmp_path.as_posix()) == "this is not a git repository"
    assert "cannot change to" in silence((tmp_path / "missing").as_posix())


def test_no_commit_yet(tmp_path: Path, repository: Repository) -> None:
    repository.git("checkout", "-q", "--orphan", "fresh")
    assert silence(repository.folder()) == "the repository has no commit yet"
    repository.git("branch", "-q", "-D", "main")
    assert "no branch main or master" in silence(repository.folder())


def test_no_default_branch(repository: Repository) -> None:
    repository.git("branch", "-m", "main", "trunk")
    assert "no branch main or master" in silence(repository.folder())
    assert base(repository.folder(), "trunk").ref == "trunk"


def test_a_commit_that_git_does_not_know(repository: Repository) -> None:
    assert silence(repository.folder(), "nowhere") == "git does not know nowhere"
    assert silence(repository.folder(), "--help") == "--help is not the name of a commit"


def test_unrelated_histories(repository: Repository) -> None:
    repository.git("checkout", "-q", "--orphan", "fresh")
    repository.commit("drizzle/0000_other.sql")
    assert silence(repository.folder()) == "this branch shares no commit with main"


def test_shallow_clone(repository: Repository, tmp_path: Path) -> None:
    repository.git("checkout", "-q", "-b", "feature")
    repository.commit("drizzle/0002_c.sql")
    repository.git("checkout", "-q", "main")
    repository.commit("drizzle/0003_d.sql")
    url = repository.path.as_uri()
    repository.git(
        "clone", "-q", "--depth", "1", "--no-single-branch", "-b", "feature", url, str(tmp_path / "shallow")
    )
    assert "too shallow" in silence((tmp_path / "shallow/drizzle").as_posix())


def test_a_bare_repository(repository: Repository, tmp_path: Path) -> None:
    repository.git("clone", "-q", "--bare", str(repository.path), str(tmp_path / "bare.git"))
    assert silence((tmp_path / "bare.git").as_posix()) == "the repository is bare"


def test_git_is_not_installed(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert silence(repository.folder()) == "git is not installed"


def test_git_hangs(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin/git"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nread forever < /dev/zero\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    monkeypatch.setattr("raincheck.session.git_calls.TIMEOUT", 0.05)
    assert silence(repository.folder()).startswith("git took more than")


# What git must not do


def test_nothing_is_written_and_nothing_that_is_configured_is_started(
    repository: Repository, tmp_path: Path
) -> None:
    program = repository.write("../evil", f"#!/bin/sh\ntouch {tmp_path}/started\n")
    program.chmod(0o755)
    for name in (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "diff.external",
        "core.alternateRefsCommand",
    ):
        repository.git("config", name, str(program))
    before = tree(repository.path)
    assert base(repository.folder()).ref == "main"
    assert tree(repository.path) == before
    assert not (tmp_path / "started").exists()


def test_nothing_is_fetched_into_a_partial_clone(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    url, partial = repository.path.as_uri(), tmp_path / "partial"
    repository.git("clone", "-q", "--filter=blob:none", "--no-checkout", url, str(partial))
    (partial / "drizzle").mkdir()
    Repository(partial).git("cat-file", "-p", "HEAD:drizzle/0001_b.sql")
    before = tree(partial)
    found = base((partial / "drizzle").as_posix())
    assert dict(found.texts) == {"0000_a.sql": None, "0001_b.sql": b"SELECT 'drizzle/0001_b.sql';\n"}
    assert tree(partial) == before


def tree(folder: Path) -> dict[str, int]:
    """Every file with the time of its last change."""
    return {os.fspath(path): path.lstat().st_mtime_ns for path in folder.rglob("*")}


def test_since_when_a_file_is_another(repository: Repository) -> None:
    base = repository.commit("drizzle/0000_a.sql", "drizzle/0001_b c.sql", "drizzle/2026_d/migration.sql")
    repository.git("switch", "--quiet", "--create", "feature")
    repository.write("drizzle/0000_a.sql", "SELECT 1;\n")
    first = repository.commit()
    repository.write("drizzle/0000_a.sql", "SELECT 2;\n")
    repository.write("drizzle/2026_d/migration.sql", "SELECT 3;\n")
    second = repository.commit()
    repository.write("drizzle/0001_b c.sql", "SELECT 4;\n")
    paths = ["0000_a.sql", "0001_b c.sql", "2026_d/migration.sql"]
    found = edits_since(repository.folder(), base, paths)
    date = repository.git("log", "-1", "--format=%cs")
    assert list(found.values()) == [
        f"in {first[:7]} ({date})",
        "and not committed yet",
        f"in {second[:7]} ({date})",
    ]
    assert edits_since(repository.folder(), "nothing", paths) == {}
