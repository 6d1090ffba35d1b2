"""What is wrong between the migrations and what a database really holds."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import dropwhile
from typing import TYPE_CHECKING, Literal, NamedTuple

from raincheck.catalog.schema import Table
from raincheck.project.status.facts import MOST, Diagnosis, listed
from raincheck.project.status.lines import strangers
from raincheck.project.status.presence import Work, begun
from raincheck.project.status.remedies import recording
from raincheck.sql.names import Name, always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from raincheck.catalog.schema import Schema
    from raincheck.project.project import Migration
    from raincheck.project.status.facts import Facts


class Thing(NamedTuple):
    """What it is ("table", "column", "enum"), its name, and its part's, such as the column's."""

    what: str
    of: Name
    part: str = ""

    def __str__(self) -> str:
        """`column "users"."email"`."""
        return f"{self.what} {quoted_name(self.of)}" + (f".{always_quoted(self.part)}" if self.part else "")


Side = Literal["missing", "extra", "different"]
"""Missing in the database, or in it alone, or in both and not the same."""

_SAID = {"sequence", "index"}
"""What is named only where nothing greater is."""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One thing that a database has otherwise than the migrations make it; `words` is a line for people."""

    side: Side
    thing: Thing
    words: str
    table: Name | None = None
    """The table or view it is a part of: its column, index, constraint."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a database holds, beside what it should: `applied` is what its recorded migrations make, `after` has what
    the pending ones make of that, one after the other. `compare` tells how the database differs from a schema.
    """

    catalog: Schema
    applied: Schema
    after: tuple[tuple[Migration, Schema], ...]
    compare: Callable[[Schema], Sequence[Discrepancy]]
    lacking: frozenset[Thing] = frozenset()
    """What the migrations make that are skipped for ever."""
    works: tuple[Work, ...] = ()
    """How much of each pending migration's work is there; none where nothing is."""


def diagnose_catalog(facts: Facts, held: Held) -> Iterator[Diagnosis]:
    """From what makes the next run fail to what is only odd."""
    assert facts.table is not None
    begun = facts.table.exists or not facts.table.elsewhere  # else another table records what is there
    if begun:
        yield from _unrecorded(facts, held, things(held.catalog))
    lacking = held.lacking - things(held.catalog)
    if lacking:
        yield Diagnosis(
            "lacking", f"For want of what is skipped there is no {_named(sorted(lacking))}.", wrong=False
        )
    if begun:
        yield from _drifted(facts, held)


def things(schema: Schema) -> frozenset[Thing]:
    """What a schema holds of that which cannot be created twice."""
    named = {Thing(_kind(each), name) for name, each in (*schema.relations.items(), *schema.types.items())}
    columns = {
        Thing("column", table.name, column.name)
        for table in schema.relations.values()
        if isinstance(table, Table)
        for column in table.columns
    }
    return frozenset(
        named | columns | {Thing("schema", Name("", name)) for name in schema.schemas if name != "public"}
    )


def _kind(thing: object) -> str:
    return type(thing).__name__.lower()


def _unrecorded(facts: Facts, held: Held, there: frozenset[Thing]) -> Iterator[Diagnosis]:
    """Pending migrations whose work is there: done by hand, or by `drizzle-kit push`."""
    assert facts.table is not None
    collisions = _collisions(held, there)
    tags = [migration.tag for migration, _ in held.after if migration.tag in collisions]
    if not tags:
        yield from _harmless(held.works)
        return
    one = len(tags) == 1
    what = (
        f"{listed(tags)} {'is' if one else 'are'} not recorded, but what {'it makes' if one else 'they make'} is there: made "
        f"by hand, or by `drizzle-kit push`. {_extent(held.works)}The next run fails in {tags[0]}, and is rolled back"
        f"{collisions[tags[0]]}."
    )
    recorded = _matching(held, there)
    if recorded:
        named = facts.by_name and (facts.table.records.named or not facts.table.exists)
        yield Diagnosis(
            "unrecorded",
            what,
            f"The database is what the migrations up to and with {recorded[-1].tag} make. "
            f"{_unseen(held.works, recorded)}Record them, then migrate:",
            recording(recorded, facts.table, named=named),
        )
        return
    yield Diagnosis(
        "unrecorded-and-different",
        what,
        "It is not what the migrations make, so to record them would only hide that. Bring these in line, or drop what was "
        f"made by hand, and ask again:\n{_cut(_in_the_way(held, tags[-1]))}",
    )


def _collisions(held: Held, there: frozenset[Thing]) -> dict[str, str]:
    """The migrations that fail on what is there, by their tags, and on what, as the end of a sentence."""
    found = {work.tag: f": {work.failure}" for work in held.works if work.failure}
    harmless = {work.tag for work in held.works if work.harmless}
    before = things(held.applied)
    for migration, schema in held.after:
        after = things(schema)
        if migration.tag not in harmless and (met := sorted((after - before) & there)):
            found[migration.tag] = f", for there is already {_named(met)} (42P07, 42701, 42710)"
        before = after
    return found


