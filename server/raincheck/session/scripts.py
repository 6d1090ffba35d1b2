"""The scripts that lie beside the migrations and belong to one of them: somebody runs them before it, or behind it."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from raincheck.fixes.scripts import SCRIPTS, script_path
from raincheck.project.source import text_at
from raincheck.session.files import DiskFiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step


def scripts_of(analysis: Analysis, path: str) -> Mapping[str, int | None]:
    """Their absolute paths, each with the ordinal of the step it belongs to, or None where it belongs to the whole file.

    A step names its script, or the script is called after the column that the step adds or changes; a script that
    belongs to the whole names the migration in its first lines, or is called after it.
    """
    files = DiskFiles()
    migration = analysis.project.at(path)
    folder = posixpath.dirname(script_path(analysis.project, "x"))
    here = files.listing(analysis.project.absolute(folder))
    if migration is None or here is None:
        return {}
    found: dict[str, int | None] = {}
    scripts = {posixpath.join(folder, name) for name in here.files if name.endswith(".sql")}
    for step in analysis.steps_by_path.get(path, ()):
        found |= dict.fromkeys((one for one in _of(analysis, step) if one in scripts), step.ordinal)
    called = script_path(analysis.project, migration.tag).removesuffix(".sql")
    for script in sorted(scripts - found.keys()):
        absolute = analysis.project.absolute(script)
        if script.startswith(called) or migration.tag in _first_words(files, absolute):
            found[script] = None
    return {analysis.project.absolute(script): step for script, step in found.items()}


def _of(analysis: Analysis, step: Step) -> Iterator[str]:
    """Where the scripts of a step lie, if they are there."""
    text = step.statement.text
    if f"{SCRIPTS}/" in text:
        names = (part.split(".sql")[0] for part in text.split(f"{SCRIPTS}/")[1:])
        yield from (script_path(analysis.project, name) for name in names)
    for action in step.actions:
        if action.relation is not None and action.column:
            label = f"fill_{action.relation.name}_{action.column}"
            yield script_path(analysis.project, label)
            yield script_path(analysis.project, f"{label}_new")


def _first_words(files: DiskFiles, path: str) -> Iterator[str]:
    """The words of the comment at the top of a file."""
    for line in (text_at(files, path) or "").splitlines():
        if not line.startswith("--"):
            return
        yield from (word.strip(".,:;") for word in line.split())
