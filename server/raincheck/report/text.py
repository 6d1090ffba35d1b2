"""The report for people: per project, per migration, per finding the place, the lock, why, and what to do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from raincheck.engine.finding import Severity
from raincheck.locks.words import blocked, done, name
from raincheck.plan.gate import Gate, of_migration, of_run, worst
from raincheck.report.excerpt import excerpt
from raincheck.report.locked import locked, strongest, unknowns, weight
from raincheck.report.offers import cures
from raincheck.report.places import Sources
from raincheck.report.style import hanging, paragraphs
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Related
    from raincheck.engine.step import Step
    from raincheck.locks.effects import Work
    from raincheck.locks.modes import Mode
    from raincheck.project.project import Layout, Migration, PendingFrom
    from raincheck.report.style import Style

MOST_NAMES = 4
"""How many relations of a statement are named that are locked alike."""
MOST_CLEAN = 12
"""How many migrations in a row without findings get a line each."""

_COLOURS: dict[Severity | Gate, str] = {
    Severity.DANGER: "red",
    Severity.RISK: "yellow",
    Severity.NOTE: "blue",
    Gate.RED: "red",
    Gate.YELLOW: "yellow",
    Gate.GREEN: "green",
}
_NO_PLACE = (None, Span(0, 0))
"""What is said of a file as a whole."""
_LAYOUTS: dict[Layout, str] = {
    "journal": "journal layout",
    "folder": "folder layout",
    "loose": "no Drizzle project",
}
_ALONE = "What these files do not create themselves is taken as existing."
_DEPLOYED = "the deployed one"
_PENDING: dict[PendingFrom, str] = {
    "database": f"Pending is what {_DEPLOYED} has not run.",
    "seal": "Pending is what raincheck.sum does not list.",
    "git": f"Pending is what this branch adds to {_DEPLOYED}, by git.",
    "since": "Pending is what comes after the tag given.",
    "all": "Every migration is taken as pending, as asked: one run on an empty database.",
    "unknown": "Nobody can tell what is pending, so every migration is taken as pending, and what earlier ones create "
    "as existing; --since TAG or --base REF says it.",
}
_TARGETS = {
    "settings": "",
    "server": ", the server's version",
    "default": " (assumed; `postgres` in raincheck.toml or --postgres sets it)",
}


@dataclass(frozen=True, slots=True)
class _Page:
    """One project on its way to paper."""

    analysis: Analysis
    sources: Sources
    style: Style

    def shown(self, path: str) -> str:
        """A path of the project as the reader knows it."""
        return self.style.path(self.analysis.project.absolute(path))


def piece(analysis: Analysis, style: Style, _: Collection[Severity]) -> dict[str, Any]:
    return {"lines": [*_project(_Page(analysis, Sources(analysis), style))], **_counts(analysis)}


def whole(pieces: Sequence[Any], notes: Sequence[str], style: Style) -> str:
    lines: list[str] = []
    for note in notes:
        lines += [*paragraphs(f"note: {note}", style.width), ""]
    for each in pieces:
        lines += each["lines"]
    lines += _summary(pieces, style)
    return "\n".join(lines) + "\n"


def _project(page: _Page) -> Iterator[str]:
    yield from _header(page)
    by_path = page.analysis.by_path
    migrations = page.analysis.project.migrations
    elsewhere = by_path.keys() - {migration.path for migration in migrations}
    for path in sorted(elsewhere):
        yield page.style.paint(page.shown(path), "bold")
        yield from _findings(page, by_path[path])
    for has_findings, group in groupby(migrations, lambda migration: migration.path in by_path):
        if has_findings:
            for migration in group:
                yield _title(page, migration)
                yield from _findings(page, by_path[migration.path])
        else:
            yield from _clean(page, [migration for migration in group if migration.pending])


def _header(page: _Page) -> Iterator[str]:
    project, style = page.analysis.project, page.style
    pending = sum(migration.pending for migration in project.migrations)
    alone = project.layout == "loose" and len(project.migrations) == 1
    name = page.shown(project.migrations[0].path if alone else project.out)
    yield f"{style.paint(name, 'bold')}  {_count('migration', len(project.migrations))}, {pending} pending, {_LAYOUTS[project.layout]}"
    yield from paragraphs(basis(page.analysis), style.width)
    yield ""


def basis(analysis: Analysis) -> str:
    """Who says what is pending, the version that is answered for, and where sizes come from; in sentences."""
    project = analysis.project
    told = _ALONE if project.layout == "loose" else _PENDING[project.pending_from]
    if project.deployed:
        told = told.replace(_DEPLOYED, project.deployed)
    return f"{told} {versions(analysis)}"


def versions(analysis: Analysis) -> str:
    """The version that is answered for, and where sizes come from; in sentences."""
    settings = analysis.settings
    sized = f" Sizes of tables: {'; '.join(settings.sizes.sources)}." if settings.sizes else ""
    return f"PostgreSQL {settings.target}{_TARGETS[settings.target_from]}.{sized}"


def _title(page: _Page, migration: Migration, *, why: bool = False) -> str:
    """The path of a migration and its gate, with what decided it where `why`; its state where it does not run."""
    verdict = of_migration(page.analysis, migration)
    path = page.style.paint(page.shown(migration.path), "bold")
    if verdict is None:
        return f"{path}  {page.style.paint(migration.state.value, 'dim')}"
    because = f" ({verdict.because})" if why and verdict.because else ""
    return f"{path}  {page.style.paint(verdict.gate.value, _COLOURS[verdict.gate])}{because}"


def _clean(page: _Page, migrations: Sequence[Migration]) -> Iterator[str]:
    shown = migrations if len(migrations) <= MOST_CLEAN else migrations[: MOST_CLEAN - 1]
    for migration in shown:
        steps = page.analysis.steps_by_path.get(migration.path, ())
        yield f"{_title(page, migration, why=True)}  {page.style.paint(_strongest(steps), 'dim')}"
    if len(shown) < len(migrations):
        rest = migrations[len(shown) :]
        steps = [step for one in rest for step in page.analysis.steps_by_path.get(one.path, ())]
        yield page.style.paint(f"and {len(rest)} more without findings: {_strongest(steps)}", "dim")
    if shown:
        yield ""


def _strongest(steps: Sequence[Step]) -> str:
    if not steps:
        return "no statement"
    found = strongest(steps)
    if found is None:
        return "locks no existing table"
    return f"{found.mode.sql} on {found.relation}, {done(found.work)}"


def _findings(page: _Page, findings: Sequence[Finding]) -> Iterator[str]:
    told: set[int] = set()
    for finding in findings:
        yield ""
        yield from _finding(page, finding, with_locks=finding.step not in told)
        if finding.step is not None:
            told.add(finding.step)
    yield ""


def _finding(page: _Page, finding: Finding, *, with_locks: bool) -> Iterator[str]:
    style = page.style
    severity = style.paint(finding.severity.value, "bold", _COLOURS[finding.severity])
    yield f"  {severity} {style.paint(finding.rule, 'bold')}  {_place(page, finding.path or '', finding.span)}"
    lines = page.sources[finding.path]
    if lines is not None and finding.span not in _NO_PLACE and lines.text:
        yield from (
            _coloured(row, finding.severity, style) for row in excerpt(lines, finding.span, style.width - 4)
        )
    yield from (f"    {line}".rstrip() for line in paragraphs(finding.message, style.width - 4))
    if finding.step is not None and with_locks:
        yield from hanging("locks", _locks(page.analysis.timeline.steps[finding.step]), style)
    if finding.help:
        yield from hanging("help", finding.help, style)
    for fix in cures(page.analysis, finding):
        yield from hanging("fix", f"{fix.title} ({fix.safety})", style)
    for related in finding.related:
        yield from hanging("see", _related(page, related, finding), style)


def _coloured(row: str, severity: Severity, style: Style) -> str:
    """A row of an excerpt: the margin dim, carets and marks in the severity's colour."""
    margin, bar, text = row.partition("│")
    if text.strip(" ^") == "":
        text = style.paint(text, _COLOURS[severity])
    return f"    {style.paint(margin + bar, 'dim')}{text}"


