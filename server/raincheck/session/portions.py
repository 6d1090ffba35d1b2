"""Checking many projects without holding more than one analysis: each becomes a portion of the report at once.

Portions of projects in which nothing has changed come from the cache; the others are made in several processes where
that pays. A portion is JSON, and the same from wherever it comes.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from raincheck.engine.analysis import Analysis, analyse
from raincheck.report.formats import form
from raincheck.rules import ALL
from raincheck.session.cache import key_of
from raincheck.session.files import DigestedFiles, absolute
from raincheck.session.found import find, unread, with_snapshots
from raincheck.session.git import GitBase, GitSilence
from raincheck.session.processes import in_several, processors
from raincheck.session.session import Session
from raincheck.sql.document import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from raincheck.engine.finding import Severity
    from raincheck.project.project import FileProblem
    from raincheck.report.style import Style
    from raincheck.session.cache import Cache
    from raincheck.session.found import Found, Options

WORTH = 800
"""So many migrations take as long, about a second, as it takes to start the processes."""

COMMIT = "\U0010fffd" * 7
"""Stands in a portion for the digits of git's commit, since a portion stays the same while that commit becomes another.

A private-use character that no font shows: in SQL it would be shown as those digits.
"""

Portion = dict[str, Any]
"""`severities`: those that were found; `pieces`: what the report has of the project, in each form that is wished."""
Made = tuple[str, dict[str, str]]
"""A portion as JSON text, and the SHA-256 of the files that were read for it besides those that were read before."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The forms of a report, and the severities that the run fails for."""

    forms: tuple[tuple[str, Style], ...]
    fails: tuple[Severity, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A report in each form that was wished; empty where no project was found.

    `severities`: those of all findings; `problems`: what is wrong outside of all projects.
    """

    reports: tuple[str, ...]
    severities: frozenset[str]
    problems: tuple[FileProblem, ...]


def check(
    start: str, options: Options, wish: Wish, cache: Cache | None, tell: Callable[[int, int], None]
) -> Checked:
    """Check the projects at a path. `tell` hears how many of how many are done. Raises what `Session.analyses` does."""
    if options.database is not None or options.regenerate:  # what those say lies in no file
        session = Session(start, options)
        portions = [json.loads(_portion(one, wish)) for one in session.analyses()]
        return _checked(portions, session.problems, wish)
    files = DigestedFiles()
    found, problems = find(files, absolute(start), options, unread, COMMIT)
    keys = [key_of(one, wish, files) for one in found] if cache else []
    known = {place: text for place, key in enumerate(keys) if cache and (text := cache.load(key)) is not None}
    run = _Run(found, wish, files, tell)
    try:
        return _checked(run.portions(known, keys, cache), problems, wish)
    except Exception:
        if not known:
            raise
    # Somebody else wrote into the cache, and no report can be made of it.
    return _checked(run.portions({}, keys, cache), problems, wish)


@dataclass(frozen=True, slots=True)
class _Run:
    found: Sequence[Found]
    wish: Wish
    files: DigestedFiles
    tell: Callable[[int, int], None]

    def portions(self, known: Mapping[int, str], keys: Sequence[str], cache: Cache | None) -> list[Portion]:
        """The portions of all projects, in their order: those that are known, by place, and the others made and kept."""
        texts = dict(known)
        missing = [place for place in range(len(self.found)) if place not in known]
        made = _made([self.found[place] for place in missing], self.wish)
        self.tell(len(texts), len(self.found))
        for place, (text, read_since) in zip(missing, made, strict=True):
            texts[place] = text
            self.tell(len(texts), len(self.found))
            if cache and all(self.files.digest(path) == digest for path, digest in read_since.items()):
                cache.store(keys[place], text)
        if cache and missing:
            cache.prune()
        return [json.loads(_named(texts[place], one.git)) for place, one in enumerate(self.found)]


def _named(text: str, git: GitBase | GitSilence) -> str:
    return text.replace(json.dumps(COMMIT)[1:-1], git.commit[:7]) if isinstance(git, GitBase) else text


def _checked(portions: Sequence[Portion], problems: tuple[FileProblem, ...], wish: Wish) -> Checked:
    if not portions:
        return Checked((), frozenset(), problems)
    notes = [f"{one.path}: {one.message} {one.help}".strip() for one in problems]
    reports = tuple(
        form(name).whole([portion["pieces"][number] for portion in portions], notes, style)
        for number, (name, style) in enumerate(wish.forms)
    )
    severities = frozenset(severity for portion in portions for severity in portion["severities"])
    return Checked(reports, severities, problems)


def _made(found: Sequence[Found], wish: Wish) -> Iterator[Made]:
    """The portions of projects, in their order."""
    one = partial(_one, wish=wish)
    return in_several(one, [*map(_sent, found)]) if _pays(found) else map(one, found)


def _pays(found: Sequence[Found]) -> bool:
    """Whether processes of their own are faster. The executable without Python cannot start itself as one."""
    count = sum(len(one.project.migrations) for one in found)
    frozen = getattr(sys, "frozen", False)
    return len(found) > 1 and count >= WORTH and processors() > 1 and not frozen


def _sent(found: Found) -> Found:
    """Without what git said, which is in the project already, and twice as large."""
    return replace(found, git=GitSilence(""))


def _one(found: Found, wish: Wish) -> Made:
    """The portion of a project whose documents are not read yet."""
    files = DigestedFiles()
    migrations = tuple(replace(each, document=read(each.document.text)) for each in found.project.migrations)
    found = with_snapshots(replace(found, project=replace(found.project, migrations=migrations)), files)
    return _portion(analyse(found.project, found.settings, ALL), wish), files.digests


def _portion(analysis: Analysis, wish: Wish) -> str:
    severities = {finding.severity.value for finding in analysis.findings}
    pieces = [form(name).piece(analysis, style, wish.fails) for name, style in wish.forms]
    return json.dumps({"severities": sorted(severities), "pieces": pieces}, separators=(",", ":"))
