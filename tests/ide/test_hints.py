"""What stands behind a statement, and what its tooltip says in plain text."""

from __future__ import annotations

import pytest

from raincheck.engine.settings import Settings
from raincheck.engine.sizes import Size, SizeClass, Sizes
from raincheck.ide.blocks import plain
from raincheck.ide.hints import Hint, hints
from raincheck.sql.names import Name
from raincheck.text import Span
from support.changes import changing

CHANGE = "drizzle/0001_change.sql"


def hinted(*statements: str, wanted: str = "risky", path: str = CHANGE, **options: object) -> list[Hint]:
    found = changing(*statements, **options)
    return list(hints(found, path, Span(0, 10_000), wanted, "file:///app/{}".format))


@pytest.mark.parametrize(
    ("sql", "risky", "every"),
    [
        ('ALTER TABLE "users" DROP COLUMN "age";', 'ACCESS EXCLUSIVE on "users"', None),
        ('CREATE INDEX "i" ON "users" ("age");', 'SHARE on "users"', None),
        (
            'ALTER TABLE "posts" ADD FOREIGN KEY ("author") REFERENCES "users"("id");',
            'SHARE ROW EXCLUSIVE on "posts" and "users"',
            None,
        ),
        ('UPDATE "users" SET "age" = 1;', None, 'ROW EXCLUSIVE on "users"'),
        ('CREATE TABLE "new" ("id" integer);', None, None),
        ("SELECT 1;", None, None),
        ('ALTER TABEL "users";', None, None),
        ('CREATE INDEX CONCURRENTLY "i" ON "users" ("age");', None, None),  # fails: it is in a transaction
    ],
)
def test_which_lock_is_shown(sql, risky, every):
    assert [hint.label for hint in hinted(sql)] == ([risky] if risky else [])
    shown = every or risky
    assert [hint.label for hint in hinted(sql, wanted="all")] == ([shown] if shown else [])
    assert hinted(sql, wanted="off") == []


def test_many_relations_are_counted_those_named_first():
    tables = 'CREATE TABLE "z" ("id" integer);' + "".join(
        f'CREATE TABLE "p{n}" () INHERITS ("z");' for n in range(4)
    )
    (hint,) = hinted('ALTER TABLE "z" DROP COLUMN "id";', tables=tables)
    assert hint.label == 'ACCESS EXCLUSIVE on "z", "p0" and 3 more'


def test_an_applied_migration_only_where_all_are_wanted():
    change = ('ALTER TABLE "users" DROP COLUMN "age";',)
    found = changing(*change)
    later = {"path": "drizzle/0000_init.sql"}
    assert hinted(*change, wanted="all", **later) == []  # it created what it locked
    assert hints(found, "drizzle/0000_init.sql", Span(0, 10_000), "risky", str) == ()


def test_the_tooltip_says_what_is_blocked_since_when_and_how_long():
    sizes = Sizes({Name("", "users"): Size("raincheck.toml", said=SizeClass.LARGE)})
    _, hint = hinted(
        'ALTER TABLE "users" DROP COLUMN "age";',
        'CREATE INDEX "i" ON "users" ("name");',
        settings=Settings(sizes=sizes),
    )
    blocks, since, held, size = plain(hint.tooltip).split("\n\n")
    assert blocks == "public.users: blocks writes; reads and row locks go on; builds an index."
    assert since == "public.users has been locked since 0001_change:1 already (ACCESS EXCLUSIVE)."
    assert held.startswith(
        "Drizzle runs it in one transaction with all pending migrations, so what it locks stays"
    )
    assert size == "Size: public.users is large (raincheck.toml)."


def test_the_place_is_behind_the_semicolon_and_the_span_counts():
    found = changing('DROP TABLE "posts";', 'DROP TABLE "users"')
    text = found.project.migration("0001_change").document.text
    places = [hint.offset for hint in hints(found, CHANGE, Span(0, len(text)), "risky", str)]
    assert [text[:place][-8:] for place in places] == ['"posts";', ' "users"']
    assert [
        hint.offset for hint in hints(found, CHANGE, Span(places[0] + 1, len(text)), "risky", str)
    ] == places[1:]
    assert hints(found, "drizzle/other.sql", Span(0, 9), "all", str) == ()
