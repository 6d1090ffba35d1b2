"""What shows that migrations worked: questions to PostgreSQL's catalogs, and what the answer must be.

They come from the schemas before and behind the migrations, so each is true behind them and was not before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.schema import EMPTY, Index, Table
from raincheck.plan.facts import facts
from raincheck.plan.rollback import recorded_in
from raincheck.sql.kinds import Kind
from raincheck.sql.names import literal, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Sequence as Many

    from raincheck.catalog.schema import Schema
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.plan.fact import Fact
    from raincheck.plan.facts import Key
    from raincheck.project.project import Migration
    from raincheck.sql.names import Name

_ROWS = frozenset({Kind.INSERT, Kind.UPDATE, Kind.DELETE, Kind.MERGE, Kind.COPY, Kind.TRUNCATE})
_TABLE_PARTS = {"column": "columns", "constraint": "constraints"}
"""What a new table is asked for in one question."""


@dataclass(frozen=True, slots=True)
class Check:
    """`holds` is an SQL expression that is true where it worked, and was not before; `says` is the same in words."""

    says: str
    holds: str


@dataclass(frozen=True, slots=True)
class Look:
    """A query whose one row a person compares with the migration: only it can tell."""

    says: str
    query: str


@dataclass(frozen=True, slots=True)
class Verification:
    """`scripts` are the project's own commands."""

    checks: tuple[Check, ...]
    looks: tuple[Look, ...] = ()
    rows: tuple[Step, ...] = ()
    """The statements that change rows, of which no catalog knows."""
    scripts: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """All checks as one query: a line each, with its words and whether it holds. Without a semicolon."""
        lines = [
            f"SELECT {literal(check.says)} AS checked,\n  {check.holds} AS holds" for check in self.checks
        ]
        return "\nUNION ALL ".join(lines)


def verification(analysis: Analysis, migrations: Many[Migration]) -> Verification:
    """What shows that these migrations, which run one after the other, have worked."""
    paths = {migration.path for migration in migrations}
    steps = [step for step in analysis.timeline.steps if step.migration.path in paths]
    before, after = (steps[0].before, steps[-1].after) if steps else (EMPTY, EMPTY)
    checks, looks = compared(before, after)
    rows = tuple(step for step in steps if any(action.kind in _ROWS for action in step.actions))
    recorded = [_recorded(analysis, migrations)] if migrations else []
    return Verification((*checks, *recorded), looks, rows, analysis.settings.verify)


def compared(before: Schema, after: Schema) -> tuple[tuple[Check, ...], tuple[Look, ...]]:
    """What tells a database with the one schema from one with the other."""
    names = sorted(
        name
        for name in {*before.relations, *after.relations}
        if before.relations.get(name) is not after.relations.get(name)
    )
    was, is_ = (
        facts(schema, [schema.relations[name] for name in names if name in schema.relations])
        for schema in (before, after)
    )
    new = {
        name
        for name in names
        if isinstance(after.relations.get(name), Table) and name not in before.relations
    }
    checks = [*_gone(was, is_, after), *_tables(is_, new), *_there(was, is_, new, before)]
    return tuple(checks), tuple(_looks(was, is_))


def _gone(was: Mapping[Key, Fact], is_: Mapping[Key, Fact], after: Schema) -> Iterator[Check]:
    for key, fact in was.items():
        named = key[1] in after.relations or key[1] in after.types
        owned = fact.part and key[0] != "sequence"
        # what has the name of a relation now is told as there
        if key not in is_ and named == owned and not _inherited(after, key):
            yield Check(f"{fact.thing}: gone", fact.gone)


def _tables(is_: Mapping[Key, Fact], new: set[Name]) -> Iterator[Check]:
    """New tables, each with all its columns and all its constraints."""
    for key, fact in is_.items():
        if key[0] == "table" and key[1] in new:
            yield Check(f"{fact.thing}: there", fact.holds)
            for kind, words in _TABLE_PARTS.items():
                parts = [part for other, part in is_.items() if other[:2] == (kind, key[1])]
                if parts:
                    rows = "\n    OR ".join(f"({part.where} AND {part.must})" for part in parts)
                    says = f"{fact.thing}: has its {len(parts)} {words if len(parts) > 1 else kind}"
                    yield Check(
                        says,
                        f"(SELECT count(*) = {len(parts)} FROM {parts[0].catalog} WHERE {rows})",
                    )


def _inherited(schema: Schema, key: Key) -> bool:
    """Whether a table has a column or a constraint from its parent, of which nothing is asked; or is such an index."""
    kind, name, part = key
    found = schema.relations.get(name)
    if not isinstance(found, Table):
        return kind == "index" and isinstance(found, Index) and found.parent is not None
    named = {"column": found.columns, "constraint": found.constraints}.get(kind, ())
    return any(each.name == part for each in named)


def _there(
    was: Mapping[Key, Fact], is_: Mapping[Key, Fact], new: set[Name], before: Schema
) -> Iterator[Check]:
    for key, fact in is_.items():
        told = key[1] in new and (key[0] == "table" or key[0] in _TABLE_PARTS)
        old = was.get(key)
        if not told and (not _inherited(before, key) if old is None else old.holds != fact.holds):
            yield Check(f"{fact.thing}: {fact.as_it_is or 'there'}", fact.holds)


def _looks(was: Mapping[Key, Fact], is_: Mapping[Key, Fact]) -> Iterator[Look]:
    for key, fact in is_.items():
        old = was.get(key)
        if old is not None and old.definition != fact.definition and fact.definition is not None:
            says = f"{fact.thing}: must read as the migration says"
            yield Look(says, f"SELECT {fact.shown} FROM {fact.catalog} WHERE {fact.where}")


def _recorded(analysis: Analysis, migrations: Many[Migration]) -> Check:
    """Drizzle's rows of the migrations."""
    digests = dict.fromkeys(migration.digest for migration in migrations)
    rows = f'FROM {quoted_name(recorded_in(analysis))} WHERE "hash" IN ({", ".join(map(literal, digests))})'
    many = "its row" if len(migrations) == 1 else f"all {len(migrations)} rows"
    return Check(
        f"Drizzle's record of the run: {many}", f'(SELECT count(DISTINCT "hash") = {len(digests)} {rows})'
    )
