"""Writing down the findings that there are, so that only new ones are told from now on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.engine.known import entries
from raincheck.engine.known_file import render
from raincheck.session.beside import KNOWN_FILE, path_beside
from raincheck.session.writing import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.known import Entry


@dataclass(frozen=True, slots=True)
class Written:
    """A baseline that was written: its absolute path, and how many findings are in it."""

    path: str
    findings: int


def write_baselines(analyses: Iterable[Analysis]) -> tuple[Written, ...]:
    """One file beside each `raincheck.toml` (or where it would be), with the findings of all projects that share it.

    The analyses must have been made without a baseline. Raises OSError, with the file as it was.
    """
    found: dict[str, list[Entry]] = {}
    for analysis in analyses:
        project = analysis.project
        path = project.absolute(path_beside(project, KNOWN_FILE))
        each = [one for finding in analysis.findings for one in finding.all]
        found.setdefault(path, []).extend(entries(each, project, analysis.timeline))
    for path, known in found.items():
        write_atomically(path, render(known))
    return tuple(Written(path, sum(entry.count for entry in known)) for path, known in found.items())
