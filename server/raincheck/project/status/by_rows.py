"""What is wrong by the rows of the migrations table."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from raincheck.project.runner.run import Why
from raincheck.project.status.facts import DAY, Diagnosis, Facts, have, listed
from raincheck.project.status.lines import Standing, duplicates, strangers
from raincheck.project.status.remedies import removed, renamed, timed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.project.runner.run import Verdict
    from raincheck.project.runner.table import MigrationsTable

_FAILS = "It fails where its SQL meets what is there (42P07, 42701), and the whole run is rolled back."


def filtered(_: Facts, table: MigrationsTable) -> Iterator[Diagnosis]:
    """Rows may be hidden from this user."""
    if table.filtered:
        yield Diagnosis(
            "rows-hidden",
            f"Row-level security holds on {table.name} for this user: rows may be hidden, and then all that is said "
            "here is wrong.",
            "Ask as the table's owner.",
        )


def elsewhere(_: Facts, table: MigrationsTable) -> Iterator[Diagnosis]:
    """A migrations table where the configuration does not look for one."""
    if not table.elsewhere:
        return
    others, first = listed([str(name) for name in table.elsewhere]), table.elsewhere[0]
    if table.exists:
        yield Diagnosis("second-table", f"There is another migrations table: {others}.", wrong=False)
    else:
        yield Diagnosis(
            "other-table",
            f"There is no {table.name}, but there is {others}. Drizzle would begin anew, and run everything again.",
            "Where migrate() is told another table or schema, say so in raincheck.toml:\n"
            f'  [migrations]\n  schema = "{first.schema}"\n  table = "{first.name}"',
        )


def again(facts: Facts, table: MigrationsTable) -> Iterator[Diagnosis]:
    """What the database has, and runs once more."""
    verdicts = [verdict for verdict in facts.run.verdicts if verdict.again]
    null = [verdict for verdict in verdicts if verdict.why is Why.NULL_ROW]
    if null:
        yield _null_row(table, null)
    for verdict in verdicts:
        if verdict.why is not Why.NULL_ROW:
            yield _renamed(verdict, table) if facts.by_name else _retimed(verdict)


def _null_row(table: MigrationsTable, verdicts: Sequence[Verdict]) -> Diagnosis:
    rows = [row for row in table.records.rows if row.created_at is None]
    whens = {verdict.row: verdict.migration.when for verdict in verdicts}
    lost = [row for row in rows if whens.get(row) is None]
    sql = [timed(row, when, table) for row in rows if (when := whens.get(row)) is not None]
    more = f" {have(lost)} no migration here either: delete what belongs to nothing." if lost else ""
    return Diagnosis(
        "null-row",
        f"{have(rows)} no created_at. Drizzle 0.x takes that for the newest one and for time 0, so everything runs "
        'again: the run fails with "already exists" (42P07) where its tables are there, and is rolled back.',
        f"Give it the time of its migration.{more}",
        "\n".join([*sql, *([removed(lost, table)] if lost else [])]),
    )


def _retimed(verdict: Verdict) -> Diagnosis:
    assert verdict.row is not None
    guess = " (by its text)" if verdict.by == "hash" else ""
    return Diagnosis(
        "retimed",
        f"{verdict.migration.tag} is applied{guess} and runs again: its `when` in the journal is later than that in its "
        f"row (id {verdict.row.id}). {_FAILS}",
        f'Put it back in the journal: "when": {verdict.row.created_at}',
    )


def _renamed(verdict: Verdict, table: MigrationsTable) -> Diagnosis:
    migration, row = verdict.migration, verdict.row
    assert row is not None
    named = f"as {row.name}" if row.name else "in a row without a name, as Drizzle 0.x writes it,"
    guess = " (by its text)" if verdict.by == "hash" else ""
    back = f"Rename the folder back to {row.name}. Where the new name must stay, change the row in every database:"
    return Diagnosis(
        "renamed",
        f"{migration.tag} is recorded {named}{guess} and runs again: Drizzle 1.0 looks for the folder's name. {_FAILS}",
        back if row.name else "Name the row:",
        renamed(row, migration.tag, migration.when, table),
    )


def in_future(facts: Facts, table: MigrationsTable) -> Iterator[Diagnosis]:
    """A newest row that every later migration is older than."""
    row = facts.future_row
    if row is None or facts.by_name:
        return
    own = next((line.tag for line in facts.lines if row in line.rows), None)
    skipped = [line.tag for line in facts.standing(Standing.SKIPPED)]
    times = [other.created_at for other in table.records.rows if other.created_at is not None]
    when = max((time for time in times if time <= facts.now + DAY), default=facts.now - DAY) + 1
    journal = f"Give {own} this time in the journal" if own else "Give it this time"
    yield Diagnosis(
        "future-row",
        f"The newest row ({f'{own}, ' if own else ''}id {row.id}) has a time in the future, {row.created_at}. Drizzle 0.x "
        f"skips every migration that is generated before then{f': {listed(skipped)}' if skipped else ''}. It reports "
        "success.",
        f'{journal}, "when": {when}, and its row in every database before the next run:',
        timed(row, when, table),
    )


def without_file(facts: Facts, _: MigrationsTable) -> Iterator[Diagnosis]:
    """Rows of migrations that are not here. Where the folder cannot be read, nobody can tell."""
    rows = strangers(facts.run)
    if rows and facts.run.refusal is None:
        named = listed([f"{row.name or f'hash {row.hash[:12]}'} (id {row.id})" for row in rows])
        yield Diagnosis(
            "row-without-file",
            f"The database has run what is not here: {named}. What it did is there; new databases do not get it.",
            "Where another branch was deployed, this checkout is older than the database: merge it first. Else restore "
            "the files from git; the hash is the SHA-256 of the file.",
        )


def twice(facts: Facts, table: MigrationsTable) -> Iterator[Diagnosis]:
    """Migrations with several rows."""
    for verdict, rows in duplicates(facts.run).items():
        yield Diagnosis(
            "recorded-twice",
            f"{verdict.migration.tag} is recorded {len(rows) + 1} times: two migrators ran at once, or its SQL ran twice. "
            "Drizzle takes no lock, and goes on as if nothing had happened.",
            "Look whether it changed data twice. The rows that are too many can go:",
            removed(rows, table),
        )


def mixed(facts: Facts, table: MigrationsTable) -> Iterator[Diagnosis]:
    """A table that 1.0 has made or taken over, and a project of 0.x."""
    if facts.by_name or not table.records.named:
        return
    unnamed = [row for row in table.records.rows if row.name is None]
    yield Diagnosis(
        "table-of-1.0",
        "The migrations table has the columns of Drizzle 1.0, and this project is 0.x: both migrate this database"
        + (
            f". {have(unnamed)} no name; 1.0 does not know what it stands for, and runs that again."
            if unnamed
            else "."
        ),
        "Let one release alone migrate a database; `drizzle-kit up` takes the folder to 1.0.",
        wrong=0 < len(unnamed) < len(table.records.rows),
    )


def out_of_order(facts: Facts, table: MigrationsTable) -> Iterator[Diagnosis]:
    """Rows that were not written in the order of their times."""
    times = [row.created_at for row in table.records.rows if row.created_at is not None]
    if not facts.by_name and any(later < earlier for earlier, later in pairwise(times)):
        yield Diagnosis(
            "rows-out-of-order",
            "The rows are not in the order of their times: the journal was out of order when they were written, or rows "
            "were added by hand. Drizzle 0.x asks for the greatest time only.",
            wrong=False,
        )
