"""Findings that were written down once, so that only new ones are told: what `raincheck.baseline.json` holds.

A finding is known by its file, its rule and the tokens of its statement: moved lines, other statements, white space and
comments do not make it new. Equal ones are counted, so one more than were written down is new. What is said of an
applied migration as a whole goes by the file's hash, since any edit of it is news.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from raincheck.engine.finding import Finding, Severity
from raincheck.engine.levels import beside_settings
from raincheck.project.project import State
from raincheck.sql.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Migration, Project

OUTDATED = "baseline-outdated"
_LONGEST = 80
"""Characters of a statement that the file shows for people."""


class Key(NamedTuple):
    """What a finding is known by; `path` counts from the folder of `raincheck.toml`."""

    path: str
    rule: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Entry:
    """How many findings of one key there are. `statement` is the beginning of theirs, and empty for a file's."""

    key: Key
    count: int
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What was written down. `path` is the file, relative to the project's root."""

    path: str
    entries: Mapping[Key, Entry] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recognised:
    """The findings that are new, how many were known, and the entries that nothing matched."""

    new: tuple[Finding, ...]
    hidden: int
    idle: tuple[Entry, ...]


def entries(findings: Iterable[Finding], project: Project, timeline: Timeline) -> list[Entry]:
    """What to write down of findings (at absolute places, each for itself)."""
    fingerprints = _Fingerprints(project, timeline)
    found = [(fingerprints.key(finding), fingerprints.statement(finding)) for finding in findings]
    counted = Counter(key for key, _ in found)
    shown = {key: " ".join(text.split())[:_LONGEST] for key, text in found}
    return [Entry(key, counted[key], shown[key]) for key in sorted(counted)]


def recognised(findings: Sequence[Finding], known: Known, project: Project, timeline: Timeline) -> Recognised:
    """Take away the findings (at absolute places, each for itself) that are known; of equal ones the first."""
    fingerprints = _Fingerprints(project, timeline)
    left = Counter({key: entry.count for key, entry in known.entries.items()})
    new: list[Finding] = []
    for finding in findings:
        key = fingerprints.key(finding)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(finding)
    idle = (entry for key, entry in known.entries.items() if left[key] > 0)
    ours = tuple(entry for entry in idle if fingerprints.judges(entry))
    return Recognised(tuple(new), len(findings) - len(new), ours)


def outdated(found: Recognised, known: Known) -> tuple[Finding, ...]:
    """One note about all entries that match nothing any more."""
    count = sum(entry.count for entry in found.idle)
    if not count:
        return ()
    first = found.idle[0].key
    entries = "1 entry" if len(found.idle) == 1 else f"{len(found.idle)} entries"
    message = f"{entries} of this baseline match{'es' if len(found.idle) == 1 else ''} nothing any more, or fewer findings than written down; the first: {first.rule} in {first.path}."
    help_ = "`raincheck check --write-baseline` writes it anew, so that they are heard if they come back."
    return (Finding(OUTDATED, Severity.NOTE, message, help_, path=known.path, tag="unnecessary"),)


def identities(findings: Sequence[Finding], project: Project, timeline: Timeline) -> list[str]:
    """What tells findings (at absolute places) from all others, and stays when lines move or other statements change.

    64 hexadecimal digits each; equal ones are counted, as they are in a baseline.
    """
    fingerprints = _Fingerprints(project, timeline)
    seen: Counter[Key] = Counter()
    told = []
    for finding in findings:
        key = fingerprints.key(finding)
        told.append(_digest("\n".join((*key, str(seen[key])))))
        seen[key] += 1
    return told


class _Fingerprints:
    """The keys of one project's findings."""

    def __init__(self, project: Project, timeline: Timeline) -> None:
        self._project = project
        self._timeline = timeline
        self._migrations = {migration.path: migration for migration in project.migrations}
        self._beside: dict[str, str] = {}

    def key(self, finding: Finding) -> Key:
        path = finding.path or ""
        text = self.statement(finding)
        said = normal(text) if text else self._of_file(finding, self._migrations.get(path))
        return Key(self._path(path), finding.rule, _digest(said)[:16])

    def statement(self, finding: Finding) -> str:
        return "" if finding.step is None else self._timeline.steps[finding.step].statement.text

    def judges(self, entry: Entry) -> bool:
        """Whether it would be found now if it were still there: not in another project, nor in what is applied since."""
        out = self._path(self._project.out).rstrip("/") + "/"
        own = {self._path(path): migration for path, migration in self._migrations.items()}
        migration = own.get(entry.key.path)
        if migration is None:
            return entry.key.path.startswith(out)
        return migration.pending or not entry.statement

    def _of_file(self, finding: Finding, migration: Migration | None) -> str:
        if migration is None:
            return ""
        if migration.state in {State.APPLIED, State.SKIPPED} or finding.span is None:
            return migration.digest if not migration.pending else ""
        return normal(migration.document.text[finding.span.start : finding.span.end])

    def _path(self, path: str) -> str:
        if path not in self._beside:
            beside = beside_settings(self._project, path)
            self._beside[path] = beside.encode("utf-8", "replace").decode("utf-8")  # names that are not UTF-8
        return self._beside[path]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def normal(sql: str) -> str:
    """The tokens of SQL, without white space and comments."""
    return " ".join(sql[token.start : token.end] for token in tokens(sql))