def _place(page: _Page, path: str, span: Span | None) -> str:
    lines = page.sources[path]
    if lines is None or span in _NO_PLACE:
        return page.shown(path)
    line, column = lines.position(span.start)
    return f"{page.shown(path)}:{line + 1}:{column + 1}"


def _locks(step: Step) -> str:
    """A line for each mode and work, with the relations it is about."""
    alike: dict[tuple[Mode, Mode | None, tuple[Work, ...]], list[str]] = {}
    for one in locked(step):
        if one.existing:
            alike.setdefault((one.mode, one.working, one.work), []).append(str(one.relation))
    lines = [
        f"{name(mode, working)} on {_listed(names)}: {blocked(working or mode)}; {done(work)}"
        for (mode, working, work), names in alike.items()
    ]
    return "\n".join([*lines, *(f"not known: {reason}" for reason in unknowns(step))])


def _listed(names: Sequence[str]) -> str:
    shown = (
        names
        if len(names) <= MOST_NAMES
        else [*names[: MOST_NAMES - 1], f"{len(names) - MOST_NAMES + 1} more"]
    )
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _related(page: _Page, related: Related, finding: Finding) -> str:
    path, span = related.path, related.span
    if related.step is not None:
        path, whole = page.analysis.place(related.step)
        span = whole if span is None else span.shifted(whole.start)
    if not path or (path, span) == (finding.path, finding.span):
        return related.message
    return f"{_place(page, path, span)} {related.message}"


