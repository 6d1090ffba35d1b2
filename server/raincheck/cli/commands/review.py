"""`raincheck review`: what a careful reviewer writes of the pending migrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from raincheck.cli.naming import named
from raincheck.cli.output import say, style
from raincheck.cli.selecting import ASKING, POSTGRES, failing_on, opened, selecting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORMATS = ("text", "markdown", "json")
VERDICTS = ("blocked", "needs-changes")
HELP = """\
Review the pending migrations as one run, or one migration: what each statement risks, locks and lasts, which locks are
held over the run, the verdict, what must change with fixes as diffs, the SQL that undoes it, and queries that show that
it worked.

WHAT is a migration's tag, its file, or a project's folder. A migration that is applied is reviewed as it was.

\b
raincheck review
raincheck review 0041_true_hulk
raincheck review --format markdown > review.md     a pull request comment, folded

\b
SAFE           nothing fails, loses data, or keeps others from working for long
NEEDS CHANGES  it can run, but blocks others, breaks code that still runs, or needs care
BLOCKED        something fails, loses data, or blocks for as long as a table is large

\b
Exit codes: 0 better than --fail-on, 1 not, 2 could not run.
"""


@click.command(help=HELP, short_help="Review the pending migrations, as for a pull request.")
@click.argument("what", required=False)
@click.option("--project", "path", default=".", type=click.Path(exists=True), help="Where the project lies.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@selecting
@ASKING
@POSTGRES
@failing_on(VERDICTS, "needs-changes", "Exit with 1 from this verdict on.")
def command(
    *,
    what: str | None,
    path: str,
    form: str,
    selection: Mapping[str, Any],
    fails: Sequence[str],
    **others: Any,
) -> int:
    path, tag = named(what, path)
    _, analyses = opened(path, selection, **others)
    from raincheck.plan.review import review  # these cost time that `--help` need not pay
    from raincheck.report.review_forms import RENDERERS
    from raincheck.session.reviewing import asked

    found = [review(one.analysis, one.migrations, applied=one.applied) for one in asked(analyses, tag)]
    say(RENDERERS[form](found, style()))
    verdicts = {one.verdict.lower().replace(" ", "-") for one in found}
    return int(any(verdict in fails for verdict in verdicts))
