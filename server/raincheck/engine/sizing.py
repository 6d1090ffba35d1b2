"""What the sizes of tables change: how severe work on them is, and what is said of it.

This is the one place where they do. Which work an action does on which relation is what its effects say; a rule only
says (`grows`) that it warns of just that, and not of lost data, failures or code that breaks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from raincheck.catalog.schema import EMPTY, Index, Schema, Table, View
from raincheck.engine.durations import duration
from raincheck.engine.finding import Finding, Severity
from raincheck.engine.size_words import about, as_sentence
from raincheck.engine.sizes import NO_SIZES, Size, SizeClass, Sizes
from raincheck.locks.modes import Mode
from raincheck.locks.work import Work
from raincheck.sql.names import Name
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.engine.settings import Settings
    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline
    from raincheck.locks.effects import Effects
    from raincheck.project.project import Project

GROWING = frozenset({Work.SCAN, Work.INDEX_BUILD, Work.REWRITE, Work.ROWS})
"""Work that takes the longer the larger the table is."""

Done = tuple["Step", "Iterable[Effects]"]
"""A step, and the effects of those of its actions that are spoken of."""

_RAISED = {Severity.RISK: Severity.DANGER}
_LOWERED = {Severity.DANGER: Severity.RISK, Severity.RISK: Severity.NOTE}


@dataclass(frozen=True, slots=True)
class Worked:
    """Work that others wait for: the table it goes by, what is done, and how large the table is where that is known."""

    table: Name
    work: tuple[Work, ...]
    size: Size | None

    @property
    def duration(self) -> str:
        """An order of magnitude, where the size was measured; else empty."""
        return duration(self.work, self.size.figures) if self.size and self.size.figures else ""


@dataclass(frozen=True, slots=True)
class Sizing:
    """Sizes as steps ask for them: by the name that a table had when the pending run began."""

    sizes: Sizes = NO_SIZES
    began: Schema = EMPTY

    def of(self, step: Step, relation: Name) -> Size | None:
        """The size of a relation that a step works at, of an index its table's; None for what is new in the run."""
        if not self.sizes or not step.exists(relation):
            return None
        return self.sizes.of(self._before_the_run(step, self.table(step, relation)))

    def table(self, step: Step, relation: Name) -> Name:
        """The table by which work on a relation goes: itself, or that of an index."""
        found = step.before.relation(relation)
        return found.table if isinstance(found, Index) else step.before.resolve(relation)

    def weighed(self, finding: Finding, done: Iterable[Done], *, moves: bool = True) -> Finding:
        """A finding about work, as severe as the table is large, with what is known of that in its message.

        A large table makes a risk a danger, and is told by any. Small ones alone make less of it, not where another
        that is worked at may be of any size. `moves`: whether the severity is open to that.
        """
        if not self.sizes:
            return finding
        found = tuple(one for step, effects in done for one in self.worked(step, effects))
        largest = max(found, key=_weight, default=None)
        if largest is None or largest.size is None:
            return finding
        severity = finding.severity
        if not moves:
            pass
        elif largest.size.of_class is SizeClass.LARGE and largest.work:
            severity = _RAISED.get(severity, severity)
        elif all(one.size and one.size.of_class is SizeClass.SMALL for one in found):
            severity = _LOWERED.get(severity, severity)
        told = as_sentence(largest.table, largest.size, largest.duration, finding.severity, severity)
        return replace(finding, severity=severity, message=f"{finding.message} {told}")

    def worked(self, step: Step, effects: Iterable[Effects]) -> tuple[Worked, ...]:
        """The work under locks that others feel, by table; on what was there before the run only.

        Where the transaction holds such locks already, that is all of the work, for they are held as long as it takes.
        """
        found: dict[Name, list[Work]] = {}
        for table, work in self._work(step, effects):
            found.setdefault(table, []).extend(work)
        return tuple(
            Worked(table, tuple(dict.fromkeys(work)), self.of(step, table)) for table, work in found.items()
        )

    def _work(self, step: Step, effects: Iterable[Effects]) -> Iterator[tuple[Name, tuple[Work, ...]]]:
        """Each relation's, under its table's name; none where it is not known what is done."""
        for effect in (effect for of_action in effects for effect in of_action.locks):
            felt = bool(step.transaction.felt) or (effect.working or effect.mode).rank >= Mode.SHARE.rank
            work = tuple(one for one in effect.work if one in GROWING)
            unknown = not effect.work and bool(effect.row.unknown)
            if felt and step.exists(effect.relation) and (work or unknown):
                yield self.table(step, effect.relation), work

    def words(self, step: Step) -> tuple[str, ...]:
        """What is known of the tables that a step locks, a clause each: "public.users has about 12 million rows, ..."."""
        if not self.sizes:
            return ()
        work: dict[Name, list[Work]] = {}
        for effect in (effect for of_action in step.effects for effect in of_action.locks):
            if step.exists(effect.relation):
                work.setdefault(self.table(step, effect.relation), []).extend(effect.work)
        known = ((table, self.of(step, table), done) for table, done in work.items())
        return tuple(
            about(str(table), size, Worked(table, tuple(dict.fromkeys(done)), size).duration)
            for table, size, done in known
            if size
        )

    def _before_the_run(self, step: Step, table: Name) -> Name:
        """What the table was called when the run began."""
        relation = step.before.relations.get(table)
        if relation is None:
            return table
        then = self.began.relations.get(table)
        if then is not None and then.oid == relation.oid:
            return table
        return next((name for name, one in self.began.relations.items() if one.oid == relation.oid), table)


NO_SIZING = Sizing()


def sizing_of(sizes: Sizes, timeline: Timeline) -> Sizing:
    """The sizes for a run that begins with the first pending step."""
    if not sizes:
        return NO_SIZING
    return Sizing(sizes, next((step.before for step in timeline.steps if step.pending), EMPTY))


_RANK = {SizeClass.SMALL: 1, SizeClass.MEDIUM: 2, SizeClass.LARGE: 3}


def _weight(one: Worked) -> tuple[int, int, int]:
    """Known and large first; of equals the one with more bytes, then rows."""
    size = one.size
    if size is None:
        return 0, 0, 0
    return _RANK[size.of_class], size.figures.total if size.figures else 0, size.rows or 0


def misnamed(project: Project, settings: Settings, timeline: Timeline) -> Iterator[Finding]:
    """Tables of `[tables]` that no migration makes, where all that there is comes from migrations."""
    schema = timeline.schema
    if not settings.tables or project.settings_path.startswith("../") or not schema.whole or schema.opaque:
        return
    began = sizing_of(settings.sizes, timeline).began
    made = {
        name for one in (began, schema) for name, of in one.relations.items() if isinstance(of, Table | View)
    }
    known = made | {Name("", name.name) for name in made}
    for name in settings.tables:
        if name not in known:
            near = get_close_matches(str(name), sorted(map(str, known)), 1)
            message = f"There is no table {name}.{f' Did you mean {near[0]}?' if near else ''}"
            help_ = "[tables] names tables as the database does: snake_case where the code says camelCase."
            at = (project.settings_text or "").find(name.name)
            span = Span(at, at + len(name.name)) if at >= 0 else None
            yield Finding("settings-invalid", Severity.RISK, message, help_, span, project.settings_path)