def _summary(pieces: Sequence[Any], style: Style) -> Iterator[str]:
    hidden, pending, statements = (
        sum(each[what] for each in pieces) for what in ("hidden", "pending", "statements")
    )
    gate = worst(Gate(each["gate"]) for each in pieces)
    checked = f"{_count('pending migration', pending)}, {_count('statement', statements)}"
    verdict = f"Gate: {style.paint(gate.value, 'bold', _COLOURS[gate])}, {gate.asks}."
    if hidden:
        known = "1 finding is" if hidden == 1 else f"{hidden} findings are"
        yield f"{known} in raincheck.baseline.json and not told again; --no-baseline tells {'it' if hidden == 1 else 'them'}."
    counted = {severity: sum(each["counts"][severity.rank] for each in pieces) for severity in Severity}
    if not any(counted.values()) and not pending:
        yield "No migration is pending, and nothing is wrong with those that are applied."
        return
    if not any(counted.values()):
        locks = [each["lock"] for each in pieces if each["lock"]]
        lock = f" Strongest lock: {max(locks, key=itemgetter(0))[1]}." if locks else ""
        yield from paragraphs(f"Nothing {'new ' if hidden else ''}to say about {checked}.{lock}", style.width)
        yield verdict
        return
    said = (style.paint(f"{count} {one}", _COLOURS[one]) for one, count in counted.items() if count)
    yield f"{', '.join(said)} in {checked}."
    yield verdict
    if found := [each["first"] for each in pieces if each["first"]]:
        rule = min(found, key=itemgetter(0))[1]
        yield style.paint(f"`raincheck explain {rule}` tells more about it.", "dim")


def _counts(analysis: Analysis) -> dict[str, Any]:
    """What the summary needs to know of one project."""
    counted = Counter(finding.severity for finding in analysis.findings)
    steps = [step for step in analysis.timeline.steps if step.pending]
    lock = strongest(steps)
    explained = {rule.name for rule in analysis.rules}
    told = [
        (finding.severity.rank, finding.rule) for finding in analysis.findings if finding.rule in explained
    ]
    return {
        "counts": [counted[severity] for severity in sorted(Severity, key=lambda one: one.rank)],
        "pending": sum(migration.pending for migration in analysis.project.migrations),
        "statements": len(steps),
        "hidden": analysis.hidden,
        "gate": of_run([analysis]),
        "lock": (weight(lock), _strongest(steps)) if lock else None,
        "first": min(told, key=itemgetter(0), default=None),
    }


def _count(word: str, count: int) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
