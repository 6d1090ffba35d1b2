"""Standard output and standard error: UTF-8, colours only where a terminal shows them, quiet when nobody reads."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys

from raincheck.report.style import Style

NARROWEST, WIDEST = 60, 100


def speak_utf8() -> None:
    """Write UTF-8 whatever the locale says; what cannot be written (bytes of a file's name) is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(text: str) -> None:
    """Write to standard output. A reader that has gone away (`| head`) is no error."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def style() -> Style:
    """How text is set on this standard output: as wide as the terminal is, 100 where there is none."""
    columns = shutil.get_terminal_size((WIDEST, 24)).columns
    shown = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    start = os.getcwd().replace(os.sep, "/")  # noqa: PTH109 - a text, as paths are everywhere below
    return Style(min(max(columns, NARROWEST), WIDEST), shown, start)
