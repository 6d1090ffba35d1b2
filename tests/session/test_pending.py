"""Which migrations are pending: by what the user says, by the seal, by git; and what they were."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from raincheck.project.baseline import classify, differs_only_in_line_ends
from raincheck.project.discover import discover, folder_of
from raincheck.project.project import State
from raincheck.project.seal import read, render
from raincheck.session.errors import UnknownBaseError
from raincheck.session.files import DiskFiles
from raincheck.session.git import GitBase, GitSilence, read_bases
from raincheck.session.pending import Selection, UnknownTagError, read_seal, settle
from support.git_repository import Repository
from support.memory_files import MemoryFiles

if TYPE_CHECKING:
    from pathlib import Path

    from raincheck.project.project import Project
    from raincheck.project.seal import Seal

NO_GIT = GitSilence("this is not a git repository")
TEXTS = {tag: f"SELECT '{tag}';\n" for tag in ("0000_a", "0001_b", "0002_c")}


def read_document(text: str) -> Any:
    return text


def files(texts: dict[str, str], *more: tuple[str, str]) -> MemoryFiles:
    entries = [{"tag": tag, "when": when, "idx": when} for when, tag in enumerate(texts)]
    folder = {f"/p/drizzle/{tag}.sql": text for tag, text in texts.items()}
    return MemoryFiles(
        {"/p/drizzle/meta/_journal.json": json.dumps({"entries": entries}), **folder, **dict(more)}
    )


def project_of(texts: dict[str, str]) -> Project:
    (project,) = discover(files(texts), "/p", read_document).projects
    return project


def git_base(*tags: str, **edited: bytes) -> GitBase:
    texts = {f"{tag}.sql": TEXTS[tag].encode() for tag in tags}
    return GitBase("main", "1a2b3c4d5e", texts | {f"{tag}.sql": text for tag, text in edited.items()})


def seal_of(*tags: str) -> Seal:
    return read("drizzle/raincheck.sum", render(project_of({tag: TEXTS[tag] for tag in tags}).migrations))


def check(expected: str, selection: Selection, seal: Seal | None, git: GitBase | GitSilence) -> Project:
    """`expected` is the source, then each migration's state."""
    settled = settle(project_of(TEXTS), selection, seal, git)
    assert (
        " ".join([settled.pending_from, *(migration.state for migration in settled.migrations)]) == expected
    )
    return settled


@pytest.mark.parametrize(
    ("selection", "sealed", "in_git", "expected"),
    [
        (Selection(), None, None, "unknown unknown unknown unknown"),
        (Selection(), None, ["0000_a", "0001_b"], "git applied applied pending"),
        (Selection(), None, [], "git pending pending pending"),
        (Selection(), ["0000_a"], None, "seal applied pending pending"),
        (Selection(), ["0000_a"], ["0000_a", "0001_b"], "seal applied pending pending"),
        (Selection(base="main"), ["0000_a"], ["0000_a", "0001_b"], "git applied applied pending"),
        (Selection(), [], ["0000_a"], "git applied pending pending"),
        (Selection(everything=True), ["0000_a"], ["0000_a"], "all pending pending pending"),
        (Selection(since="0001_b"), ["0000_a"], ["0000_a"], "since applied applied pending"),
        (Selection(since="drizzle/0000_a.sql"), None, None, "since applied pending pending"),
        (Selection(since="0002_c"), None, None, "since applied applied applied"),
        (Selection(), None, ["0000_a", "0002_c"], "git applied skipped applied"),
    ],
)
def test_sources(
    selection: Selection, sealed: list[str] | None, in_git: list[str] | None, expected: str
) -> None:
    seal = seal_of(*sealed) if sealed is not None else None
    check(expected, selection, seal, git_base(*in_git) if in_git is not None else NO_GIT)


def test_baselines_come_from_the_seal_and_from_git() -> None:
    edited = b"SELECT 'before';\r\n"
    git = git_base("0001_b", **{"0000_a": edited})
    first, second, third = check(
        "seal applied pending pending", Selection(), seal_of("0000_a"), git
    ).migrations
    sealed, committed = first.baselines
    assert (sealed.source, sealed.said_by, sealed.text) == ("seal", "raincheck.sum", None)
    assert sealed.digest == first.digest
    assert (committed.source, committed.said_by) == ("git", "the commit 1a2b3c4 (main)")
    assert (committed.text, committed.digest) == (edited.decode(), sha256(edited).hexdigest())
    assert [baseline.source for baseline in second.baselines] == ["git"]
    assert third.baselines == ()


def test_baselines_are_known_whatever_the_user_selects() -> None:
    settled = check("all pending pending pending", Selection(everything=True), None, git_base("0000_a"))
    assert [len(migration.baselines) for migration in settled.migrations] == [1, 0, 0]


def test_what_git_compared_with_is_told() -> None:
    assert settle(project_of(TEXTS), Selection(), None, git_base("0000_a")).deployed == "main (1a2b3c4)"
    assert settle(project_of(TEXTS), Selection(since="0000_a"), None, git_base("0000_a")).deployed == ""


