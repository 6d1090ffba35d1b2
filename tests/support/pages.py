"""Rule pages as tests: each case on a page is written to disk as a Drizzle project and analysed by the session.

A page's cases stand below its heading "Cases", one a `###` heading. A case is made of fenced blocks:

- ```` ```sql ```` is a migration; `title="0001_name.sql"` names it (else it is numbered), and a title with a slash is
  any file of the project. Words behind it say more: `applied` (else it is pending), `sealed` (its text when
  `raincheck.sum` was written), `committed` (its text in git, on the branch that is deployed), `new` (not in git), `fixed` (what the first
  fix of the page's rule leaves), `unsettled` (nobody says what is applied), `crlf`, `bom` and `latin-1` (its bytes).
- ```` ```toml ```` is `raincheck.toml`; any other block with a title is that file; ```` ```text found ```` lists
  findings whose place holds no comment, one a line, as `path: danger: [rule]` or `path:line: danger: [rule]`.
- A trailing comment `-- danger: [rule]` (or `//`, `#`) says that this is found on its line. It is taken off before
  the file is written. What is expected and what is found must match one to one.

`lock-timeout-missing` would speak in nearly every case, `foreign-key-unindexed` in most that have a foreign key. They are
switched off (as an editor's settings would do) on all pages but their own.

Each fix that is offered, save those a person must finish, is applied to a copy and must hold: the result parses, the
finding is gone, none as severe appears, no breakpoint, quote or schema is lost, and the final schema is the same.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from raincheck.catalog.diff import diff
from raincheck.project.project import JOURNAL, SEAL
from raincheck.project.seal import render
from raincheck.rules.pages import page
from raincheck.session.pending import Selection
from raincheck.session.session import Options, Session
from raincheck.sql.chunks import BREAKPOINT
from raincheck.text import LineIndex, apply_edits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Fix

LOUD = ("lock-timeout-missing", "foreign-key-unindexed")
OUT = "drizzle"
FIRST_ID = "00000000-0000-0000-0000-000000000000"

_FENCE = re.compile(r"^```(?P<kind>\w+)(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"[ \t]*(?:--|//|#) (danger|risk|note): \[([a-z0-9-]+)\]")
_TITLE = re.compile(r'title="([^"]+)"')
_QUOTED = re.compile(r'"[^"\n]+"(?:\."[^"\n]+")?')
LONGEST_TITLE = 100
"""Code points that the title of a fix has at most, where the names in it are short."""


class Found(NamedTuple):
    """A finding, as a page expects it; `line` counts from 1, and is 0 where the place is no line of a file."""

    path: str
    line: int
    severity: str
    rule: str


@dataclass(frozen=True)
class Case:
    """One project with what is expected of it. `files` are by path; `tags` are the migrations of the journal."""

    rule: str
    title: str
    files: Mapping[str, str]
    tags: tuple[str, ...]
    applied: tuple[str, ...]
    expected: tuple[Found, ...]
    fixed: Mapping[str, str]
    sealed: Mapping[str, str] = field(default_factory=dict)
    committed: Mapping[str, str] = field(default_factory=dict)
    unsettled: bool = False
    new: frozenset[str] = frozenset()
    """Files that are not in git."""

    def __str__(self) -> str:
        return f"{self.rule}: {self.title}"


def cases(rule: str) -> list[Case]:
    """All cases on a rule's page."""
    _, _, below = page(rule).partition("\n## Cases\n")
    sections = re.split(r"^### (.+)$", below, flags=re.MULTILINE)
    return [_case(rule, title, text) for title, text in zip(sections[1::2], sections[2::2], strict=True)]


def check(case: Case, folder: Path) -> None:
    """Hold a case against what the session says, and every fix against its promises. `folder` is an empty one."""
    original = folder / "original"
    _write(case, original)
    session = _session(case, original)
    found = _findings(session, original)
    assert Counter(found) == Counter(case.expected), _compared(case, found)
    fixed = None
    for analysis in session.analyses():
        for finding in (one for found_here in analysis.findings for one in found_here.all):
            for fix in cures(analysis, finding):
                result = folder / f"fixed-{len(list(folder.iterdir()))}"
                hold(str(case), result, partial(_analysis, case), analysis, finding, fix)
                fixed = fixed or (result if finding.rule == case.rule else None)
    assert bool(fixed) >= bool(case.fixed), f"{case}: no fix is offered"
    for path, text in case.fixed.items():
        assert fixed is not None
        assert (fixed / path).read_bytes().decode() == text, f"{case}: {path} after the fix"


