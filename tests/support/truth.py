"""What Drizzle's migrators do, case by case, as it was observed; `tests/drizzle/test_truth.py` runs each for real.

`docs/runner.md` is printed from this table.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """What a release does. `fails` is PostgreSQL's error in the middle of the run, `stops` Drizzle's before it."""

    runs: str = ""
    """The names, in order; a failing one is the last."""
    skips: str = ""
    fails: str = ""
    stops: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """`before` is applied by a first run, `rows` is SQL on the table then, and `after` is what the second run finds.

    See `truth_folder` for the two lines. In `rows`, `{t}` is the migrations table. None for a release: it cannot be.
    """

    name: str
    before: str
    after: str
    v0: Said | None
    v1: Said | None
    rows: str = ""
    journal: str = ""
    config: tuple[tuple[str, str], ...] = ()
    """What the second run is told of schema and table; the first, where `rows` is empty, is told the same."""
    since: str = ""
    """"v0": 0.x made the first run, and 1.0 takes its table over. "default": the first run was not told `config`."""


NOTHING = Said()
EXISTS = '42P07 relation "{}" already exists'
SYNTAX = "42601 syntax error at or near "
NO_FILE = "No file drizzle/{}.sql found in drizzle folder"


def both(said: Said) -> dict[str, Said]:
    return {"v0": said, "v1": said}


CASES = (
    # which migrations are pending
    Case("a new database", "", "a@1 b@2", **both(Said("a b"))),
    Case("nothing new", "a@1 b@2", "a@1 b@2", **both(NOTHING)),
    Case("two more than the database has", "a@1 b@2", "a@1 b@2 c@3 d@4", **both(Said("c d"))),
    Case("an applied file is edited", "a@1 b@2", "a@1:edited b@2", **both(NOTHING)),
    Case("an applied file is edited to garbage", "a@1 b@2", "a@1:garbage b@2", **both(NOTHING)),
    Case("a pending file is edited", "a@1", "a@1 b@2:edited", **both(Said("b"))),
    Case(
        "an applied file is renamed, same time",
        "a@1 b@2",
        "a@1 bb@2:of-b",
        v0=NOTHING,
        v1=Said("bb", fails=EXISTS.format("b")),
    ),
    Case(
        "an applied migration's time is moved later",
        "a@1 b@2",
        "a@1 b@5",
        **both(Said("b", fails=EXISTS.format("b"))),
    ),
    Case(
        "an applied migration's time is moved earlier",
        "a@1 b@3",
        "a@1 b@2",
        v0=NOTHING,
        v1=Said("b", fails=EXISTS.format("b")),
    ),
    # late arrivals and equal times
    Case(
        "a late arrival: older than the newest applied",
        "a@1 c@3",
        "a@1 c@3 b@2",
        v0=Said(skips="b"),
        v1=Said("b"),
    ),
    Case(
        "a late arrival in the middle of the journal",
        "a@1 c@3",
        "a@1 b@2 c@3",
        v0=Said(skips="b"),
        v1=Said("b"),
    ),
    Case("times out of order on a new database", "", "a@1 c@3 b@2", v0=Said("a c b"), v1=Said("a b c")),
    Case(
        "times out of order on a new database, one needs the other",
        "",
        "a@1 c@3 b@2:needs-c",
        v0=Said("a c b"),
        v1=Said("a b", fails='42P01 relation "c" does not exist'),
    ),
    Case("two of the same time, both new", "a@1", "a@1 b@2 c@2", **both(Said("b c"))),
    Case("two of the same time, one applied", "a@1 b@2", "a@1 b@2 c@2", v0=Said(skips="c"), v1=Said("c")),
    Case("an applied time in the future", "a@1 f@late", "a@1 f@late b@2", v0=Said(skips="b"), v1=Said("b")),
    Case("two of the same time, by name", "", "a1@1 a_1@1 A1@1", v0=Said("a1 a_1 A1"), v1=Said("a_1 a1 A1")),
    # files and entries that are missing or too many
    Case(
        "an applied file is gone, its entry is not",
        "a@1 b@2",
        "a@1:missing b@2 c@3",
        v0=Said(stops=NO_FILE.format("a")),
        v1=Said("c"),
    ),
    Case("an applied file and its entry are gone", "a@1 b@2", "b@2 c@3", **both(Said("c"))),
    Case(
        "a pending file is gone, its entry is not",
        "a@1",
        "a@1 b@2:missing c@3",
        v0=Said(stops=NO_FILE.format("b")),
        v1=Said("c"),
    ),
    Case(
        "one tag twice in the journal", "", "a@1 b@2 b@3", v0=Said("a b b", fails=EXISTS.format("b")), v1=None
    ),
    Case("a SQL file that nothing lists", "a@1", "a@1 x@2:unlisted b@3", **both(Said("b"))),
    Case(
        "a journal with conflict markers",
        "a@1",
        "a@1 b@2",
        v0=Said(stops="SyntaxError"),
        v1=None,
        journal="conflict",
    ),
    Case(
        "a journal with a byte order mark",
        "a@1",
        "a@1 b@2",
        v0=Said(stops="SyntaxError"),
        v1=None,
        journal="bom",
    ),
    Case(
        "no journal",
        "a@1",
        "a@1 b@2",
        v0=Said(stops="Can't find meta/_journal.json file"),
        v1=None,
        journal="none",
    ),
    Case(
        "a journal beside the folders",
        "a@1",
        "a@1 b@2",
        v0=None,
        v1=Said(
            stops='We detected that you have old drizzle-kit migration folders. You must upgrade drizzle-kit and run "drizzle-kit up"'
        ),
        journal="present",
    ),
    Case(
        "no migrations folder",
        "",
        "",
        v0=Said(stops="Can't find meta/_journal.json file"),
        v1=Said(stops="ENOENT: no such file or directory, scandir 'drizzle'"),
        journal="gone",
    ),
    Case(
        "no time",
        "",
        "a@1 b@x",
        v0=Said("a b", fails=SYNTAX + '")"'),
        v1=Said("a b", fails='22P02 invalid input syntax for type bigint: "NaN"'),
    ),
    Case(
        "no time, on a database with rows",
        "a@1",
        "a@1 b@x",
        v0=Said(skips="b"),
        v1=Said("b", fails='22P02 invalid input syntax for type bigint: "NaN"'),
    ),
    Case("`when` is null", "", "a@null b@2", v0=Said("a b"), v1=None),
    Case(
        "`when` was null once",
        "a@null b@2",
        "a@null b@2 c@3",
        v0=Said("b", fails=EXISTS.format("b")),
        v1=None,
    ),
    # rows
    Case(
        "a row with another hash",
        "a@1 b@2",
        "a@1 b@2 c@3",
        **both(Said("c")),
        rows="UPDATE {t} SET hash = '0'",
    ),
    Case(
        "a row without a time",
        "a@1 b@2",
        "a@1 b@2 c@3",
        v0=Said("a", fails=EXISTS.format("a")),
        v1=Said("c"),
        rows="UPDATE {t} SET created_at = NULL WHERE id = 1",
    ),
    Case(
        "a row without a name",
        "a@1 b@2",
        "a@1 b@2 c@3",
        v0=None,
        v1=Said("b", fails=EXISTS.format("b")),
        rows="UPDATE {t} SET name = NULL WHERE id = 2",
    ),
    Case(
        "a row was deleted, not the newest",
        "a@1 b@2",
        "a@1 b@2 c@3",
        v0=Said("c", skips="a"),
        v1=Said("a", fails=EXISTS.format("a")),
        rows="DELETE FROM {t} WHERE id = 1",
    ),
    Case(
        "the newest row was deleted",
        "a@1 b@2",
        "a@1 b@2 c@3",
        **both(Said("b", fails=EXISTS.format("b"))),
        rows="DELETE FROM {t} WHERE id = 2",
    ),
    Case(
        "the migrations table was dropped",
        "a@1 b@2",
        "a@1 b@2",
        **both(Said("a", fails=EXISTS.format("a"))),
        rows="DROP TABLE {t}",
    ),
    Case(
        "another table and schema",
        "a@1",
        "a@1 b@2",
        **both(Said("b")),
        config=(("schema", "crm"), ("table", "applied")),
    ),
    Case(
        "another table and schema, the first run was told none",
        "a@1",
        "a@1 b@2",
        **both(Said("a", fails=EXISTS.format("a"))),
        config=(("schema", "crm"), ("table", "applied")),
        since="default",
    ),
    # 1.0 takes over the table of 0.x
    Case("0.x's table", "a@1 b@2", "a@1 b@2 c@3", v0=None, v1=Said("c"), since="v0"),
    Case(
        "0.x's table, a file edited since", "a@1 b@2", "a@1:edited b@2 c@3", v0=None, v1=Said("c"), since="v0"
    ),
    Case(
        "0.x's table, a late arrival it skipped", "a@1 c@3", "a@1 b@2 c@3", v0=None, v1=Said("b"), since="v0"
    ),
    Case(
        "0.x's table, a row of no folder",
        "a@1 b@2",
        "a@1 c@3",
        v0=None,
        v1=Said(
            stops="While upgrading your database migrations table we found 1 migrations (ids: 2) in the database that do "
            "not match any local migration. This means that some migrations were applied to the database but are missing "
            "from the local environment"
        ),
        since="v0",
    ),
    Case(
        "0.x's table, a folder of another time and the same text",
        "a@1 b@2",
        "a@1 b@5",
        v0=None,
        v1=NOTHING,
        since="v0",
    ),
    Case("0.x's table, two of one second", "a@1 b@1", "a@1 b@1 c@3", v0=None, v1=Said("c"), since="v0"),
    Case(
        "0.x's table, two of one second, one edited since",
        "a@1 b@1",
        "a@1 b@1:edited c@3",
        v0=None,
        v1=Said(
            stops="While upgrading your database migrations table we found 1 migrations (ids: 2) in the database that do "
            "not match any local migration. This means that some migrations were applied to the database but are missing "
            "from the local environment"
        ),
        since="v0",
    ),
    Case(
        "0.x's table, a row without a time",
        "a@1 b@2",
        "a@1 b@2 c@3",
        v0=None,
        v1=Said("c"),
        rows="UPDATE {t} SET created_at = NULL WHERE id = 1",
        since="v0",
    ),
    # what the files hold
    Case("an empty file, and one of comments", "", "a@1:empty b@2:comment c@3", **both(Said("a b c"))),
    Case("CRLF", "", "a@1:crlf b@2", **both(Said("a b"))),
    Case("a byte order mark", "", "a@1 b@2:bom", **both(Said("a b", fails=SYNTAX + '"\ufeffCREATE"'))),
    Case(
        "a breakpoint in a string",
        "",
        "a@1:in-string",
        **both(Said("a", fails='42601 unterminated quoted string at or near "\'one"')),
    ),
    Case(
        "a breakpoint in a body",
        "",
        "a@1:in-body",
        **both(Said("a", fails='42601 unterminated dollar-quoted string at or near "$$ BEGIN NULL; "')),
    ),
    Case(
        "a breakpoint in a comment",
        "",
        "a@1:in-comment",
        **both(Said("a", fails='42601 unterminated /* comment at or near "/* one "')),
    ),
    Case("a misspelt breakpoint", "", "a@1:misspelt b@2", **both(Said("a b"))),
    Case("several statements in a chunk", "", "a@1:together b@2", **both(Said("a b"))),
    Case("no semicolon, and a breakpoint at the end", "", "a@1:no-semicolon b@2", **both(Said("a b"))),
    Case("a psql command", "", "a@1:psql", **both(Said("a", fails=SYNTAX + '"\\"'))),
    Case("COPY with its rows", "", "a@1:copy", **both(Said("a", fails=SYNTAX + '"1"'))),
    Case(
        "CONCURRENTLY",
        "a@1",
        "a@1 b@2 c@3:concurrently d@4",
        **both(Said("b c", fails="25001 CREATE INDEX CONCURRENTLY cannot run inside a transaction block")),
    ),
)