def test_a_text_that_git_does_not_have_is_applied_all_the_same() -> None:
    git = GitBase("main", "1a2b3c4", {"0000_a.sql": None})
    settled = check("git applied pending pending", Selection(), None, git)
    assert settled.migrations[0].baselines == ()


def test_why_nobody_can_tell_is_said() -> None:
    (problem,) = check("unknown unknown unknown unknown", Selection(), None, NO_GIT).problems
    assert problem.rule == "pending-unknown"
    assert "(this is not a git repository)" in problem.message
    assert "--since TAG" in problem.help


def test_an_unknown_tag() -> None:
    with pytest.raises(UnknownTagError, match=r"drizzle has no migration 0001_bb; did you mean 0001_b\?"):
        settle(project_of(TEXTS), Selection(since="0001_bb"), None, NO_GIT)
    with pytest.raises(UnknownTagError, match="the last one is 0002_c"):
        settle(project_of(TEXTS), Selection(since="zzz"), None, NO_GIT)
    with pytest.raises(UnknownTagError):
        settle(replace(project_of(TEXTS), migrations=()), Selection(since="zzz"), None, NO_GIT)


def test_a_base_that_git_cannot_compare_with() -> None:
    with pytest.raises(
        UnknownBaseError, match="--base nope cannot tell what is pending: git does not know nope"
    ):
        settle(
            project_of(TEXTS), Selection(base="nope"), seal_of("0000_a"), GitSilence("git does not know nope")
        )


def test_a_seal_is_read_beside_the_migrations_and_its_problems_are_kept() -> None:
    project = project_of(TEXTS)
    assert read_seal(files(TEXTS), project) is None
    broken = render(project.migrations).replace("0001_b", "0001_x")
    seal = read_seal(files(TEXTS, ("/p/drizzle/raincheck.sum", broken)), project)
    assert seal is not None
    settled = settle(project, Selection(), seal, NO_GIT)
    assert [(p.rule, p.path) for p in settled.problems] == [("seal-unreadable", "drizzle/raincheck.sum")]


# Through real repositories


def settled_on_disk(repository: Repository) -> Project:
    (project,) = discover(DiskFiles(), repository.path.as_posix(), read_document).projects
    return settle(project, Selection(), None, read_bases([folder_of(project)])[folder_of(project)])


def write_journal(repository: Repository, whens: dict[str, int]) -> None:
    entries = [{"idx": 0, "when": when, "tag": tag} for tag, when in whens.items()]
    repository.write("drizzle/meta/_journal.json", json.dumps({"entries": entries}))


def test_a_late_branch_is_skipped_and_an_edit_is_known(repository: Repository) -> None:
    write_journal(repository, {"0000_a": 1, "0001_b": 5})
    repository.commit()
    repository.git("checkout", "-q", "-b", "feature")
    write_journal(repository, {"0000_a": 1, "0001_b": 5, "0001_late": 3, "0002_c": 6})
    repository.commit("drizzle/0001_late.sql")
    repository.write("drizzle/0002_c.sql")
    repository.write("drizzle/0000_a.sql", "-- why\nSELECT 'drizzle/0000_a.sql';\n")
    project = settled_on_disk(repository)
    assert [migration.state for migration in project.migrations] == [
        State.APPLIED,
        State.APPLIED,
        State.SKIPPED,
        State.PENDING,
    ]
    edited, untouched = project.migrations[:2]
    (baseline,) = edited.baselines
    assert baseline.digest != edited.digest
    assert baseline.text is not None
    assert classify(baseline.text, "-- why\nSELECT 'drizzle/0000_a.sql';\n").kind == "comments"
    assert untouched.baselines[0].digest == untouched.digest


def test_a_checkout_with_the_line_ends_of_windows(repository: Repository, tmp_path: Path) -> None:
    write_journal(repository, {"0000_a": 1, "0001_b": 5})
    repository.commit()
    repository.git("clone", "-q", "-c", "core.autocrlf=true", str(repository.path), str(tmp_path / "windows"))
    first = settled_on_disk(Repository(tmp_path / "windows")).migrations[0]
    (baseline,) = first.baselines
    text: Any = first.document
    assert text.endswith("\r\n")
    assert (baseline.text, first.state) == (text.replace("\r\n", "\n"), State.APPLIED)
    assert baseline.digest != first.digest
    assert classify(baseline.text or "", text).kind == "line-endings"
    assert differs_only_in_line_ends(text, baseline.digest)


def test_a_folder_that_moved_keeps_its_history(repository: Repository) -> None:
    write_journal(repository, {"0000_a": 1, "0001_b": 5})
    repository.commit()
    repository.git("checkout", "-q", "-b", "feature")
    repository.git("mv", "drizzle", "db")
    project = settled_on_disk(repository)
    assert (project.out, [migration.state for migration in project.migrations]) == ("db", [State.APPLIED] * 2)
    assert all(migration.baselines[0].digest == migration.digest for migration in project.migrations)