def analysed(case: Case, folder: Path) -> Analysis:
    """The analysis of a case, written into an empty folder."""
    _write(case, folder)
    return _analysis(case, folder)


def all_analyses(case: Case, folder: Path) -> tuple[Analysis, ...]:
    """The same, of all projects that a case has: some have none, some several."""
    _write(case, folder)
    return _session(case, folder).analyses()


def _case(rule: str, title: str, text: str) -> Case:
    files: dict[str, str] = {}
    tags: list[str] = []
    expected: list[Found] = []
    kept: dict[str, dict[str, str]] = {"fixed": {}, "sealed": {}, "committed": {}}
    applied: list[str] = []
    words: set[str] = set()
    new: set[str] = set()
    for fence in _FENCE.finditer(text):
        flags = set(_TITLE.sub("", fence["info"]).split())
        words |= flags
        if "found" in flags:
            expected += _listed(fence["text"])
            continue
        named = _TITLE.search(fence["info"])
        path = _path(fence["kind"], named[1] if named else f"{len(tags):04d}_migration.sql")
        content, marks = _unmarked(path, _bytes(fence["text"], flags))
        store = next((kept[flag] for flag in flags if flag in kept), files)
        store[path] = content
        if "new" in flags:
            new.add(path)
        if store is not files:
            continue
        expected += marks
        tag = path.removeprefix(f"{OUT}/").removesuffix("/migration.sql").removesuffix(".sql")
        if path.startswith(f"{OUT}/") and "/" not in tag and path.endswith(f"{tag}.sql"):
            tags.append(tag)
        if "applied" in flags:
            applied.append(tag)
    return Case(
        rule,
        title,
        files,
        tuple(tags),
        tuple(applied),
        tuple(expected),
        kept["fixed"],
        kept["sealed"],
        kept["committed"],
        "unsettled" in words,
        frozenset(new),
    )


def _path(kind: str, title: str) -> str:
    if kind == "toml":
        return "raincheck.toml"
    return title if "/" in title or kind != "sql" else f"{OUT}/{title}"


def _bytes(text: str, flags: set[str]) -> str:
    """The file that a block stands for: without the last line's end, as drizzle-kit writes."""
    text = text.removesuffix("\n")
    text = text.replace("\n", "\r\n") if "crlf" in flags else text
    text = text.encode("latin-1").decode("utf-8", "surrogateescape") if "latin-1" in flags else text
    return "\ufeff" + text if "bom" in flags else text


def _unmarked(path: str, text: str) -> tuple[str, list[Found]]:
    marks = [
        Found(path, number, *mark)
        for number, line in enumerate(text.split("\n"), 1)
        for mark in _MARK.findall(line)
    ]
    return _MARK.sub("", text), marks


def _listed(text: str) -> Iterator[Found]:
    for line in text.splitlines():
        path, at, severity, rule = re.fullmatch(r"(\S+?)(?::(\d+))?: (\w+): \[([a-z0-9-]+)\]", line).groups()
        yield Found(path, int(at or 0), severity, rule)


def _write(case: Case, root: Path) -> None:
    if case.committed:
        known = {path: text for path, text in case.files.items() if path not in case.new}
        _write_files(root, {**_around(case), **known, **case.committed})
        _commit(root)
        for path in case.committed.keys() - case.files.keys():
            (root / path).unlink()
    _write_files(root, {**_around(case), **case.files})
    if case.sealed:
        _write_files(root, {**_around(case), **case.files, **case.sealed})
        (analysis,) = _session(case, root).analyses()
        (root / OUT / SEAL).write_text(render(analysis.project.migrations[: len(case.applied)]))
        _write_files(root, case.files)


def _around(case: Case) -> dict[str, str]:
    """What drizzle-kit writes beside the migrations: the journal and the snapshots."""
    if f"{OUT}/{JOURNAL}" in case.files or not case.tags:
        return {}
    entries = [
        {"idx": n, "version": "7", "when": 1_790_000_000_000 + n * 1000, "tag": tag, "breakpoints": True}
        for n, tag in enumerate(case.tags)
    ]
    journal = {"version": "7", "dialect": "postgresql", "entries": entries}
    files = {f"{OUT}/{JOURNAL}": json.dumps(journal, indent=2)}
    previous = FIRST_ID
    for number, tag in enumerate(case.tags):
        snapshot = {"id": f"00000000-0000-4000-8000-{number:012d}", "prevId": previous, "version": "7"}
        previous = snapshot["id"]
        snapshot |= {"dialect": "postgresql", "tables": {}}
        files[f"{OUT}/meta/{tag.split('_')[0]}_snapshot.json"] = json.dumps(snapshot, indent=2)
    return files


