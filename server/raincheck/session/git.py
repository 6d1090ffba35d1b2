"""What git knows of migrations from before this branch: their texts in the merge base with the default branch.

Each call of git costs some milliseconds, so a repository costs five, whatever the number of migrations.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import join
from typing import TYPE_CHECKING

from raincheck.project.project import JOURNAL
from raincheck.session.git_calls import Git, Silent, short, tag_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class GitBase:
    """A migrations folder as it was in the commit `commit`, which this branch shares with `ref`."""

    ref: str
    commit: str
    texts: Mapping[str, bytes | None]
    """The SQL files, by path relative to the folder; None where a partial clone has not fetched the text."""
    moved: Mapping[str, bytes | None] = field(default_factory=dict)
    """Where the folder was not there yet: SQL files that have left their old place since, by tag."""
    journal: bytes | None = None
    """The text of `meta/_journal.json`."""
    shown: str = ""
    """What the commit is called, where not by its first digits."""

    @property
    def name(self) -> str:
        """What people call the commit, in seven characters."""
        return self.shown or self.commit[:7]

    def __str__(self) -> str:
        return f"the commit {self.name} ({self.ref})"


@dataclass(frozen=True, slots=True)
class GitSilence:
    """Why git cannot tell; `reason` is a main clause without a full stop."""

    reason: str


def edits_since(folder: str, commit: str, paths: Sequence[str]) -> dict[str, str]:
    """Since when files (by path relative to the folder) are no longer what they were in a commit, in words.

    By the first commit behind it on this branch that changed each: "in 9f8e7d6 (2026-11-20)"; where none did, what
    is on disk was not committed: "and not committed yet". Empty where git cannot tell.
    """
    try:
        git = Git(folder)
        return git.edits(commit, git.within(folder), paths)
    except Silent:
        return {}


def read_bases(folders: Iterable[str], ref: str | None = None) -> dict[str, GitBase | GitSilence]:
    """The base of each migrations folder. `ref` is compared with, in place of the default branch."""
    found: dict[str, GitBase | GitSilence] = {}
    repositories: dict[str, list[str]] = defaultdict(list)
    for folder in folders:
        repositories[repository(folder)].append(folder)
    for together in repositories.values():
        try:
            found |= _read_repository(together, ref)
        except Silent as silent:
            found |= dict.fromkeys(together, GitSilence(str(silent)))
    return found


def repository(folder: str) -> str:
    """The nearest folder at or above one that has a `.git`; folders with the same one share calls. Empty where there is none."""
    place = Path(folder).resolve()
    return next((str(above) for above in (place, *place.parents) if (above / ".git").exists()), "")


def _read_repository(folders: Sequence[str], ref: str | None) -> dict[str, GitBase]:
    git = Git(folders[0])
    full = ref if ref is not None else git.default_branch()
    commit = git.merge_base(full)
    name = short(full)
    inside = {folder: git.within(folder) for folder in folders}
    files = git.tree(commit, inside.values())
    blobs = [blob for blob in files if blob.path.endswith(".sql")]
    journals = [blob for blob in files if blob.path.endswith(f"/{JOURNAL}")]
    by_folder = {
        folder: [blob for blob in blobs if _contains(place, blob.path)] for folder, place in inside.items()
    }
    gone = git.gone(commit) if not all(by_folder.values()) else []
    texts = git.texts(commit, {blob.oid for blob in (*blobs, *gone, *journals)})
    moved = {tag_of(blob.path): texts.get(blob.oid) for blob in gone}
    of_journals = {blob.path: texts.get(blob.oid) for blob in journals}
    return {
        folder: GitBase(
            name,
            commit,
            {blob.path.removeprefix(f"{place}/"): texts.get(blob.oid) for blob in by_folder[folder]},
            {} if by_folder[folder] else moved,
            of_journals.get(join(place, JOURNAL)),
        )
        for folder, place in inside.items()
    }


def _contains(folder: str, path: str) -> bool:
    return not folder or path.startswith(folder + "/")
