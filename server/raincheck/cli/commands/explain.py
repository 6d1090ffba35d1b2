"""`raincheck explain`: a rule's page in the terminal."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from raincheck.cli.output import say, style

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule


HELP = """\
Explain a rule: what happens, when it does not, what to do, with examples.

Without RULE, list all rules.

\b
raincheck explain
raincheck explain index-blocks-writes
"""


@click.command(help=HELP, short_help="Explain a rule: what happens, when it does not, what to do.")
@click.argument("rule", required=False)
def command(*, rule: str | None) -> int:
    from raincheck.rules import ALL  # `--help` starts without them

    rules = {one.name: one for one in ALL}
    say(_listing(rules) if rule is None else _page(rules, rule))
    return 0


def _listing(rules: dict[str, Rule]) -> str:
    room = max(map(len, rules))
    paint = style().paint
    rows = (
        f"{paint(name, 'bold')}{' ' * (room - len(name))}  {one.severity:<6}  {_summary(one)}"
        for name, one in rules.items()
    )
    return "\n".join(rows) + "\n"


def _summary(rule: Rule) -> str:
    return (rule.__doc__ or "").strip().split("\n", 1)[0]


def _page(rules: dict[str, Rule], name: str) -> str:
    if name not in rules:
        near = get_close_matches(name, rules, 1)
        meant = f"did you mean {near[0]}?" if near else "`raincheck explain` lists them all"
        raise click.ClickException(f"there is no rule {name}; {meant}")
    from raincheck.report.page import render  # as above
    from raincheck.rules.pages import page

    return render(page(name), style())