def _write_files(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode("utf-8", "surrogateescape"))


def _commit(root: Path) -> None:
    """Everything as one commit on `main`, and another branch checked out."""
    who = ("-c", "user.name=Page", "-c", "user.email=page@localhost", "-c", "core.autocrlf=false")
    for command in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "Deploy")):
        subprocess.run(["git", *who, *command], cwd=root, check=True)
    subprocess.run(["git", "checkout", "-q", "-b", "feature"], cwd=root, check=True)


def _analysis(case: Case, root: Path) -> Analysis:
    (found,) = _session(case, root).analyses()
    return found


def _session(case: Case, root: Path) -> Session:
    quiet = {"rules": {rule: "off" for rule in LOUD if rule != case.rule}}
    settled = not case.unsettled and not case.committed
    since = case.applied[-1] if case.applied and settled else None
    selection = Selection(everything=settled and since is None, since=since)
    return Session(str(root), Options(selection, fallback=quiet))


def _findings(session: Session, root: Path) -> list[Found]:
    found = []
    for analysis in session.analyses():
        base = Path(analysis.project.root)
        found += (_found(root, base / (finding.path or ""), finding) for finding in analysis.findings)
    for problem in session.problems:
        path = Path(problem.path).resolve().relative_to(root.resolve()).as_posix()
        found.append(Found(path, 0, "note", problem.rule))
    return found


def _found(root: Path, path: Path, finding: Finding) -> Found:
    relative = path.resolve().relative_to(root.resolve()).as_posix()
    line = 0
    if path.is_file():
        start = finding.span.start if finding.span else 0
        line = LineIndex(path.read_bytes().decode("utf-8", "replace")).position(start)[0] + 1
    return Found(relative, line, finding.severity.value, finding.rule)


def _compared(case: Case, found: list[Found]) -> str:
    missing, unexpected = Counter(case.expected) - Counter(found), Counter(found) - Counter(case.expected)
    lines = [f"{case}", *(f"  expected, not found: {one}" for one in missing)]
    return "\n".join([*lines, *(f"  found, not expected: {one}" for one in unexpected)])


def cures(analysis: Analysis, finding: Finding) -> list[Fix]:
    """The fixes of a finding that nobody has to finish by hand."""
    rule = analysis.rule(finding.rule)
    found = list(rule.fixes(analysis, finding)) if rule else []
    for fix in found:  # which are lines of a menu
        assert len(_QUOTED.sub('"name"', fix.title)) <= LONGEST_TITLE, fix.title
    return [fix for fix in found if fix.safety != "manual"]


def hold(
    told: str,
    result: Path,
    analysed: Callable[[Path], Analysis],
    before: Analysis,
    finding: Finding,
    fix: Fix,
) -> None:
    """Apply a fix in a copy of its project at `result`, and hold it to what every fix promises."""
    root = Path(before.project.root)
    shutil.copytree(root, result)
    apply(root, result, fix)
    after = analysed(result)
    told = f"{told}: {fix.title}"
    assert "syntax-error" not in {one.rule for one in after.findings} - {
        one.rule for one in before.findings
    }, told
    old, new = _severities(before), _severities(after)
    assert new[finding.rule, finding.severity] < old[finding.rule, finding.severity], f"{told}: no cure"
    worse = [key for key in new - old if key[1].rank <= finding.severity.rank]
    assert not worse, f"{told}: brings {worse}"
    old_texts, new_texts = _texts(root), _texts(result)
    assert new_texts.count(BREAKPOINT) >= old_texts.count(BREAKPOINT), f"{told}: loses a breakpoint"
    if finding.rule != "migration-edited":  # it is there to take something back
        lost = set(_QUOTED.findall(old_texts)) - set(_QUOTED.findall(new_texts))
        assert not lost, f"{told}: loses {lost}"
        changes = diff(before.timeline.schema, after.timeline.schema)
        assert not changes, f"{told}: {', '.join(map(str, changes))}"


def apply(root: Path, result: Path, fix: Fix) -> None:
    """Carry out a fix, built from the project at `root`, in its copy at `result`."""
    for path, edits in fix.edits.items():
        text = (root / path).read_bytes().decode()
        (result / path).write_bytes(apply_edits(text, edits).encode())
    for path, text in fix.creates.items():
        place = result / path
        assert not place.exists(), f"{path} is there already"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode("utf-8", "surrogateescape"))


def _severities(analysis: Analysis) -> Counter:
    return Counter((one.rule, one.severity) for finding in analysis.findings for one in finding.all)


def _texts(root: Path) -> str:
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in sorted(root.rglob("*.sql")))
