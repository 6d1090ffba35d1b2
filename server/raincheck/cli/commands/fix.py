"""`raincheck fix`: apply the fixes of the pending migrations' findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from raincheck.cli.output import say, style
from raincheck.cli.selecting import ASKING, POSTGRES, SEVERITIES, failing_on, opened, selecting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HELP = """\
Apply fixes to the pending migrations until there are none left to apply, and say what is left and why.

Applied are fixes after which the same schema comes about under weaker locks, with nothing else to do; with
--needs-deploy also those that spread a change over deployments, in new migrations and scripts: read what they say.
All files are written, or none. Migrations that are applied are never touched.

\b
raincheck fix --diff                    what would change, as a diff; nothing is written
raincheck fix
raincheck fix --since 0041_true_hulk --rule index-blocks-writes
raincheck fix --needs-deploy --rule set-not-null-scans

\b
Exit codes: 0 nothing is left at or above --fail-on, 1 something is left, 2 could not run, and nothing was written.
"""


@click.command(help=HELP, short_help="Apply the fixes of the pending migrations' findings.")
@click.argument("path", default=".", type=click.Path(exists=True))
@click.option("--diff", "only_diff", is_flag=True, help="Print what would change as a diff; write nothing.")
@click.option("--rule", "rules", multiple=True, metavar="RULE", help="Only what this rule finds; repeatable.")
@click.option("--needs-deploy", "staged", is_flag=True, help="Also what is spread over deployments.")
@selecting
@ASKING
@POSTGRES
@failing_on(SEVERITIES, "risk", "Exit with 1 where something is left from this severity on.")
def command(
    *,
    path: str,
    only_diff: bool,
    rules: tuple[str, ...],
    staged: bool,
    selection: Mapping[str, Any],
    fails: Sequence[str],
    **asked: Any,
) -> int:
    session, _ = opened(path, selection, **asked)
    from raincheck.report import fixed as report  # these cost time that `--help` need not pay
    from raincheck.session.fixing import fix, wish, write

    fixed = fix(session, wish(rules, staged=staged))
    if only_diff:
        say(report.diff(fixed, style()))
    else:
        write(fixed.changes)
        say(report.render(fixed, style()))
    return int(any(left.severity in fails for left in fixed.left))
