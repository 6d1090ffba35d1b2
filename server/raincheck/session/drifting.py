"""`raincheck drift`: whether schema files, migrations and a database agree, and what would mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.report.drift import DatabaseDrift, Drifted
from raincheck.session.catalog import applied_schema, introspected
from raincheck.session.database import table_of
from raincheck.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.live.generating import Generated
    from raincheck.project.project import Migration
    from raincheck.session.database import DatabaseBase
    from raincheck.session.session import Session


def drifted(session: Session, *, schema_files: bool) -> Iterator[Drifted]:
    """Compare each Drizzle project; with a database where the session has one, with the schema files where asked to.

    Raises SessionError where drizzle-kit or the database cannot be asked.
    """
    for analysis in session.analyses():
        if analysis.project.layout != "loose":
            base = session.found(analysis.project).database
            generated = _generated(analysis) if schema_files else None
            yield Drifted(analysis, generated, _database(analysis, base) if base else None)


def _generated(analysis: Analysis) -> Generated:
    from raincheck.live.errors import LiveError  # starts processes: only where somebody asks
    from raincheck.live.generating import generate

    project = analysis.project
    if project.config_path is None:
        raise SessionError(
            f"{project.root} has no drizzle.config, so drizzle-kit cannot tell which its schema files are; "
            "--no-schema-files leaves them out."
        )
    try:
        return generate(project.root, project.config_path, project.out)
    except LiveError as error:
        raise SessionError(f"{error}.") from None


def _database(analysis: Analysis, base: DatabaseBase) -> DatabaseDrift:
    from raincheck.live.drift import RECORDS, Compared, drift  # only where a database is asked
    from raincheck.live.mending import mending

    besides = {RECORDS, table_of(analysis.project, analysis.settings), *base.table.elsewhere}
    applied = applied_schema(analysis, [*_recorded(analysis, base)])
    found = introspected(base.url)
    comparison = drift(found, applied, besides=besides)
    made = mending(Compared.of(found, applied, besides), comparison.drifts)
    return DatabaseDrift(base.said_by, comparison, made)


def _recorded(analysis: Analysis, base: DatabaseBase) -> Iterator[Migration]:
    """What the database has a row of, in the order of the rows."""
    rows = {verdict.migration.tag: verdict.row.id for verdict in base.run.verdicts if verdict.row is not None}
    known = (migration for migration in analysis.project.migrations if migration.tag in rows)
    yield from sorted(known, key=lambda migration: rows[migration.tag])
