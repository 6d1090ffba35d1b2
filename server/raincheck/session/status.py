"""A project with all that is known of its migrations side by side, and what is wrong with them, in words."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.engine.finding import Severity
from raincheck.project.runner.disk import disk_of
from raincheck.project.runner.migrator import Migrator, Release
from raincheck.project.runner.run import plan
from raincheck.project.status.diagnosis import diagnose
from raincheck.project.status.facts import Diagnosis, Facts
from raincheck.project.status.lines import Known, Standing, lines, strangers
from raincheck.report.status import Status
from raincheck.rules.pages import family
from raincheck.session.catalog import Look, look_at
from raincheck.session.git import GitBase
from raincheck.session.history import BaseHistory

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding
    from raincheck.project.status.lines import Line
    from raincheck.session.database import DatabaseBase
    from raincheck.session.session import Session

_TOLD_HERE = {"migration-edited", "migration-runs-again", "journal-entry-without-file"}
"""Rules whose findings a diagnosis says better."""
_UNRECORDED = {"unrecorded", "unrecorded-and-different", "other-table"}
"""Causes for which what is called pending is there."""


def statuses(session: Session) -> tuple[Status, ...]:
    """The status of each Drizzle project; a loose SQL file has none. Raises what `Session` raises."""
    return tuple(_status(session, one) for one in session.analyses() if one.project.layout != "loose")


def _status(session: Session, analysis: Analysis) -> Status:
    project = analysis.project
    found, seal = session.found(project), session.seal(project)
    base = BaseHistory(found.git) if isinstance(found.git, GitBase) else None
    release = Release.V0 if project.layout == "journal" else Release.V1
    run = found.database.run if found.database else plan(disk_of(project), None, Migrator(release))
    sealed = {line.tag for line in seal.lines} if seal is not None else None
    known = Known(sealed, base.tags if base else None, found.database is not None)
    shown = lines(project, run, known)
    table = found.database.table if found.database else None
    facts = Facts(project, shown, run, table, time.time_ns() // 1_000_000)
    look = _by_catalog(analysis, facts, found.database)
    diagnoses = [*diagnose(facts), *look.diagnoses, *_findings(analysis, facts)]
    diagnoses += _remarks(analysis, facts, found.database, {diagnosis.cause for diagnosis in diagnoses})
    git = f"{found.git.ref} ({found.git.name})" if isinstance(found.git, GitBase) else found.git.reason
    return Status(
        analysis=analysis,
        lines=tuple(_beside(shown, look)),
        diagnoses=tuple(sorted(diagnoses, key=lambda diagnosis: not diagnosis.wrong)),
        git=git,
        git_told=base is not None,
        sealed=len(sealed) if sealed is not None else None,
        database=found.database.said_by if found.database else "",
        table=table,
    )


def _by_catalog(analysis: Analysis, facts: Facts, base: DatabaseBase | None) -> Look:
    """What the tables say; where the folder cannot be read, nobody knows what they should be."""
    if base is None or (facts.run.refusal is not None and facts.run.refusal.stage == "read"):
        return Look()
    return look_at(base.url, analysis, facts)


def _beside(shown: Sequence[Line], look: Look) -> Iterator[Line]:
    """The lines, the pending ones with how much of their work is there all the same."""
    present = {work.tag: work.present for work in look.works}
    for line in shown:
        is_pending = line.standing is Standing.PENDING
        yield replace(line, present=present.get(line.tag)) if is_pending else line


def _findings(analysis: Analysis, facts: Facts) -> Iterator[Diagnosis]:
    """What `check` says of the history, and no diagnosis says."""
    told = set(_TOLD_HERE)
    if facts.table is not None:
        told |= {"journal-out-of-order"} | ({"migration-removed"} if strangers(facts.run) else set())
    for finding in analysis.findings:
        rule = analysis.rule(finding.rule)
        if rule is not None and finding.rule not in told and family(finding.rule) == "history":
            yield _as_diagnosis(finding)


def _as_diagnosis(finding: Finding) -> Diagnosis:
    what = f"{finding.path}: {finding.message}" if finding.path else finding.message
    return Diagnosis(finding.rule, what, finding.help, wrong=finding.severity is not Severity.NOTE)


def _remarks(
    analysis: Analysis, facts: Facts, base: DatabaseBase | None, causes: set[str]
) -> Iterator[Diagnosis]:
    """What is good to know, and no fault."""
    pending = [line for line in facts.lines if line.standing is Standing.PENDING]
    if base is None:
        yield Diagnosis(
            "not-asked",
            "The database was not asked; --database-url puts its rows beside the files.",
            wrong=False,
        )
        return
    if base.note:
        yield Diagnosis("newer-server", base.note, wrong=False)
    said = analysis.settings.postgres
    if said is not None and said != base.postgres:
        what = f"The settings say PostgreSQL {said}, and the server is {base.postgres}."
        yield Diagnosis(
            "other-version", what, "Locks and rewrites are told for the version of the settings.", wrong=False
        )
    if pending and facts.run.refusal is None and not causes & _UNRECORDED:
        count = "1 migration is" if len(pending) == 1 else f"{len(pending)} migrations are"
        what = f"{count} pending: a query that uses what {'it creates' if len(pending) == 1 else 'they create'} fails (42P01, 42703)."
        yield Diagnosis(
            "pending",
            what,
            "`drizzle-kit migrate`, or your program's migrate(), runs what is pending.",
            wrong=False,
        )
