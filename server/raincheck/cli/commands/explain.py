"""`raincheck explain`: a rule, a recipe, a lock, or what SQL does, in the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from raincheck.cli.output import say, style
from raincheck.cli.selecting import POSTGRES

if TYPE_CHECKING:
    from collections.abc import Sequence

HELP = """\
Explain a rule, a recipe, a lock, or what SQL does and locks.

Without WHAT, list all rules. SQL (or `-`: SQL on standard input) is taken to run after all migrations of the project
you stand in, or after --schema; where neither creates a table, the answer lists what it depends on.

\b
raincheck explain index-blocks-writes
raincheck explain recipe rename-a-column
raincheck explain locks
raincheck explain lock ACCESS EXCLUSIVE
raincheck explain 'ALTER TABLE users ALTER COLUMN email SET NOT NULL'
raincheck explain --schema schema.sql --postgres 17 - < change.sql

\b
Exit codes: 0 explained, 1 a statement that cannot be read, 2 there is no such rule, recipe or lock.
"""

_FILE = click.Path(exists=True, dir_okay=False)


@click.command(help=HELP, short_help="Explain a rule, a recipe, a lock, or what SQL does.")
@click.argument("what", nargs=-1)
@POSTGRES
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--schema", "schemas", multiple=True, type=_FILE, metavar="FILE")
def command(*, what: tuple[str, ...], postgres: int | None, form: str, schemas: tuple[str, ...]) -> int:
    from raincheck.cli.asking import Lock, Locks, Recipe, Rule, Sql, asked  # `--help` starts without them

    question = asked(sys.stdin.read() if what == ("-",) else " ".join(what), sql=what == ("-",))
    match question:
        case Sql(text):
            return _sql(text, schemas, postgres, form)
    if form != "text" or schemas:
        raise click.UsageError("--format and --schema are for SQL")
    from raincheck.engine.settings import DEFAULT_POSTGRES
    from raincheck.report import lock_page, recipe_page, rule_page

    match question:
        case Locks():
            say(lock_page.matrix(style()))
        case Lock(mode):
            say(lock_page.page(mode, postgres or DEFAULT_POSTGRES, style()))
        case Recipe(name):
            say(recipe_page.page(name, style()) if name else recipe_page.listing(style()))
        case Rule(name):
            say(rule_page.page(name, style()) if name else rule_page.listing(style()))
    return 0


def _sql(text: str, schemas: Sequence[str], postgres: int | None, form: str) -> int:
    from raincheck.session.explaining import answer  # reads the project: nothing else here needs it

    found = answer(text, ".", schemas, postgres)
    if form == "json":
        from raincheck.report import explained_json  # its models cost time

        say(explained_json.render(found.steps, found.schema, found.notes))
    else:
        from raincheck.report import explained  # as above

        say(explained.render(found.analysis, found.steps, found.schema, found.notes, style()))
    return int(any(step.statement.problem for step in found.steps))
