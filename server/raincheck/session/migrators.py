"""Which migrator a project runs by itself: what its sources import, and what its package.json calls.

Only what that tells for certain counts; tests, which run on databases of their own, do not.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from raincheck.project.runner.migrator import DRIVERS, Atomicity, Migrator, Release
from raincheck.project.static import imported

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from raincheck.engine.settings import Runner
    from raincheck.project.project import Project

_SOURCES = (".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx")
_MOST, _LARGEST = 20_000, 1_000_000
"""Files, and bytes of one; a longer one was written by a program."""
_BUILT = {"node_modules", "dist", "build", "out", "coverage", "vendor"}
_TESTS = re.compile(r"(?:^|/)(?:tests?|__tests__|spec|e2e|fixtures)/|\.(?:test|spec)\.[cm]?[jt]sx?$")
_MODULE = re.compile(rf"drizzle-orm/({'|'.join(DRIVERS)})(?:/pg)?/migrator")
_KIT = re.compile(r"\bdrizzle-kit\s+migrate\b")
_RUNNERS: dict[Atomicity, Runner] = {
    Atomicity.RUN: "transaction",
    Atomicity.BATCH: "transaction",
    Atomicity.STATEMENT: "statement",
    Atomicity.ROWS_LAST: "statement",
}
"""What a callback does (pg-proxy) is not in it: nobody can tell."""
_WHICH = "which of these deploys?"
_NONE = "nothing here calls a migrator; neon-http of 0.x and xata-http have no transaction"


def migrators(project: Project) -> dict[str, Runner | None]:
    """By what runs the migrations, in words, how it does; None where that cannot be told.

    Looks at the sources below the project's root, as many as there are up to a bound, and at package.json's scripts.
    """
    found: dict[str, Runner | None] = {}
    if _calls_kit(project.root):
        found["drizzle-kit migrate in package.json"] = "transaction"
    for path in islice(_sources(project.root), _MOST):
        for driver in sorted(_drivers(Path(project.root, path))):
            found[f"drizzle-orm/{driver}/migrator in {path}"] = _runner(project, driver)
    return found


def agreed(found: Mapping[str, Runner | None]) -> Runner | None:
    """What all of them do; None where they differ, where one cannot be told, and where there is none."""
    kinds = {*found.values()}
    return kinds.pop() if len(kinds) == 1 else None


def runner_setting(found: Mapping[str, Runner | None]) -> str:
    """The line of raincheck.toml that says what all of them do; where they differ, a comment with each."""
    if kind := agreed(found):
        return _commented(f'runner = "{kind}"', _printable("; ".join(found)))
    told = [f"#   {_printable(by)}: {how or 'cannot be told'}" for by, how in found.items()]
    why = _WHICH if found else _NONE
    return "\n".join([_commented('# runner = "statement"', why), *told])


def _commented(setting: str, why: str) -> str:
    return f"{setting:<32}# {why}"


def _printable(text: str) -> str:
    """As a comment in TOML may have it."""
    return "".join(each if each.isprintable() else "?" for each in text)


def _calls_kit(root: str) -> bool:
    try:
        scripts = json.loads(Path(root, "package.json").read_text("utf-8"))["scripts"].values()
        return any(_KIT.search(script) for script in scripts)
    except (OSError, ValueError, LookupError, AttributeError, TypeError):
        return False


def _sources(root: str) -> Iterator[str]:
    """Relative to the root, sorted in each folder."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _BUILT and not name.startswith("."))
        below = os.path.relpath(folder, root).replace(os.sep, "/")
        for name in sorted(files):
            path = posixpath.normpath(posixpath.join(below, name))
            if name.endswith(_SOURCES) and not _TESTS.search(path):
                yield path


def _drivers(path: Path) -> set[str]:
    """The drivers whose migrators a source imports. What cannot be read imports none."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return set()
        text = path.read_text("utf-8", "replace")
    except OSError:
        return set()
    modules = imported(text) if _MODULE.search(text) else ()
    return {named[1] for module in modules if (named := _MODULE.fullmatch(module))}


def _runner(project: Project, driver: str) -> Runner | None:
    """Where the releases that read this layout differ, nobody can tell."""
    releases = [Release.V0, Release.BETA] if project.layout == "journal" else [Release.BETA, Release.V1]
    kinds = {_RUNNERS.get(Migrator(release, driver).atomicity) for release in releases}
    return kinds.pop() if len(kinds) == 1 else None