def _harmless(works: Sequence[Work]) -> Iterator[Diagnosis]:
    """What is there and fails nowhere, as far as is known: a column that is NOT NULL already, for one."""
    if works:
        yield Diagnosis(
            "already-there",
            f"What {listed([work.tag for work in works if work.present in {'all', 'partly'}])} should do was done by hand, "
            "at least in part. Nothing tells that the next run fails on it.",
            wrong=False,
        )


def _extent(works: Sequence[Work]) -> str:
    """Which migrations' work is there in full, in part, and not at all, with a space behind it; "" where all of it is."""
    tags = {word: [work.tag for work in works if work.present == word] for word in ("all", "partly", "none")}
    said = [
        *([f"all of {listed(tags['all'])} is there"] if tags["all"] else []),
        *([f"of {listed(tags['partly'])} a part is"] if tags["partly"] else []),
        *([f"nothing of {listed(tags['none'])} is"] if tags["none"] else []),
    ]
    words = ", ".join(said)
    return f"{words[:1].upper()}{words[1:]}. " if tags["partly"] or tags["none"] else ""


def _unseen(works: Sequence[Work], recorded: Sequence[Migration]) -> str:
    """What a person should look for before these are recorded: `push` writes no rows."""
    tags = {migration.tag for migration in recorded}
    untold = [each for work in works if work.tag in tags for each in work.untold]
    if not untold:
        return ""
    return f"Whether these were run, tables do not show; look, and run what was not:\n{_cut(untold)}\n"


def _in_the_way(held: Held, tag: str) -> list[str]:
    """What keeps the migrations whose work is there from being recorded: by statement, then what none of them makes."""
    lacks = [each for work in begun(held.works) for each in work.lacks]
    besides = [one.words for one in _nearest(held, tag)]
    return [*lacks, *(words for words in besides if not any(each.endswith(f": {words}") for each in lacks))]


def _nearest(held: Held, tag: str) -> list[Discrepancy]:
    """What keeps the database from being what the migrations up to this one, or one behind it, make: the fewest."""
    from_here = list(dropwhile(lambda each: each[0].tag != tag, held.after))
    found = (
        [one for one in held.compare(schema) if not _later(one, held, schema)] for _, schema in from_here
    )
    return min(found, key=len)


def _matching(held: Held, there: frozenset[Thing]) -> tuple[Migration, ...]:
    """The pending migrations, as many as can be, that make just what the database has."""
    for count in range(len(held.after), 0, -1):
        schema = held.after[count - 1][1]
        if things(schema) <= there and not any(not _later(one, held, schema) for one in held.compare(schema)):
            later = things(held.after[-1][1]) - things(schema)
            if not later & there:
                return _visible(held, count)
    return ()


def _visible(held: Held, count: int) -> tuple[Migration, ...]:
    """So many of the pending migrations, without the last ones if tables show nothing of them: those can still run."""
    untold = {work.tag for work in held.works if work.present == "untold"}
    found = [migration for migration, _ in held.after[:count]]
    kept = list(dropwhile(lambda migration: migration.tag in untold, reversed(found)))
    return tuple(reversed(kept))


def _later(one: Discrepancy, held: Held, schema: Schema) -> bool:
    """Whether it does not matter for recording: only the database has it, and the migrations never speak of it."""
    return one.side == "extra" and not _is_part(one, schema) and one.thing not in things(held.after[-1][1])


def _is_part(one: Discrepancy, schema: Schema) -> bool:
    """Whether it is a part of a table that the migrations make."""
    return one.table is not None and one.table in schema.relations


def _drifted(facts: Facts, held: Held) -> Iterator[Diagnosis]:
    pending = things(held.after[-1][1]) if held.after else frozenset()
    found = [one for one in held.compare(held.applied) if one.side != "extra" or one.thing not in pending]
    if done := len(begun(held.works)):
        still = {one.thing for one in held.compare(held.after[done - 1][1])}
        found = [one for one in found if one.thing in still]
    strange = [one for one in found if one.side == "extra" and not _is_part(one, held.applied)]
    drifted = [one for one in found if one not in strange]
    if drifted:
        unknown = " Some of it may be what those did that are not here." if strangers(facts.run) else ""
        yield Diagnosis(
            "drift",
            "The database is not what its applied migrations make: it was changed by hand, or the files were."
            f"{unknown}\n{_cut([one.words for one in drifted])}",
            "What should stay belongs into a new migration; undo the rest. A new database gets what the files say.",
        )
    tables = [quoted_name(one.thing.of) for one in strange if one.thing.what == "table"]
    if tables:
        yield Diagnosis(
            "foreign-tables",
            f"No migration makes {listed(tables)}: it was made by hand or by `drizzle-kit push`, or is another program's. "
            "New databases do not get it.",
            "Where the application uses it, add it to the schema and generate a migration; on this database, record "
            "that one as applied before the next run.",
            wrong=False,
        )


def _named(met: Sequence[Thing]) -> str:
    great = [thing for thing in met if thing.what not in _SAID] or list(met)
    tables = {thing.of for thing in great if thing.what == "table"}
    return listed([str(thing) for thing in great if not (thing.part and thing.of in tables)])


def _cut(found: Sequence[str]) -> str:
    shown = found if len(found) <= MOST else found[: MOST - 1]
    more = [f"  and {len(found) - len(shown)} more"] if len(shown) < len(found) else []
    return "\n".join([*(f"  {one}" for one in shown), *more])
