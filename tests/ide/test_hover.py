"""What a hover says, in plain text; the form in Markdown is tested by itself."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from raincheck.engine.settings import Settings
from raincheck.ide.blocks import markdown, plain
from raincheck.ide.hover import Hover
from raincheck.ide.hover import hover as hover_at
from support.changes import TABLES, changing
from support.projects import analysis

if TYPE_CHECKING:
    from raincheck.engine.analysis import Analysis

CHANGE = "drizzle/0001_change.sql"
BREAKPOINT = "--> statement-breakpoint"


def hover(found: Analysis, path: str, offset: int) -> Hover | None:
    return hover_at(found, path, offset, "file:///app/{}".format)


def hovered(*statements: str, **options: object) -> str:
    """The hover at the `|` in one of the pending statements."""
    texts = [statement.replace("|", "") for statement in statements]
    found = changing(*texts, **options)
    offset = f"{BREAKPOINT}\n".join(statements).index("|")
    return plain(hover(found, CHANGE, offset).blocks)


def check(*statements: str, says: str, **options: object) -> None:
    assert hovered(*statements, **options) == dedent(says).strip()


def test_a_risky_statement():
    check(
        'ALTER TABLE "posts" DROP COLUMN "author";',
        '|ALTER TABLE "users" ALTER COLUMN "age" SET DATA TYPE bigint;',
        settings=Settings(postgres=16),
        says="""
        ALTER COLUMN TYPE age on public.users

        Blocks reads and writes of public.users: rewrites the whole table and builds an index.

        public.users: ACCESS EXCLUSIVE; blocks reads and writes; rewrites the whole table
        public.users_pkey: ACCESS EXCLUSIVE; blocks reads and writes; builds an index

        While it waits for this lock, every later query on the table waits behind it.

        Drizzle runs it in one transaction with all pending migrations, so what it locks stays locked until the last of them is done.

        Already held: public.posts ACCESS EXCLUSIVE since 0001_change:1.

        To undo it: change the type back, as long as every value fits the old one.

        0001_change, pending; PostgreSQL 16

        Rules: danger column-type-rewrites, note cached-plan-broken.

        Source: sql-altertable
        """,
    )


def test_a_safe_statement():
    check(
        'CREATE TABLE "new" |("id" integer);',
        says="""
        CREATE TABLE public.new

        It locks nothing that existed before it.

        Drizzle runs it in one transaction with all pending migrations.

        To undo it: drop the table again; what is written into it until then is lost.

        0001_change, pending; PostgreSQL 15 (assumed; postgres in raincheck.toml says which)
        """,
    )


@pytest.mark.parametrize("upkeep", ["VACUUM", "ANALYZE"])
def test_upkeep_goes_through_the_rows(upkeep):
    said = hovered("COMMIT;", f'|{upkeep} "users";')
    assert "public.users: SHARE UPDATE EXCLUSIVE; blocks VACUUM, CREATE INDEX and schema changes" in said
    assert "touches rows" in said
    assert "changes only the catalog" not in said


def test_the_rules_that_speak_lead_to_their_pages():
    found = changing('DROP TABLE "users";')
    hovered = hover_at(found, CHANGE, 0, "file:///app/{}".format, "file:///rules/{}.md".format)
    assert "Rules: danger [table-dropped](file:///rules/table-dropped.md)" in markdown(hovered.blocks)
    assert "Rules: danger table-dropped" in plain(hovered.blocks)


def test_the_indexes_of_a_table_whose_rows_change_are_not_worth_a_line():
    said = hovered('DROP INDEX "posts_author_idx";', 'UPDATE "users"| SET "age" = 1;', "SELECT 1;")
    assert "public.users: ROW EXCLUSIVE; blocks" in said
    assert "public.users_pkey" not in said
    assert "catalog" not in said


def test_of_what_is_held_already_no_index_beside_its_table():
    said = hovered('UPDATE "users" SET "age" = 1;', 'UPDATE "posts" SET "id" = 1;', 'DROP TABLE "posts"|;')
    assert "Already held: public.posts ROW EXCLUSIVE since 0001_change:2, public.users ROW EX" in said
    (already,) = (line for line in said.splitlines() if line.startswith("Already held"))
    assert "_pkey" not in already


def test_a_new_table_is_nobody_s():
    said = hovered('CREATE TABLE "new" ("id" integer);', '|CREATE INDEX "i" ON "new" ("id");')
    assert "public.new  SHARE  nobody: it is new in this run  builds an index" in said


def test_an_applied_statement():
    said = plain(hover(changing("SELECT 1;"), "drizzle/0000_init.sql", 3).blocks)
    assert said.startswith("CREATE TABLE public.users")
    assert "It has been applied and does not run again" in said
    assert "0000_init, applied" in said


def test_a_statement_that_is_certain_to_fail():
    said = hovered('CREATE INDEX CONCURRENTLY| "i" ON "users" ("name");')
    assert (
        "It fails: CREATE INDEX CONCURRENTLY cannot run inside a transaction block (SQLSTATE 25001)." in said
    )


def test_a_statement_outside_drizzle_s_transaction():
    said = hovered("COMMIT;", 'CREATE INDEX CONCURRENTLY| "i" ON "users" ("name");')
    assert "It fails" not in said
    assert "It runs outside of any transaction block; its locks end with it." in said


def test_a_lock_timeout_that_is_in_force():
    said = hovered("SET lock_timeout = '2s';", 'DROP TABLE "users"|;')
    assert "every later query" not in said
    assert "lock_timeout = 2s" in said
    assert "It cannot be undone without loss: its rows are lost." in said


def test_a_broken_statement():
    said = hovered('ALTER TABEL| "users";', 'DROP TABLE "users";')
    assert said.startswith("This statement cannot be read: ")
    assert "It locks nothing" not in said
    assert "Whether it can be undone is not known" in said


def test_what_is_not_known():
    said = hovered('ALTER TABLE "elsewhere" ALTER COLUMN "a" TYPE bigint|;')
    assert "Not known: " in said


def test_a_skipped_migration():
    """Drizzle compares dates with the newest applied migration only."""
    from dataclasses import replace

    from raincheck.engine.analysis import analyse
    from raincheck.project.project import State

    found = changing('DROP TABLE "users";')
    migrations = [
        replace(migration, state=State.SKIPPED) if migration.tag == "0001_change" else migration
        for migration in found.project.migrations
    ]
    skipped = analyse(replace(found.project, migrations=tuple(migrations)), found.settings, found.rules)
    assert "Drizzle skips this migration" in plain(hover(skipped, CHANGE, 0).blocks)


def test_nobody_knows_what_is_pending():
    found = analysis({"0000_init": TABLES})
    assert "0000_init, pending or applied, nobody can tell" in plain(
        hover(found, "drizzle/0000_init.sql", 0).blocks
    )


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ('|ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL;', "SET NOT NULL name on public.users"),
        ('|CREATE INDEX "by_name" ON "users" ("name");', "CREATE INDEX by_name on public.users"),
        ('|ALTER TABLE "users" RENAME TO "people";', "RENAME TABLE public.users to people"),
        ('|ALTER TABLE "users" RENAME COLUMN "name" TO "n";', "RENAME COLUMN name on public.users to n"),
        (
            '|ALTER TABLE "posts" ADD CONSTRAINT "fk" FOREIGN KEY ("author") REFERENCES "users"("id");',
            "ADD FOREIGN KEY fk on public.posts",
        ),
        ('|CREATE SCHEMA "analytics";', "CREATE SCHEMA analytics"),
        ("|SET lock_timeout = '2s';", "SET lock_timeout"),
        ("|COMMIT;", "COMMIT"),
        ("|LISTEN  a_channel;", "LISTEN a_channel"),
        (
            '|ALTER TABLE "users" DROP COLUMN "name", DROP COLUMN "age";',
            "DROP COLUMN name on public.users, DROP COLUMN age on public.users",
        ),
    ],
)
def test_what_it_does(sql, said):
    assert hovered(sql).split("\n\n")[0] == said


def test_long_lists_are_counted():
    columns = ", ".join(f'ADD COLUMN "c{n}" integer' for n in range(12))
    assert hovered(f'|ALTER TABLE "users" {columns};').split("\n\n")[0].endswith(" and 4 more")


@pytest.mark.parametrize(
    ("text", "offset", "span"),
    [
        ("SELECT 1 ; SELECT 2", 0, (0, 10)),
        ("SELECT 1 ; SELECT 2", 10, (0, 10)),
        ("SELECT 1 ; SELECT 2", 11, (11, 19)),
        ("SELECT 1 ; SELECT 2", 19, (11, 19)),
        ("-- c\nSELECT 1", 2, None),
        ("SELECT 1;\n\n", 11, None),
        ("", 0, None),
    ],
)
def test_where(text, offset, span):
    found = hover(changing(text), CHANGE, offset)
    assert (found and (found.span.start, found.span.end)) == span
    assert hover(changing(text), "drizzle/other.sql", offset) is None


def test_markdown_links_to_what_holds_a_lock():
    text = 'DROP TABLE "posts";\nDROP TABLE "users";'
    said = markdown(hover(changing(text), CHANGE, len(text) - 3).blocks)
    assert (
        "Already held: `public.posts` ACCESS EXCLUSIVE since [0001_change:1](file:///app/drizzle/0001_change.sql#L1)"
        in said
    )
    assert (
        "| `public.users` | ACCESS EXCLUSIVE | blocks reads and writes | changes only the catalog |" in said
    )
    assert "[sql-droptable](https://www.postgresql.org/docs/current/sql-droptable.html)" in said
