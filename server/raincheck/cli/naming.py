"""What a command is asked about: a project's pending run, or one migration by its tag or its file."""

from __future__ import annotations

from pathlib import Path


def named(argument: str | None, path: str) -> tuple[str, str | None]:
    """Where to look for projects, and the tag of the migration that is meant, if one is.

    `argument` is a tag, a migration's file, or a folder, which then takes the place of `path`.
    """
    if argument is None or not Path(argument).exists():
        return path, argument
    found = Path(argument)
    return argument, None if found.is_dir() else tag_of(found)


def tag_of(file: Path) -> str:
    """Drizzle's name of a migration's file: without `.sql`, or that of its folder."""
    return file.parent.name if file.name == "migration.sql" else file.stem
