"""What a seal holds, and what sealing anew accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.project.seal import compare, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.project.project import Project

_WORDS = {
    "edited": "was edited since it was sealed",
    "removed": "is sealed and gone",
    "inserted": "came in before a sealed one",
    "moved": "changed its place",
    "new": "is new",
}


def counted(project: Project, text: str) -> str:
    """How many migrations a seal's text holds: `3 of 5 migrations are sealed`."""
    number = len(read(project.seal_path, text).lines)
    return f"{number} of {len(project.migrations)} migrations {'is' if number == 1 else 'are'} sealed"


def changes(project: Project, before: str, text: str) -> Iterator[str]:
    """What is another than in the seal before, a clause for each migration; none where there was no seal."""
    if before:
        tags = {line.tag for line in read(project.seal_path, text).lines}
        wanted = [one for one in project.migrations if one.tag in tags]
        for change in compare(read(project.seal_path, before), wanted):
            yield f"{change.tag} {_WORDS[change.kind]}"
