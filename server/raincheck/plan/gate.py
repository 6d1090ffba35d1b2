"""The deploy gate of a migration: may it go out by itself, with a look and timeouts, or with approval and a backup?

A gate is judged from what the statements are, whatever is allowed or silenced, and then joined with the findings.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from raincheck.engine.finding import Severity
from raincheck.locks.effects import Work
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding
    from raincheck.engine.step import Step
    from raincheck.locks.effects import Effects
    from raincheck.project.project import Migration
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name


class Gate(StrEnum):
    """green: additive, brief locks; yellow: index, constraint or row work; red: destructive, rewriting."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"

    @property
    def rank(self) -> int:
        """0 for green, then 1 and 2."""
        return list(Gate).index(self)

    @property
    def asks(self) -> str:
        """What the gate asks of a deploy, as a clause."""
        return _ASKS[self]


_ASKS = {
    Gate.GREEN: "deploys by itself",
    Gate.YELLOW: "wants a look beforehand, and timeouts",
    Gate.RED: "wants approval and a backup",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A gate, and what decided it: the kind of change, or the rule. `because` is empty for green."""

    gate: Gate
    because: str = ""


def of_migration(analysis: Analysis, migration: Migration) -> Verdict | None:
    """The gate of a pending migration; None for one that does not run."""
    if not migration.pending:
        return None
    steps = analysis.steps_by_path.get(migration.path, ())
    return gate(steps, analysis.by_path.get(migration.path, ()))


def reasons(analysis: Analysis, migration: Migration) -> tuple[Verdict, ...]:
    """All that a pending migration's gate rests on, the worst first, each once; nothing for green."""
    steps = analysis.steps_by_path.get(migration.path, ())
    return _worst_first(_verdicts(steps, analysis.by_path.get(migration.path, ())))


def besides(analysis: Analysis) -> dict[str, tuple[Verdict, ...]]:
    """By path, what else the gate of a run rests on: what is found in applied migrations, the journal and the settings."""
    pending = {migration.path for migration in analysis.project.migrations if migration.pending}
    found = {
        path: _worst_first(map(_of_finding, findings))
        for path, findings in analysis.by_path.items()
        if path not in pending
    }
    return {path: verdicts for path, verdicts in found.items() if verdicts}


def words(verdict: Verdict | None) -> str:
    """A verdict in words: "yellow, wants a look beforehand, and timeouts (create index on public.users)"; or nothing."""
    if verdict is None:
        return ""
    because = f" ({verdict.because})" if verdict.because else ""
    return f"{verdict.gate}, {verdict.gate.asks}{because}"


def of_run(analyses: Iterable[Analysis]) -> Gate:
    """The worst gate of all pending migrations, and of what is said about anything else in their projects."""
    gates = [Gate.GREEN]
    for analysis in analyses:
        verdicts = (of_migration(analysis, migration) for migration in analysis.project.migrations)
        gates += [verdict.gate for verdict in verdicts if verdict]
        gates += [verdict.gate for found in besides(analysis).values() for verdict in found]
    return worst(gates)


def gate(steps: Iterable[Step], findings: Iterable[Finding]) -> Verdict:
    """The worst that a migration's statements and findings ask for; the first of equals."""
    found = _verdicts(steps, findings)
    return max(found, key=lambda verdict: verdict.gate.rank, default=Verdict(Gate.GREEN))


def _worst_first(found: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Each once, nothing for green."""
    told = dict.fromkeys(verdict for verdict in found if verdict.gate is not Gate.GREEN)
    return tuple(sorted(told, key=lambda verdict: -verdict.gate.rank))


def _verdicts(steps: Iterable[Step], findings: Iterable[Finding]) -> list[Verdict]:
    return [*(verdict for step in steps for verdict in _of_actions(step)), *map(_of_finding, findings)]


def worst(gates: Iterable[Gate]) -> Gate:
    """The reddest; green where there is none."""
    return max(gates, key=lambda one: one.rank, default=Gate.GREEN)


_BY_SEVERITY = {Severity.DANGER: Gate.RED, Severity.RISK: Gate.YELLOW, Severity.NOTE: Gate.GREEN}
ABOUT_THE_RUN = frozenset({"lock-timeout-missing"})
"""Findings about how the run is started, which say nothing about the migration they are shown at."""


def _of_finding(finding: Finding) -> Verdict:
    if finding.rule in ABOUT_THE_RUN or finding.severity is Severity.NOTE:
        return Verdict(Gate.GREEN)
    return Verdict(_BY_SEVERITY[finding.severity], finding.rule)


_RED = frozenset(
    {
        *(Kind.DROP_TABLE, Kind.DROP_COLUMN, Kind.DROP_SCHEMA, Kind.DROP_DATABASE, Kind.DROP_SEQUENCE),
        *(Kind.DROP_TYPE, Kind.DROP_MATERIALIZED_VIEW, Kind.TRUNCATE, Kind.DELETE),
        *(Kind.CREATE_EXTENSION, Kind.ALTER_EXTENSION, Kind.DROP_EXTENSION),
    }
)
_YELLOW = frozenset(
    {
        *(Kind.CREATE_INDEX, Kind.DROP_INDEX, Kind.REINDEX, Kind.ATTACH_INDEX),
        *(Kind.ADD_CHECK, Kind.ADD_FOREIGN_KEY, Kind.ADD_UNIQUE, Kind.ADD_PRIMARY_KEY, Kind.ADD_EXCLUSION),
        *(Kind.ADD_NOT_NULL, Kind.SET_NOT_NULL, Kind.DROP_CONSTRAINT, Kind.VALIDATE_CONSTRAINT),
        *(Kind.ALTER_CONSTRAINT, Kind.ALTER_COLUMN_TYPE, Kind.ALTER_DOMAIN, Kind.ALTER_TYPE),
        *(Kind.RENAME_TABLE, Kind.RENAME_COLUMN, Kind.RENAME_ENUM_VALUE, Kind.RENAME_SCHEMA, Kind.SET_SCHEMA),
        *(Kind.ATTACH_PARTITION, Kind.DETACH_PARTITION, Kind.LOCK_TABLE, Kind.SET_ROW_SECURITY),
        *(Kind.CREATE_TRIGGER, Kind.DROP_TRIGGER, Kind.DROP_VIEW, Kind.DROP_FUNCTION, Kind.DROP_POLICY),
        *(Kind.UPDATE, Kind.MERGE, Kind.REFRESH_MATERIALIZED_VIEW, Kind.VACUUM, Kind.CLUSTER),
        *(Kind.DO, Kind.EXECUTE, Kind.CALL, Kind.IMPORT_FOREIGN_SCHEMA, Kind.SET_ALL_TABLESPACES, Kind.OTHER),
    }
)


def of_step(step: Step) -> Gate:
    """The class of a statement by what it is, whatever was found in it."""
    return worst(verdict.gate for verdict in _of_actions(step))


def _of_actions(step: Step) -> Iterator[Verdict]:
    for action, effects in zip(step.actions, step.effects, strict=True):
        found = _class_of(action, effects, step)
        if found is not Gate.GREEN:
            on = f" on {action.relation}" if action.relation else ""
            yield Verdict(found, f"{action.kind.replace('_', ' ')}{on}")


def _class_of(action: Action, effects: Effects, step: Step) -> Gate:
    """The class of one change. Whatever happens to a table that is new in the run is additive."""
    if action.relation and _is_new(action.relation, step):
        return Gate.GREEN
    work = {one for effect in effects.locks if step.exists(effect.relation) for one in effect.work}
    retyped_blindly = action.kind is Kind.ALTER_COLUMN_TYPE and effects.unknown
    if action.kind in _RED or Work.REWRITE in work or retyped_blindly:
        return Gate.RED
    required = action.kind is Kind.ADD_COLUMN and _is_required(action, step)
    return Gate.YELLOW if action.kind in _YELLOW or required or work else Gate.GREEN


def _is_new(name: Name, step: Step) -> bool:
    """Whether the pending run creates a relation, in this very statement or earlier."""
    relation = step.before.relation(name) or step.after.relation(name)
    return relation is not None and relation.oid >= step.first_new_oid


def _is_required(action: Action, step: Step) -> bool:
    table = step.after.table(action.relation) if action.relation else None
    column = table.column(action.column) if table else None
    return column is not None and column.not_null
