"""`raincheck seal`: write down what is applied, so that a later edit shows in review."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from raincheck.cli.output import say, style
from raincheck.cli.selecting import ASKING, opened, selecting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raincheck.project.project import Project

HELP = """\
Write raincheck.sum beside the migrations: one line for each that is applied, with its SHA-256.

Drizzle stores a migration's hash and never compares it. Commit this file, and `raincheck check` and the editor
say when a sealed migration is edited. Sealing anew accepts the edits; each is named.

\b
raincheck seal                       what git's default branch has, and what was sealed before
raincheck seal --since 0041_true_hulk
raincheck seal --database-url env:DATABASE_URL
raincheck seal --check               for continuous integration

\b
Exit codes: 0 written, or up to date; 1 not up to date (--check); 2 could not run.
"""


@click.command(help=HELP, short_help="Write raincheck.sum, which makes edits of applied migrations show.")
@click.argument("path", default=".", type=click.Path(exists=True))
@selecting
@ASKING
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where the seal is not up to date.")
def command(*, path: str, selection: Mapping[str, Any], database: str | None, check: bool) -> int:
    session, analyses = opened(path, selection, database=database)
    projects = [analysis.project for analysis in analyses if analysis.project.layout != "loose"]
    if not projects:
        raise click.ClickException(f"{path} is of no Drizzle project, so there is nothing to seal")
    texts = [session.sealed(project, everything=selection["everything"]) for project in projects]
    sealed = zip(projects, texts, strict=True)
    stale = [project for project, text in sealed if _seal(project, text, write=not check)]
    return int(check and bool(stale))


def _seal(project: Project, text: str, *, write: bool) -> bool:
    """Write one project's seal, or only compare; whether it was not up to date."""
    from raincheck.report.sealed import changes, counted  # this and the next: `--help` starts without them
    from raincheck.session.writing import write_atomically

    path = project.absolute(project.seal_path)
    before = Path(path).read_text("utf-8") if Path(path).exists() else ""
    told = list(changes(project, before, text))
    if write and before != text:
        write_atomically(path, text)
    state = "is up to date" if before == text else "was written" if write else "is not up to date"
    say(f"{style().path(path)} {state}: {counted(project, text)}.\n" + "".join(f"  {one}\n" for one in told))
    return before != text
