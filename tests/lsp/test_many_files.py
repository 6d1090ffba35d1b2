"""Many files change at once, in a real git repository: one look at the disk, one analysis, and the truth in the end."""

from __future__ import annotations

import asyncio

import pytest

from lsp.conftest import INDEX, USERS
from raincheck.lsp import debounce
from raincheck.session import found, session
from support.drizzle_folder import DrizzleFolder
from support.git_repository import Repository

RULE = "index-blocks-writes"
MANY = 200


@pytest.fixture
def counted(monkeypatch):
    """How often all files were looked for, and how often a project was analysed."""
    counts = {"looks": 0, "analyses": 0}
    for owner, name, what in ((found, "discover", "looks"), (session, "analyse", "analyses")):
        monkeypatch.setattr(owner, name, _counting(getattr(owner, name), counts, what))
    return counts


def _counting(function, counts, what):
    def called(*arguments, **named):
        counts[what] += 1
        return function(*arguments, **named)

    return called


@pytest.fixture
def branches(tmp_path):
    """A repository with `main` checked out; the branch `more` has 200 migrations on top."""
    project = DrizzleFolder(tmp_path, {"0000_users": USERS})
    repository = Repository.new(tmp_path)
    repository.commit()
    repository.git("switch", "--quiet", "--create", "more")
    paths = [project.add(f"{n:04}_i", INDEX.replace("users_email_idx", f"i{n}")) for n in range(1, MANY + 1)]
    repository.commit()
    repository.git("switch", "--quiet", "main")
    return repository, project, paths


@pytest.mark.parametrize("one_by_one", [False, True], ids=["in one message", "one by one"])
async def test_a_checkout_is_one_pass(wire, counted, branches, one_by_one, monkeypatch):
    """VS Code sends what its watcher has seen together, others each event, as fast as the files are written."""
    monkeypatch.setattr(debounce, "QUIET", 0.5)  # however busy the machine is
    monkeypatch.setattr(debounce, "LONGEST", 20)
    repository, project, paths = branches
    await wire.enter(project.root)
    counted.update(looks=0, analyses=0)
    repository.git("switch", "--quiet", "more")
    changed = [*paths, project.journal, project.root / ".git" / "HEAD"]
    for group in [[path] for path in changed] if one_by_one else [changed]:
        wire.changed(*group, kind=1)
        if one_by_one:
            await asyncio.sleep(0.001)  # the next one is not there yet
    await wire.settled()
    assert all(RULE in wire.rules(path) for path in paths)
    assert counted == {"looks": 1, "analyses": 1}
    counted.update(looks=0, analyses=0)
    repository.git("switch", "--quiet", "main")
    wire.changed(*changed, kind=3)
    await wire.settled()
    assert [path for path in paths if wire.pushed(path)] == []
    assert counted == {"looks": 1, "analyses": 1}


async def test_what_never_ends_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(debounce, "QUIET", 20)
    monkeypatch.setattr(debounce, "LONGEST", 0.05)
    over = asyncio.Event()
    waiting = debounce.Debounce(over.set)
    async with asyncio.timeout(10):
        while not over.is_set():
            waiting.heard()
            await asyncio.sleep(0)
    assert not waiting.is_awaited


async def test_an_open_file_does_not_wait_for_the_rest_of_a_checkout(wire, branches):
    repository, project, paths = branches
    await wire.enter(project.root, profile="helix")
    users = project.path("0000_users")
    wire.open(users, USERS)
    await wire.settled()
    repository.git("switch", "--quiet", "more")
    for path in paths:
        wire.changed(path, kind=1)
    version = wire.rewrite(users, "CREATE TABEL")
    wire.changed(project.journal)
    told = await wire.until(lambda: wire.told(users, version))
    assert "syntax-error" in {d["code"] for d in told["diagnostics"]}
    wire.rewrite(users, USERS)
    await wire.settled()
    assert all(RULE in wire.rules(path) for path in paths)
