"""Proving a fix: an original and a fixed project, run by the real drizzle-orm on a real server, and what each leaves.

`tests/drizzle/test_fix_proofs.py` holds every case of `tests/drizzle/fix_cases/` against it.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from raincheck.session.pending import Selection
from raincheck.session.session import Options, Session
from support.drizzle import Outcome, ask
from support.pages import apply
from support.server_schema import Held, held, journalled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Fix
    from support.drizzle import Version
    from support.fix_cases import FixCase
    from support.pg import Server

CASES = Path(__file__).resolve().parents[1] / "drizzle" / "fix_cases"
LOUD = "lock-timeout-missing"
MOST_FIXES = 8
LARGE = 10
"""Rows from which a table counts as large: reading all of them is work that grows with it."""


@cache
def cases() -> tuple[FixCase, ...]:
    """All cases, in the order of the files' names."""
    found: list[FixCase] = []
    for path in sorted(CASES.glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"fix_cases_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found += module.CASES
    names = [case.name for case in found]
    assert len(names) == len(set(names)), f"cases of one name: {sorted(names)}"
    return tuple(found)


@dataclass(frozen=True)
class Runs:
    """One case under one version of drizzle-orm, on one server."""

    case: FixCase
    version: Version
    server: Server
    folder: Path
    """An empty one, for the projects."""

    def original(self) -> Path:
        return project(self.folder / "original", self.version, (self.case.base, *self.case.pending))

    def wanted(self) -> Path:
        """The project whose schema the fixed one must end in."""
        if not self.case.same_as:
            return self.folder / "original"
        return project(self.folder / "wanted", self.version, (self.case.base, *self.case.same_as))

    def fixed(self) -> Path:
        return fixed(self.folder / "original", self.folder / "fixed", self.case, self.server.major)[0]

    @contextmanager
    def deployed(self) -> Iterator[str]:
        """A database in which the first migration was run, some time ago."""
        base = project(self.folder / "base", self.version, (self.case.base,))
        with self.server.database() as dsn:
            outcome = self.migrate(base, dsn)
            assert outcome.ok, f"{self.case.name}: its first migration fails: {outcome}"
            yield dsn

    @contextmanager
    def copy(self, dsn: str) -> Iterator[str]:
        """A copy of a database that nobody is connected to."""
        with self.server.database(like=dsn.partition("@/")[2].partition("?")[0]) as other:
            yield other

    def migrate(self, root: Path, dsn: str) -> Outcome:
        return ask(self.version, dsn, root / "drizzle").outcome

    def deploys(self, root: Path) -> list[Path | str]:
        """What is done with the fixed project: runs of the migrator, and the SQL that somebody runs in between."""
        if not self.case.between:
            return [root]
        early = self.folder / "early"
        if not early.exists():
            shutil.copytree(root, early, symlinks=True)
            without_last(early)
        return [early, self.case.between, root]

    def deploy(self, what: Path | str, dsn: str) -> None:
        """Do one of them, which goes well."""
        if isinstance(what, str):
            execute(dsn, what)
            return
        outcome = self.migrate(what, dsn)
        assert outcome.ok, f"{self.case.name}, {what.name}: {outcome}"

    def cut(self, root: Path, dsn: str, at: int, within: bool) -> None:  # noqa: FBT001
        """Run the migrator, whose connection is cut when it sends a query, or while the server works at that."""
        answer = ask(self.version, dsn, root / "drizzle", disturb={"at": at, "within": within})
        assert not answer.outcome.ok, f"{self.case.name}: not cut at {at}: {answer.seen}"

    def recorded(self, dsn: str) -> int:
        return len(journalled(dsn))


def execute(dsn: str, sql: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(sql)


def project(root: Path, version: str, texts: Sequence[str]) -> Path:
    """A project in the layout of a version, with these migrations."""
    (root / ".git").mkdir(parents=True)  # nothing above it is looked at
    return _folders(root, texts) if version == "v1" else _journal(root, texts)


def without_last(root: Path) -> None:
    """Take the last migration away."""
    journal = root / "drizzle" / "meta" / "_journal.json"
    if not journal.exists():
        shutil.rmtree(max(path for path in (root / "drizzle").iterdir() if path.is_dir()))
        return
    content = json.loads(journal.read_text())
    content["entries"].pop()
    journal.write_text(json.dumps(content))


def chosen(analysis: Analysis, case: FixCase) -> tuple[Finding, Fix] | None:
    """The fix that the case is about, for the first finding of its rule that has it."""
    for finding in analysis.findings:
        for one, fix in analysis.fixes(finding):
            named = case.title in fix.title if case.title else not fix.title.startswith("Allow ")
            if one.rule == case.rule and named:
                return one, fix
    return None


def fixed(original: Path, into: Path, case: FixCase, postgres: int) -> tuple[Path, list[Fix]]:
    """A copy in which each finding of the rule is cured, one fix after the other, and those fixes."""
    shutil.copytree(original, into, symlinks=True)
    fixes: list[Fix] = []
    while found := chosen(analysed(into, postgres, case.rule), case):
        apply(into, into, found[1])
        fixes.append(found[1])
        assert len(fixes) < MOST_FIXES, f"{case.name}: {case.rule} is never cured"
    assert fixes, f"{case.name}: {case.rule} finds nothing that has such a fix"
    return into, fixes


def analysed(root: Path, postgres: int, rule: str = "") -> Analysis:
    """The analysis of a project whose first migration is applied; `rule` is what it is for."""
    override, quiet = {"postgres": postgres}, {} if rule == LOUD else {"rules": {LOUD: "off"}}
    (everything,) = Session(str(root), Options(Selection(everything=True), override=override)).analyses()
    since = everything.project.migrations[0].tag
    options = Options(Selection(since=since), fallback=quiet, override=override)
    (found,) = Session(str(root), options).analyses()
    return found


def differing(case: FixCase, wanted: Held, found: Held) -> list[str]:
    """What is not the same in two databases, save for what the fix says it changes."""
    one, other = wanted.without(case.differs), found.without(case.differs)
    missing = [f"only wanted: {' | '.join(fact)}" for fact in sorted(one.facts - other.facts)]
    added = [f"only fixed: {' | '.join(fact)}" for fact in sorted(other.facts - one.facts)]
    rows = [f"rows of {table}" for table in one.rows if one.rows[table] != other.rows.get(table)]
    return [*missing, *added, *(rows if case.same_rows else ())]


def interruptions(runs: Runs, root: Path, dsn: str) -> Iterator[tuple[str, bool]]:
    """Each query that the migrator sends for this project on this database, and whether to stop in its midst."""
    with runs.copy(dsn) as other:
        answer = ask(runs.version, other, root / "drizzle", disturb={"at": 0})
    assert answer.outcome.ok, f"{runs.case.name}: {answer.outcome}"
    for number, seen in enumerate(answer.seen, 1):
        yield number, False
        if "CONCURRENTLY" in seen["text"].upper():
            yield number, True


def work_under_lock(runs: Runs, root: Path, dsn: str) -> tuple[list[str], list[str]]:
    """Run the project; gives the queries in whose time nobody could write to the table, and those of them that also
    read a large table whole.
    """
    table = runs.case.blocks
    before = {name: len(rows) for name, rows in held(dsn).rows.items()}
    answer = ask(runs.version, dsn, root / "drizzle", disturb={"table": table})
    assert answer.outcome.ok, f"{runs.case.name}: {answer.outcome}"
    locked = [seen for seen in answer.seen if any(seen.get("blocked", {}).values())]
    return [seen["text"] for seen in locked], [
        seen["text"] for seen in locked if _whole(seen["reads"], before)
    ]


def _whole(reads: dict[str, int], rows: dict[str, int]) -> bool:
    return any(
        reads.get(name, reads.get(name.removeprefix("public."), 0)) >= count >= LARGE
        for name, count in rows.items()
    )


def _journal(root: Path, texts: Sequence[str]) -> Path:
    meta = root / "drizzle" / "meta"
    meta.mkdir(parents=True)
    entries = []
    for number, text in enumerate(texts):
        tag = f"{number:04d}_m"
        when = 1_790_000_000_000 + number
        entries.append({"idx": number, "version": "7", "when": when, "tag": tag, "breakpoints": True})
        (root / "drizzle" / f"{tag}.sql").write_text(text)
        snapshot = {"id": f"id{number}", "prevId": f"id{number - 1}", "version": "7", "dialect": "postgresql"}
        (meta / f"{number:04d}_snapshot.json").write_text(json.dumps({**snapshot, "tables": {}}, indent=2))
    journal = {"version": "7", "dialect": "postgresql", "entries": entries}
    (meta / "_journal.json").write_text(json.dumps(journal, indent=2))
    return root


def _folders(root: Path, texts: Sequence[str]) -> Path:
    for number, text in enumerate(texts):
        folder = root / "drizzle" / f"202611221200{number:02d}_m"
        folder.mkdir(parents=True)
        (folder / "migration.sql").write_text(text)
        snapshot = {"type": "diff" if number else "base", "version": "9", "dialect": "postgres"}
        snapshot |= {"id": f"id{number}", "prevIds": [f"id{number - 1}"], "footprints": []}
        (folder / "snapshot.json").write_text(json.dumps({**snapshot, "deltas" if number else "ddl": []}))
    return root
