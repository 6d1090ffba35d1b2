"""`raincheck serve`: the language server. The one place where the command line hands over to `raincheck.lsp`."""

from __future__ import annotations

import click

HELP = """\
Run the language server; editors start this.

It speaks the Language Server Protocol on standard input and output.

\b
raincheck serve
raincheck serve --tcp 127.0.0.1:9257
"""


@click.command(help=HELP, short_help="Run the language server.")
@click.option(
    "--tcp",
    metavar="HOST:PORT",
    help="Listen there for one client, for debugging; else standard input and output.",
)
def command(*, tcp: str | None) -> int:
    address = None if tcp is None else _address(tcp)
    from raincheck.lsp.server import serve  # half a second, which no other command pays

    return serve(address)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not port.isdigit() or int(port) > 65535:
        raise click.UsageError(f"--tcp wants HOST:PORT, for example 127.0.0.1:9257, not {text}")
    return host.strip("[]") or "127.0.0.1", int(port)
