"""The options of `raincheck check` about `raincheck.baseline.json`, and writing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from raincheck.cli.output import say, style

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raincheck.engine.analysis import Analysis

_WRITE = click.option(
    "--write-baseline",
    "--update-baseline",
    "write",
    is_flag=True,
    help="Write what is found now to raincheck.baseline.json; from then on only new findings are told.",
)
_IGNORE = click.option(
    "--no-baseline", "everything_heard", is_flag=True, help="Tell also what raincheck.baseline.json has."
)


def baselining(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command --write-baseline and --no-baseline; it gets `write`, and `baseline` for the session."""

    def told(*, write: bool, everything_heard: bool, **others: Any) -> int:
        return command(write=write, baseline=not (write or everything_heard), **others)

    return _WRITE(_IGNORE(told))


def written(analyses: Sequence[Analysis]) -> int:
    """Write the baselines, and say so."""
    from raincheck.locks.words import counted  # this and the next: `--help` starts without them
    from raincheck.session.baseline import write_baselines

    for one in write_baselines(analyses):
        found = counted(one.findings, "finding")
        say(
            f"{style().path(one.path)} was written: {found}. From now on, `raincheck check` tells what is new.\n"
        )
    return 0
