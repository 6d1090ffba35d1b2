"""The options of `raincheck check` about the form of its report, and where each goes."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from raincheck.cli.output import say, style
from raincheck.report.formats import FOR_PEOPLE, FORMATS, SUFFIXES
from raincheck.report.style import Style

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raincheck.session.portions import Wish


@dataclass(frozen=True, slots=True)
class Reports:
    """The form of standard output, and files with their forms."""

    form: str
    files: tuple[tuple[str, Path], ...]

    def wish(self, fails: Sequence[str]) -> Wish:
        """The forms in which the report is to be had: that of standard output, then those of the files."""
        from raincheck.engine.finding import Severity  # this and the next: `--help` starts without them
        from raincheck.session.portions import Wish

        painted = style() if self.form in FOR_PEOPLE else _unpainted(self.form)
        forms = ((self.form, painted), *((name, _unpainted(name)) for name, _ in self.files))
        return Wish(forms, tuple(map(Severity, fails)))

    def give(self, reports: Sequence[str]) -> None:
        """Print the first report and write the others, each file at once, in the order of the wish.

        Raises ClickException where one cannot be written.
        """
        from raincheck.report.encoding import utf8  # as above
        from raincheck.session.writing import write_atomically

        printed, *others = reports
        for (_, path), text in zip(self.files, others, strict=True):
            try:
                write_atomically(str(path), utf8(text))
            except OSError as error:
                raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error
        say(printed)


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
