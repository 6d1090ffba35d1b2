"""Calls of git that only read: nothing in the repository is written, locked or fetched, and no program that its
configuration names is started.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from pathlib import Path
from posixpath import basename, dirname, join
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TIMEOUT = 10.0
"""Seconds for one call."""

_OPTIONS = ("--no-pager", "-c", "core.fsmonitor=false")
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_LOCATION = {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
}
"""Set by git for its hooks, relative to another folder than ours."""

_DEFAULT_BRANCHES = ("main", "master")
_PATTERNS = (
    "refs/remotes/*/HEAD",
    *(f"refs/{place}/{name}" for name in _DEFAULT_BRANCHES for place in ("remotes/*", "heads")),
)
_FORMAT = "%(refname) %(symref)"


class Silent(Exception):  # noqa: N818 - caught by the callers in raincheck.session.git
    """Carries the reason out of a call."""


class Blob(NamedTuple):
    path: str
    oid: str


class Git:
    """Calls git in one repository."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._environment = {name: os.environ[name] for name in os.environ.keys() - _LOCATION} | _ENVIRONMENT
        try:
            answer = self._run("rev-parse", "--show-toplevel", "--is-shallow-repository")
        except Silent:
            if "GIT_DIR" not in os.environ:
                raise
            self._environment = dict(os.environ) | _ENVIRONMENT
            answer = self._run("rev-parse", "--show-toplevel", "--is-shallow-repository")
        self._top, shallow = os.fsdecode(answer).rstrip("\n").rsplit("\n", 1)
        self._shallow = shallow == "true"

    def within(self, folder: str) -> str:
        """A folder's path from the top of the work tree; empty for the top itself."""
        place = os.path.relpath(Path(folder).resolve(), Path(self._top).resolve()).replace(os.sep, "/")
        return "" if place == "." else place

    def default_branch(self) -> str:
        """The full name of the default branch's ref, the remote's where there is one."""
        lines = os.fsdecode(self._run("for-each-ref", f"--format={_FORMAT}", *_PATTERNS)).splitlines()
        targets = dict(line.split(" ", 1) for line in lines)
        candidates = [
            target or name for name, target in targets.items() if target or not name.endswith("/HEAD")
        ]
        heads = {target for target in targets.values() if target}
        if not candidates:
            raise Silent("the repository has no branch main or master, and no remote that names another")
        return min(candidates, key=lambda name: _preference(name, heads))

    def merge_base(self, ref: str) -> str:
        """The newest commit that HEAD shares with `ref`."""
        if ref.startswith("-"):
            raise Silent(f"{ref} is not the name of a commit")
        done = self._call("merge-base", "HEAD", ref)
        if done.returncode == 0:
            return done.stdout.decode().strip()
        said = os.fsdecode(done.stderr)
        if "object name HEAD" in said:
            raise Silent("the repository has no commit yet")
        if said:
            raise Silent(f"git does not know {short(ref)}")
        if self._shallow:
            raise Silent(f"the clone is too shallow to reach a commit shared with {short(ref)}")
        raise Silent(f"this branch shares no commit with {short(ref)}")

    def tree(self, commit: str, places: Iterable[str]) -> list[Blob]:
        """The files of a commit below these folders."""
        paths = list(places)
        limits = [] if "" in paths else ["--", *paths]
        listed = os.fsdecode(self._run("ls-tree", "-r", "-z", "--full-tree", commit, *limits))
        entries = (entry.split("\t", 1) for entry in listed.split("\0") if entry)
        return [Blob(path, about.split(" ")[2]) for about, path in entries if about.startswith("100")]

    def gone(self, commit: str) -> list[Blob]:
        """The SQL files of a commit that are no longer where they were, and whose tag no other of them has."""
        blobs = [blob for blob in self.tree(commit, [""]) if blob.path.endswith(".sql")]
        gone = [blob for blob in blobs if not os.path.lexists(join(self._top, blob.path))]
        tags = Counter(tag_of(blob.path) for blob in gone)
        return [blob for blob in gone if tags[tag_of(blob.path)] == 1]

    def edits(self, commit: str, place: str, paths: Sequence[str]) -> dict[str, str]:
        """See `edits_since`; the paths are relative to `place`."""
        inside = [join(place, path) for path in paths]
        form = "--format=%x00in %h (%cs)"
        told = self._run(
            *("log", "-z", "--reverse", form, "--name-only", "--no-renames", f"{commit}..HEAD"),
            *("--", *(f"{self._top}/{path}" for path in inside)),
        )
        found = dict.fromkeys(inside, "and not committed yet")
        when = ""
        for piece in os.fsdecode(told).replace("\n", "\0").split("\0"):
            when = piece if piece.startswith("in ") else when
            if found.get(piece) == "and not committed yet":
                found[piece] = when
        return dict(zip(paths, found.values(), strict=True))

    def texts(self, commit: str, oids: Iterable[str]) -> dict[str, bytes]:
        """The contents of blobs of a commit, by object name; those that a partial clone lacks are left out."""
        wanted = set(oids)
        done = self._blobs(wanted)
        if done.returncode != 0:
            listed = self._run("rev-list", "--objects", "--missing=print", "--no-walk", commit).decode(
                errors="replace"
            )
            missing = {line.removeprefix("?") for line in listed.splitlines() if line.startswith("?")}
            done = self._blobs(wanted - missing)
        return _contents(done.stdout)

    def _blobs(self, oids: Iterable[str]) -> subprocess.CompletedProcess[bytes]:
        return self._call("cat-file", "--batch", given="".join(f"{oid}\n" for oid in sorted(oids)).encode())

    def _run(self, *arguments: str) -> bytes:
        done = self._call(*arguments)
        if done.returncode != 0:
            raise Silent(_reason(os.fsdecode(done.stderr)))
        return done.stdout

    def _call(self, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = ["git", "-C", self._folder, *_OPTIONS, *arguments]
        try:
            return subprocess.run(
                command, input=given, capture_output=True, check=False, timeout=TIMEOUT, env=self._environment
            )
        except FileNotFoundError:
            raise Silent("git is not installed") from None
        except subprocess.TimeoutExpired:
            raise Silent(f"git took more than {TIMEOUT:.0f} seconds") from None
        except OSError as error:
            raise Silent(f"git could not be started ({error.strerror})") from None


def short(ref: str) -> str:
    return ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")


def tag_of(path: str) -> str:
    """Drizzle's name for a migration: the file's, or its folder's in the layout of 1.0."""
    return (
        basename(dirname(path)) if basename(path) == "migration.sql" else basename(path).removesuffix(".sql")
    )


def _preference(ref: str, heads: Iterable[str]) -> tuple[bool, bool, int, str]:
    """Remote branches before local ones, origin's first, the remote's own HEAD before the usual names."""
    remote = ref.startswith("refs/remotes/")
    usual = next((n for n, name in enumerate(_DEFAULT_BRANCHES, 1) if ref.endswith("/" + name)), 0)
    return not remote, not ref.startswith("refs/remotes/origin/"), 0 if ref in heads else usual, ref


def _contents(batch: bytes) -> dict[str, bytes]:
    """What `git cat-file --batch` answered: for each object a line "NAME TYPE SIZE", its bytes, a line end."""
    found: dict[str, bytes] = {}
    at = 0
    while (end := batch.find(b"\n", at)) >= 0:
        about = batch[at:end].decode().split(" ")
        at = end + 1
        if len(about) == 3:
            size = int(about[2])
            found[about[0]] = batch[at : at + size]
            at += size + 1
    return found


def _reason(said: str) -> str:
    if "not a git repository" in said:
        return "this is not a git repository"
    if "dubious ownership" in said:
        return "git refuses this repository, which belongs to another user (see git's safe.directory)"
    if "must be run in a work tree" in said:
        return "the repository is bare"
    return "git failed: " + (said.strip().splitlines() or ["no reason given"])[-1].removeprefix("fatal: ")
