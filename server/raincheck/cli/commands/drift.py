"""`raincheck drift`: whether schema files, migrations and a database agree."""

from __future__ import annotations

from typing import Any

import click

from raincheck.cli.output import say, style
from raincheck.cli.selecting import ASKING, opened

HELP = """\
Say whether the schema files and the migrations agree, and, with a database, whether it holds what its migrations make.

The project's own drizzle-kit is run, on a copy of the migrations folder, so its configuration and schema files are
run as well. A database is only read. Each difference comes with the statements that would mend it; none is run.

\b
raincheck drift
raincheck drift --database-url env:DATABASE_URL
raincheck drift --no-schema-files --database-url env:DATABASE_URL     drizzle-kit is not run

\b
Exit codes: 0 all agree, 1 something differs, 2 could not run.
"""


@click.command(help=HELP, short_help="Say whether schema files, migrations and a database agree.")
@click.argument("path", default=".", type=click.Path(exists=True))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--no-schema-files",
    "schema_files",
    is_flag=True,
    default=True,
    flag_value=False,
    help="Leave drizzle-kit out.",
)
@ASKING
def command(*, path: str, form: str, schema_files: bool, database: str | None) -> int:
    if not schema_files and database is None:
        raise click.UsageError("without --database-url there is nothing to compare the migrations with")
    selection: dict[str, Any] = {"base": None, "since": None, "everything": database is None}
    session, _ = opened(path, selection, database=database, baseline=False)
    from raincheck.report import drift, drift_json  # this and the next: `--help` starts without them
    from raincheck.session.drifting import drifted

    found = [*drifted(session, schema_files=schema_files)]
    if not found:
        raise click.ClickException(f"{path} is of no Drizzle project, so there is nothing to compare")
    say(drift_json.render(found) if form == "json" else drift.render(found, style()))
    return int(not all(each.agrees for each in found))
