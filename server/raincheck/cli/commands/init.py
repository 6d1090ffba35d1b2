"""`raincheck init`: the settings of a project, and on request its pipelines, hooks and migrator."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from raincheck.cli.output import say, style

if TYPE_CHECKING:
    from raincheck.session.starting import Place

HELP = """\
Write raincheck.toml for the project that is found, and on request what its pipelines need.

Nothing that is there is written over without --force.

\b
raincheck init --postgres 16
raincheck init --ci github           a workflow: preview, gate, backup, migrate with time limits
raincheck init --hook lefthook       check before each commit
raincheck init --migrator            scripts/migrate.mjs alone: Drizzle's migrator, one at a time, with limits
"""
CI = ("github", "gitlab")
HOOKS = ("git", "lefthook", "pre-commit", "husky")


@click.command(help=HELP, short_help="Write raincheck.toml, and on request pipelines, hooks and a migrator.")
@click.argument("path", default=".", type=click.Path(exists=True))
@click.option(
    "--postgres", type=click.IntRange(12, 18), metavar="MAJOR", help="The major version in production."
)
@click.option(
    "--ci", multiple=True, type=click.Choice(CI), help="Write a pipeline, and the migrator that it runs."
)
@click.option("--hook", "hooks", multiple=True, type=click.Choice(HOOKS), help="Check before each commit.")
@click.option("--migrator", is_flag=True, help="Write scripts/migrate.mjs.")
@click.option("--force", is_flag=True, help="Write also over what is there.")
def command(
    *,
    path: str,
    postgres: int | None,
    ci: tuple[str, ...],
    hooks: tuple[str, ...],
    migrator: bool,
    force: bool,
) -> int:
    from raincheck.session import starting  # `--help` starts without it

    at = starting.place(starting.only_project(str(Path(path).resolve())))
    starts = [starting.settings(at, *_version(at, postgres))]
    starts += [starting.pipeline(at, name) for name in (*ci, *hooks)]
    starts += [starting.script(at)] if ci or migrator else []
    for start, wrote in starting.written(starts, force=force):
        name, shown = style().path(start.path), "" if start is starts[0] else f"; it would be:\n{start.text}"
        say(
            f"{name} was written.\n"
            if wrote
            else f"{name} is there already, and was left alone{shown or '.'}\n"
        )
    if (ci or migrator) and starting.needs_driver(at):
        say(
            f"{starting.MIGRATOR} connects through node-postgres, which package.json does not have: npm install pg\n"
        )
    return 0


def _version(at: Place, asked: int | None) -> tuple[int | None, str]:
    """The version and who says so: the command line, the only image that the repository names, the user at a terminal."""
    if asked is not None:
        return asked, "the major version in production"
    if len(at.images) == 1:
        ((major, file),) = at.images.items()
        return major, f"as the image in {file}; production's counts"
    if sys.stdin.isatty():
        return click.prompt(
            "Major version of PostgreSQL in production", type=click.IntRange(12, 18), default=15
        ), "the major version in production"
    return None, ""
