"""The options of `raincheck check` about the form of its report, and where each goes."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from raincheck.cli.output import say, style
from raincheck.report.formats import FOR_PEOPLE, FORMATS, SUFFIXES, render
from raincheck.report.style import Style

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raincheck.engine.analysis import Analysis


@dataclass(frozen=True, slots=True)
class Reports:
    """The form of standard output, and files with their forms."""

    form: str
    files: tuple[tuple[str, Path], ...]

    def give(self, analyses: Sequence[Analysis], notes: Sequence[str], fails: Sequence[str]) -> None:
        """Print one report and write the others, each file at once. Raises ClickException where one cannot be written."""
        from raincheck.engine.finding import Severity  # this and the next: `--help` starts without them
        from raincheck.report.encoding import utf8
        from raincheck.session.writing import write_atomically

        stops = [*map(Severity, fails)]
        for form, path in self.files:
            text = utf8(render(form, analyses, notes, _unpainted(form), stops))
            try:
                write_atomically(str(path), text)
            except OSError as error:
                raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error
        painted = style() if self.form in FOR_PEOPLE else _unpainted(self.form)
        say(render(self.form, analyses, notes, painted, stops))


def _unpainted(form: str) -> Style:
    """Without colours; for programs, paths count from the repository's root."""
    from raincheck.session.git import repository  # as above

    here = style()
    return Style(start=here.start if form in FOR_PEOPLE else repository(here.start) or here.start)


def _file(_: click.Context, __: click.Parameter, values: Sequence[str]) -> tuple[tuple[str, Path], ...]:
    return tuple(map(_read, values))


def _read(value: str) -> tuple[str, Path]:
    form, colon, path = value.partition(":")
    if colon and form in FORMATS:
        return form, _named(path)
    known = SUFFIXES.get(Path(value).suffix.lower())
    if known is None:
        raise click.BadParameter(
            f"{value} does not say its form: write FORMAT:{value}, with one of {', '.join(FORMATS)}"
        )
    return known, _named(value)


def _named(path: str) -> Path:
    if not path or Path(path).is_dir():
        raise click.BadParameter(f"{path or 'the file'} is no name of a file")
    return Path(path).absolute()


def reporting(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command --format and --output; it gets them as `reports`."""

    @functools.wraps(command)
    def told(*, form: str, files: tuple[tuple[str, Path], ...], **others: Any) -> int:
        return command(reports=Reports(form, files), **others)

    form = click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="text",
        show_default=True,
        help="What to print.",
    )
    output = click.option(
        "--output",
        "files",
        multiple=True,
        callback=_file,
        metavar="[FORMAT:]FILE",
        help="Write a report to a file as well; its form by its suffix (.sarif, .xml is junit, .md, .json, .txt).",
    )
    return form(output(told))
