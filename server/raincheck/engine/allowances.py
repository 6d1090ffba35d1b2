"""Findings that the team has accepted, in comments of pending files and in `[[allow]]` of `raincheck.toml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from raincheck.engine.settings import AllowEntry, Settings
    from raincheck.project.project import Project
    from raincheck.text import Span

UNUSED = "allowance-unused"
WITHOUT_REASON = "allowance-without-reason"
EXPIRED = "allowance-expired"
PLACEHOLDER = "<why this is right here>"
"""Stands for a reason that somebody has to write; anything in angle brackets counts as none."""

_PLACEHOLDER = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class _Permit:
    """One rule, allowed at one place. `covers` is the statement's span; None for the whole file."""

    path: str
    rule: str
    covers: Span | None
    written: tuple[str, Span | None]
    """Where the allowance itself stands: a path and a span."""
    migration: str = ""
    """The tag, for an entry that names a migration the project does not have."""

    def allows(self, finding: Finding) -> bool:
        inside = (
            self.covers is None
            or finding.span is None
            or finding.span.end == 0  # it is about the file
            or self.covers.start <= finding.span.start <= self.covers.end
        )
        return inside and finding.path == self.path and finding.rule == self.rule


def judge(
    findings: Sequence[Finding], project: Project, settings: Settings, rules: Collection[str]
) -> tuple[Finding, ...]:
    """Take away the findings (at absolute places) that are allowed; add those about the allowances themselves.

    `rules` are the names that there are.
    """
    permits = [*_comments(project), *_entries(project, settings)]
    by_file: dict[tuple[str | None, str], list[_Permit]] = {}
    for permit in permits:
        by_file.setdefault((permit.path, permit.rule), []).append(permit)
    kept: list[Finding] = []
    used: set[_Permit] = set()
    for finding in findings:
        hits = [permit for permit in by_file.get((finding.path, finding.rule), ()) if permit.allows(finding)]
        used.update(hits)
        if not hits:
            kept.append(finding)
    shared = project.settings_path.startswith("../")
    settled = {migration.path for migration in project.migrations if not migration.pending}
    idle = [
        _unused(permit, rules)
        for permit in permits
        if permit not in used
        and permit.written[0] not in settled  # it has done its work, and the text must not change
        and not (shared and permit.migration)
        and not _misspelt_entry(permit, rules)
    ]
    about = [*idle, *_unreasoned(project, settings, rules), *_expired(project, settings, shared=shared)]
    kept += [told for told in about if settings.severity(told.rule, told.severity)]
    return tuple(kept)


def _comments(project: Project) -> Iterator[_Permit]:
    for migration in project.migrations:
        document = migration.document
        for allowance in document.allowances:
            if not _is_reason(allowance.reason):
                continue
            at = allowance.statement
            covers = allowance.span if at is None else document.statements[at].span
            for rule in allowance.rules:
                yield _Permit(migration.path, rule, covers, (migration.path, allowance.span))


def _entries(project: Project, settings: Settings) -> Iterator[_Permit]:
    paths = {migration.tag: migration.path for migration in project.migrations}
    for entry in settings.allow:
        if _is_reason(entry.reason) and not _is_over(entry, settings):
            path = paths.get(entry.migration, "")
            missing = "" if path else entry.migration
            yield _Permit(path, entry.rule, None, (project.settings_path, None), missing)


def _is_over(entry: AllowEntry, settings: Settings) -> bool:
    return entry.expires is not None and settings.today is not None and entry.expires < settings.today


def _expired(project: Project, settings: Settings, *, shared: bool) -> Iterator[Finding]:
    """What is said of entries whose time is over; of those for another project that shares the file, nothing."""
    for entry in settings.allow:
        here = project.migration(entry.migration) is not None
        if _is_over(entry, settings) and (here or not shared):
            message = f"The allowance of {entry.rule} in {entry.migration} ended on {entry.expires}, and allows nothing."
            help_ = (
                "Cure what it allowed and remove it, or give it a later date where the reason still holds."
            )
            yield Finding(EXPIRED, Severity.RISK, message, help_, path=project.settings_path)


def _misspelt_entry(permit: _Permit, rules: Collection[str]) -> bool:
    """Whether the settings file itself is told that there is no such rule."""
    return permit.covers is None and permit.rule not in rules


def _unused(permit: _Permit, rules: Collection[str]) -> Finding:
    where = f" in {permit.path}" if permit.covers is None and permit.path else ""
    why, help_ = f"{permit.rule} finds nothing{where or ' here'}", "Remove it."
    if permit.rule not in rules:
        near = get_close_matches(permit.rule, rules, 1)
        why = f"there is no rule {permit.rule}"
        help_ = f"Did you mean {near[0]}?" if near else "`raincheck explain` lists the rules."
    elif permit.migration:
        why = f"there is no migration {permit.migration}"
    path, span = permit.written
    message = f"This allowance hides nothing: {why}."
    return Finding(UNUSED, Severity.NOTE, message, help_, span, path, tag="unnecessary")


def _is_reason(text: str) -> bool:
    return bool(text) and not _PLACEHOLDER.fullmatch(text)


def _unreasoned(project: Project, settings: Settings, rules: Collection[str]) -> Iterator[Finding]:
    message = "An allowance needs a reason; without one it allows nothing."
    for migration in project.migrations:
        for allowance in migration.document.allowances:
            if not _is_reason(allowance.reason):
                named = [rule for rule in allowance.rules if rule in rules] or allowance.rules[:1]
                wanted = f"-- raincheck: allow {', '.join(named)} because <reason>"
                yield Finding(WITHOUT_REASON, Severity.RISK, message, wanted, allowance.span, migration.path)
    for entry in settings.allow:
        if not _is_reason(entry.reason):
            wanted = f"Write why {entry.rule} is right in {entry.migration}."
            yield Finding(WITHOUT_REASON, Severity.RISK, message, wanted, path=project.settings_path)
