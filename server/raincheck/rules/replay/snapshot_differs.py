from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.project.recorded import deviations, grave
from raincheck.rules.allowable import AllowableRunRule
from raincheck.rules.phrases import listed
from raincheck.rules.replay.primary_key_drop_unwritten import PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.diff import Difference
    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Migration, Project

_HELP = (
    "Change the SQL so that it does what the snapshot says, while it is pending. If the SQL is right, change the schema in "
    "TypeScript: `drizzle-kit generate` then writes a new snapshot, and a migration whose SQL you empty."
)


class SnapshotDiffers(AllowableRunRule):
    """The SQL does not lead to the schema that drizzle-kit's snapshot describes."""

    name = "snapshot-differs"
    severity = Severity.DANGER

    def check(self, project: Project, timeline: Timeline) -> Iterator[Finding]:
        steps = timeline.pending
        if project.recorded is None or timeline.schema.opaque:
            return
        run = [migration for migration in project.migrations if migration.pending]
        if any(map(_never_runs, steps)) or any(migration.document.problems for migration in run):
            return
        begin = steps[0].before if steps else timeline.schema
        found: dict[str, list[Difference]] = {}
        unwritten = any(PLACEHOLDER in migration.document.text for migration in run)
        for each in deviations(begin, timeline.schema, project.recorded):
            if not (unwritten and each.what == "key"):
                found.setdefault(_about(each, run), []).append(each)
        for path, differences in found.items():
            severity = self.severity if grave(differences) else Severity.NOTE
            message = (
                f"After this migration the database is not what its snapshot says: {listed(list(map(_told, differences)))}. "
                "drizzle-kit compares with snapshots alone, so no later migration mends it."
            )
            yield Finding(self.name, severity, message, _HELP, path=path)


def _never_runs(step: Step) -> bool:
    """Whether a statement is no SQL or is refused, so that it must change anyway; a cast can be mended in its place."""
    cast = step.refused is not None and step.refused[1].what == "cast-missing"
    return step.statement.problem is not None or (step.fails is not None and not cast)


def _about(each: Difference, run: list[Migration]) -> str:
    """The last migration of the run that names what differs; the last of all where none does."""
    named = [migration for migration in run if each.of.name in migration.document.text]
    return (named or run)[-1].path


def _told(each: Difference) -> str:
    what = f'{each.what} "{each.of.name}"' + (f'."{each.part}"' if each.part else "")
    if not each.aspect:
        return f"{what} is there by the {'SQL' if each.left else 'snapshot'} only"
    return f"{what} has {each.aspect} {each.left} by the SQL, {each.right} by the snapshot"
