"""Writing `raincheck.sum` anew, as `raincheck seal` would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Fix
from raincheck.project.project import State
from raincheck.project.seal import read, render
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.project.project import Project


def seal_anew(project: Project, title: str) -> Iterator[Fix]:
    """The seal with what was sealed and what is applied, as their texts are now; none where there is no seal."""
    before = project.seal_text
    if before is None:
        return
    path = project.seal_path
    sealed = {line.tag for line in read(path, before).lines}
    text = render(
        migration
        for migration in project.migrations
        if migration.tag in sealed or migration.state is State.APPLIED
    )
    if text != before:
        yield Fix(title, "exact", {path: (Edit(Span(0, len(before)), text),)})
