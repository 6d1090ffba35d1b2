"""The options of `raincheck check` about its cache."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from raincheck.session.cache import Cache

VARIABLE = "RAINCHECK_CACHE_DIR"

_FOLDER = click.option(
    "--cache-dir",
    type=click.Path(file_okay=False),
    envvar=VARIABLE,
    metavar="FOLDER",
    help=f"Where what was found is kept for the next run; also {VARIABLE}. Usually ~/.cache/raincheck.",
)
_NONE = click.option("--no-cache", is_flag=True, help="Neither use nor keep what was found before.")


def caching(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command --cache-dir and --no-cache; it gets `cache`."""

    @functools.wraps(command)
    def told(*, cache_dir: str | None, no_cache: bool, **others: Any) -> int:
        return command(cache=None if no_cache else _cache(cache_dir), **others)

    return _FOLDER(_NONE(told))


def _cache(folder: str | None) -> Cache | None:
    from raincheck.session.cache import Cache, usual_folder  # `--help` starts without it

    if folder is not None:
        return Cache(Path(folder).absolute())
    try:
        return Cache(usual_folder(os.environ, Path.home()))
    except RuntimeError:  # there is no home
        return None
