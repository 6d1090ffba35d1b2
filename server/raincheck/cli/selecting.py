"""The options that several commands share: what is pending, the version, what fails; and opening a session with them.

`--database-url` is an option of its own, since some commands ask the database and others write to it.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.project.project import FileProblem
    from raincheck.session.session import Options, Session

_OPTIONS = (
    click.option("--base", metavar="REF", help="Pending is what this git branch or commit does not have."),
    click.option("--since", metavar="TAG", help="Everything up to and with this migration is applied."),
    click.option("--all", "everything", is_flag=True, help="Take every migration."),
)

ASKING = click.option(
    "--database-url",
    "database",
    metavar="URL",
    help="Ask this database what it has run; it is only read. env:NAME takes the URL from a variable.",
)

MAJOR = click.IntRange(12, 18)
POSTGRES = click.option("--postgres", type=MAJOR, metavar="MAJOR", help="The major version of the server.")

SEVERITIES = ("danger", "risk", "note")


def failing_on(levels: Sequence[str], default: str, says: str) -> Callable[..., Any]:
    """Give a command --fail-on with these levels, the worst first; it gets those that fail, as `fails`."""

    def reached(_: click.Context, __: click.Parameter, level: str) -> tuple[str, ...]:
        return tuple(levels[: levels.index(level) + 1]) if level in levels else ()

    of = click.Choice([*levels, "never"])
    return click.option(
        "--fail-on", "fails", type=of, default=default, show_default=True, callback=reached, help=says
    )


def selecting(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command --base, --since and --all; it gets them as one mapping, `selection`."""

    @functools.wraps(command)
    def told(base: str | None, since: str | None, *, everything: bool, **others: Any) -> int:
        if sum((base is not None, since is not None, everything)) > 1:
            raise click.UsageError("--base, --since and --all answer the same question; give one of them")
        return command(selection={"base": base, "since": since, "everything": everything}, **others)

    for option in reversed(_OPTIONS):
        told = option(told)
    return told


def opened(path: str, selection: Mapping[str, Any], **asked: Any) -> tuple[Session, tuple[Analysis, ...]]:
    """A session on a path, and its analyses: at least one. Raises what `Session` raises.

    `asked` is what else `options` takes.
    """
    told = options(selection, **asked)
    from raincheck.session.session import Session  # it costs time that `--help` need not pay

    session = Session(str(Path(path).resolve()), told)
    analyses = session.analyses()
    if not analyses:
        raise click.ClickException(nothing_in(path, session.problems))
    return session, analyses


def options(
    selection: Mapping[str, Any], *, postgres: int | None = None, timezone: str | None = None, **asked: Any
) -> Options:
    """A session's options; `asked` is what else they hold: `database`, `regenerate`, `baseline`."""
    if asked.get("database") is not None and any(selection.values()):
        raise click.UsageError("a database says what is pending: leave --base, --since and --all out")
    from raincheck.session.pending import Selection  # these cost time that `--help` need not pay
    from raincheck.session.session import Options

    override = {"postgres": postgres, "timezone": timezone}
    told = {name: value for name, value in override.items() if value is not None}
    return Options(Selection(**selection), override=told, **asked)


def nothing_in(path: str, problems: Iterable[FileProblem]) -> str:
    """Why there is nothing to check, in one sentence or two."""
    reasons = " ".join(f"{problem.message} {problem.help}".strip() for problem in problems)
    return reasons or f"there are no migrations of Drizzle for PostgreSQL in {path}, above or below it"
