"""The options that several commands share: what is pending, and opening a session with it.

`--database-url` is an option of its own, since some commands ask the database and others write to it.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from raincheck.engine.analysis import Analysis
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


def opened(
    path: str, selection: Mapping[str, Any], override: Mapping[str, Any], **asked: Any
) -> tuple[Session, tuple[Analysis, ...]]:
    """A session on a path, and its analyses: at least one. Raises what `Session` raises.

    `asked` is what else the session's options hold: `database`, `regenerate`.
    """
    told = options(selection, override, **asked)
    from raincheck.session.session import Session  # it costs time that `--help` need not pay

    session = Session(str(Path(path).resolve()), told)
    analyses = session.analyses()
    if not analyses:
        raise click.ClickException(nothing_in(path, session))
    return session, analyses


def options(selection: Mapping[str, Any], override: Mapping[str, Any], **asked: Any) -> Options:
    """The same as a session's options."""
    if asked.get("database") is not None and any(selection.values()):
        raise click.UsageError("a database says what is pending: leave --base, --since and --all out")
    from raincheck.session.pending import Selection  # these cost time that `--help` need not pay
    from raincheck.session.session import Options

    return Options(Selection(**selection), override=override, **asked)


def nothing_in(path: str, session: Session) -> str:
    """Why there is nothing to check, in one sentence or two."""
    reasons = " ".join(f"{problem.message} {problem.help}".strip() for problem in session.problems)
    return reasons or f"there are no migrations of Drizzle for PostgreSQL in {path}, above or below it"
