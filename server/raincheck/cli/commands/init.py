"""`raincheck init`: the settings of a project, and on request its pipelines, hooks and migrator."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from raincheck.cli.output import say, style
from raincheck.cli.selecting import MAJOR

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
@click.option("--postgres", type=MAJOR, metavar="MAJOR", help="The major version in production.")
@click.option(
    "--ci", multiple=True, type=click.Choice(CI), help="Write a pipeline, and the migrator that it runs."
)
@click.option("--hook", "hooks", multiple=True, type=click.Choice(HOOKS), help="Check before each commit.")
@click.option("--migrator", is_flag=True, help="Write scripts/migrate.mjs.")
@click.option("--force", is_flag=True, help="Write also over what is there.")
def command(*, path: str, postgres: int | None, force: bool, **wanted: Any) -> int:
    from raincheck.session import starting  # `--help` starts without it

    at = starting.place(starting.only_project(str(Path(path).resolve())))
    if postgres is None and len(at.images) != 1 and sys.stdin.isatty():
        postgres = click.prompt("Major version of PostgreSQL in production", type=MAJOR, default=15)
    starts = [starting.settings(at, postgres)]
    starts += [starting.pipeline(at, name) for name in (*wanted["ci"], *wanted["hooks"])]
    starts += [starting.script(at)] if wanted["ci"] or wanted["migrator"] else []
    for start, wrote in starting.written(starts, force=force):
        left = "." if start is starts[0] else f"; it would be:\n{start.text}"
        say(
            f"{style().path(start.path)} {'was written.' if wrote else f'is there already, and was left alone{left}'}\n"
        )
        if start is starts[0] and wrote and at.in_doubt:
            say(
                "Whether the migrations run in one transaction was left open, as it says there: set `runner`.\n"
            )
    if (wanted["ci"] or wanted["migrator"]) and starting.needs_driver(at):
        say(f"{starting.MIGRATOR} connects through node-postgres, which package.json lacks: npm install pg\n")
    return 0
