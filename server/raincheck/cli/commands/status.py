"""`raincheck status`: files, seal, git and a database's rows side by side, and what is wrong between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from raincheck.cli.output import say, style
from raincheck.cli.selecting import ASKING, opened, selecting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raincheck.report.status import Status

HELP = """\
Put what the journal, the files, raincheck.sum, git and a database's migrations table know of each migration on one
line, and say what is wrong: skipped for ever, edited, recorded and gone, running again, drifted, and what to do.

The database is read in one read-only transaction, with short timeouts. SQL that would mend it is printed, can be
repeated, and is never run.

\b
raincheck status                                      what is known without a database
raincheck status --database-url env:DATABASE_URL      the URL in this variable
raincheck status --database-url env                   PGHOST, PGDATABASE and the others
raincheck status --database-url postgres://ci@db/app
raincheck status --database-url env --save-stats      how large its tables are, to raincheck.stats.json

\b
Exit codes: 0 nothing is wrong (pending migrations are not), 1 something needs a person, 2 could not run.
"""


@click.command(
    help=HELP, short_help="Put files, seal, git and a database's rows side by side; say what is wrong."
)
@click.argument("path", default=".", type=click.Path(exists=True))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@selecting
@ASKING
@click.option(
    "--save-stats",
    "stats",
    metavar="[FILE]",
    is_flag=False,
    flag_value="",
    help="Write how large the database's tables are: names and numbers, no data.",
)
def command(
    *, path: str, form: str, selection: Mapping[str, Any], database: str | None, stats: str | None
) -> int:
    session, _ = opened(path, selection, database=database, baseline=False)
    if stats is not None:
        from raincheck.session.sizes import save_stats  # as below

        for line in save_stats(session, stats):
            click.echo(line, err=form == "json")
    from raincheck.session.status import statuses  # `--help` starts without it

    found = statuses(session)
    if not found:
        raise click.ClickException(f"{path} is of no Drizzle project, so there is no history to show")
    say(_rendered(form, found))
    return int(any(status.wrong for status in found))


def _rendered(form: str, found: Sequence[Status]) -> str:
    if form == "json":
        from raincheck.report import status_json  # its models cost time that text need not pay

        return status_json.render(found)
    from raincheck.report import status  # as above

    return status.render(found, style())
