"""How severe a rule's findings are at a path: by the rule, by `[rules]`, by `[[overrides]]`, by the size of tables."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.engine.globs import matches
from raincheck.engine.sizing import NO_SIZING, Sizing, sizing_of
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from raincheck.engine.rule import Rule
    from raincheck.engine.settings import Level, Settings
    from raincheck.engine.sizing import Done
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Project


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of one project. What no rule owns is a danger."""

    defaults: Mapping[str, Severity | None]
    settings: Settings
    project: Project
    growing: frozenset[str] = frozenset()
    """The rules that sizes move."""
    sizing: Sizing = NO_SIZING
    _by_path: dict[str, Mapping[str, Level]] = field(default_factory=dict, compare=False)

    def speaks(self, rule: str) -> bool:
        """Whether a rule is on at any path."""
        if self.settings.severity(rule, self.default(rule)):
            return True
        return any(one.rules.get(rule, "off") != "off" for one in self.settings.overrides)

    def default(self, rule: str) -> Severity | None:
        return self.defaults.get(rule, Severity.DANGER)

    def said(self, rule: str, path: str) -> Level | None:
        """The level that the settings give a rule at a path; None where they say nothing."""
        return self._at(path).get(rule)

    def severity(self, rule: str, path: str) -> Severity | None:
        """How severe what a rule says at a path is by itself; None where it is off there."""
        level = self.said(rule, path)
        if level is None:
            return self.default(rule)
        return None if level == "off" else Severity(level)

    def set(self, finding: Finding, path: str) -> Iterator[Finding]:
        """The finding with the level that the settings give its rule there, where they give one; nothing where off."""
        level = self.said(finding.rule, path)
        if level is None:
            if self.default(finding.rule) is not None:
                yield finding
        elif level != "off":
            severity = Severity(level)
            yield finding if severity is finding.severity else replace(finding, severity=severity)

    def sized(self, finding: Finding, path: str, done: Iterable[Done]) -> Iterator[Finding]:
        """The same for a finding about steps, which sizes move where the settings give no level."""
        if finding.rule in self.growing:
            moves = self.said(finding.rule, path) is None
            finding = self.sizing.weighed(finding, done, moves=moves)
        return self.set(finding, path)

    def _at(self, path: str) -> Mapping[str, Level]:
        overrides = self.settings.overrides
        if not overrides:
            return self.settings.rules
        if path not in self._by_path:
            beside = beside_settings(self.project, path)
            levels = dict(self.settings.rules)
            for one in overrides:
                if any(matches(glob, beside) for glob in one.files):
                    levels.update(one.rules)
            self._by_path[path] = levels
        return self._by_path[path]


def levels_of(rules: Sequence[Rule], settings: Settings, project: Project, timeline: Timeline) -> Levels:
    defaults = {rule.name: rule.severity if rule.on else None for rule in rules}
    growing = frozenset(rule.name for rule in rules if rule.grows)
    return Levels(defaults, settings, project, growing, sizing_of(settings.sizes, timeline))


def idle_globs(project: Project, settings: Settings) -> Iterator[Finding]:
    """Globs of `[[overrides]]` that stand for no file of the project; quiet where others share its settings."""
    globs = [glob for one in settings.overrides for glob in one.files]
    if not globs or project.settings_path.startswith("../"):
        return
    files = [migration.path for migration in project.migrations]
    files += [project.journal_path, project.seal_path, project.settings_path, project.config_path or ""]
    for glob in globs:
        if not any(matches(glob, file) for file in files):
            at = (project.settings_text or "").find(glob)
            span = Span(at, at + len(glob)) if at >= 0 else None
            message = f"No file of this project is one of {glob}."
            help_ = "Globs count from the folder of raincheck.toml, as in drizzle/0004_*.sql."
            yield Finding("settings-invalid", Severity.RISK, message, help_, span, project.settings_path)


def beside_settings(project: Project, path: str) -> str:
    """A path of the project, relative to the folder of `raincheck.toml`, which several projects may share."""
    folder = posixpath.dirname(project.settings_path)
    if not folder:
        return posixpath.normpath(path)
    return posixpath.relpath(posixpath.join(project.root, path), posixpath.join(project.root, folder))
