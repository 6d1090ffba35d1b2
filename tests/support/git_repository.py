"""A git repository for a test to work in."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

IDENTITY = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


class Repository:
    """A work tree, and git run in it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def new(cls, path: Path) -> Repository:
        """One without commits and without a remote, in a folder that is there, on the branch main."""
        repository = cls(path)
        repository.git("init", "--quiet", "--initial-branch=main")
        return repository

    def git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.path), *IDENTITY, "-c", "protocol.file.allow=always", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, path: str, text: str | bytes = "SELECT 1;\n") -> Path:
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def commit(self, *paths: str) -> str:
        """Write the files, each with its own name in it, and commit everything; the commit's name."""
        for path in paths:
            self.write(path, f"SELECT '{path}';\n")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "x")
        return self.git("rev-parse", "HEAD")

    def folder(self, path: str = "drizzle") -> str:
        return (self.path / path).as_posix()
