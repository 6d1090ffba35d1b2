"""The command line. Commands are imported when they are called, so that each starts fast."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING

import click

import raincheck
from raincheck.cli.output import say, speak_utf8
from raincheck.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = (
    "check",
    "drift",
    "explain",
    "fix",
    "gate",
    "init",
    "plan",
    "review",
    "rollback",
    "seal",
    "serve",
    "status",
    "trace",
)

FAILED = 2
"""The exit code of a run that could not do its work."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:  # noqa: ARG002
        if cmd_name in COMMANDS:
            command: click.Command = import_module(f"raincheck.cli.commands.{cmd_name}").command
            return command
        near = get_close_matches(cmd_name, COMMANDS, 1)
        meant = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(COMMANDS)}"
        raise click.UsageError(f"there is no command {cmd_name}{meant}")


HELP = """\
Which locks your Drizzle migrations take in PostgreSQL, what they block, and how to run them safely.

\b
raincheck check                      the pending migrations of the project you stand in
raincheck check --base origin/main   those that the branch main does not have
raincheck check --format json        the same for programs
raincheck explain index-blocks-writes
raincheck explain 'DROP TABLE users'  what SQL locks
raincheck init                       settings, and on request pipelines and hooks
raincheck fix --diff                 what its fixes would change; without --diff, change it
raincheck gate                       how they may be deployed: green, yellow, red
raincheck plan                       spread over deploys what cannot run in one
raincheck review                     all of it as a review: risks, verdict, fixes, rollback, verification
raincheck rollback                   the SQL that undoes the pending migrations
raincheck seal                       write down what is applied, so that edits show
raincheck trace                      run them on a scratch PostgreSQL, and compare
raincheck drift                      whether schema files, migrations and a database agree
raincheck status                     what is applied, skipped, edited; --database-url asks a database
raincheck serve                      the language server, for editors

\b
Exit codes: 0 nothing found at or above the threshold (check --fail-on), 1 something found,
2 could not run. Settings are read from raincheck.toml at the project's root.
"""


@click.group(
    cls=_Commands,
    help=HELP,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(raincheck.__version__, message="raincheck %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        say(ctx.get_help() + "\n")
        raise click.UsageError(f"name a command: {', '.join(COMMANDS)}")


def main() -> None:
    """The console script. It leaves at once: to take everything apart first is a tenth of a large run's time."""
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. What goes wrong is one line on standard error."""
    speak_utf8()
    gc.disable()  # a command is over before its garbage matters; `serve` turns collection on again
    try:
        code = cli.main(list(arguments), prog_name="raincheck", standalone_mode=False)
    except click.ClickException as error:
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
        return _failed(error.format_message(), f" `{where} --help` shows how." if where else "")
    except (click.Abort, KeyboardInterrupt):
        return 130
    except OSError as error:
        return _failed(": ".join(filter(None, (error.filename, error.strerror))) or str(error))
    except Exception as error:  # noqa: BLE001 - the outermost place: a traceback helps nobody here
        return _broken(error)
    return code if isinstance(code, int) else 0


def _failed(message: str, hint: str = "") -> int:
    line = " ".join(message.split())
    end = "" if line.endswith((".", "?")) else "."
    click.echo(f"raincheck: {line}{end}{hint}", err=True)
    return FAILED


def _broken(error: Exception) -> int:
    # imported already where they can have been raised
    from raincheck.live.errors import LiveError
    from raincheck.session.pending import UnknownTagError

    if isinstance(error, SessionError | UnknownTagError | LiveError):
        return _failed(str(error))
    if os.environ.get("RAINCHECK_DEBUG"):
        raise error
    return _failed(
        f"internal error: {type(error).__name__}: {error}",
        " Please report this line with the migration; RAINCHECK_DEBUG=1 shows where it happened.",
    )
