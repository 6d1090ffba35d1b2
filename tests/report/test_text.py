from __future__ import annotations

from dataclasses import replace

import pytest

from raincheck.engine.finding import Finding, Fix, Related, Severity
from raincheck.engine.rule import MigrationRule, StatementRule
from raincheck.engine.settings import Settings
from raincheck.report import formats
from raincheck.report.style import Style
from raincheck.report.text import MOST_CLEAN
from raincheck.sql.kinds import Kind
from support.changes import changing
from support.projects import analysis

INDEX = 'CREATE INDEX "i" ON "users" ("name");'
ADD = 'ALTER TABLE "users" ADD COLUMN "nick" text;'


class IndexBuilt(StatementRule):
    """A stand-in that says always the same, so that no rule's wording is tested here."""

    name = "index-built"
    severity = Severity.RISK
    kinds = frozenset({Kind.CREATE_INDEX})

    def check(self, step, action):
        related = (Related("held since here", step=step.ordinal - 1),)
        yield Finding(self.name, self.severity, "It waits.", "Run this:\nCOMMIT;", None, related=related)
        yield Finding(self.name, Severity.NOTE, "It waits, again.")

    def fixes(self, analysis, finding):
        if finding.help:
            yield Fix("Allow index-built here, because ...", "manual")
            yield Fix("Wait for it", "needs-deploy", preferred=True)


class Moved(MigrationRule):
    """The same for a whole file."""

    name = "moved"
    severity = Severity.DANGER

    def check(self, project, migration):
        if not migration.pending:
            yield Finding(self.name, self.severity, "It was elsewhere.")


def report(found, **style) -> str:
    return formats.render("text", [found], style=Style(**{"start": "/app", **style}))


def test_a_finding_is_shown_with_place_locks_help_fixes_and_related_places():
    found = changing(ADD, INDEX, rules=[IndexBuilt()])
    assert report(found) == (
        "drizzle  2 migrations, 1 pending, journal layout\n"
        "Pending is what comes after the tag given. PostgreSQL 15 (assumed; `postgres` in raincheck.toml or\n"
        "--postgres sets it).\n"
        "\n"
        "drizzle/0001_change.sql  yellow\n"
        "\n"
        "  risk index-built  drizzle/0001_change.sql:2:1\n"
        '    2 │ CREATE INDEX "i" ON "users" ("name");\n'
        "      │ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "    It waits.\n"
        "    locks   SHARE on public.users: blocks writes; reads and row locks go on; builds an index\n"
        "    help    Run this:\n"
        "            COMMIT;\n"
        "    fix     Wait for it (needs-deploy)\n"
        "    see     drizzle/0001_change.sql:1:1 held since here\n"
        "\n"
        "  note index-built  drizzle/0001_change.sql:2:1\n"
        '    2 │ CREATE INDEX "i" ON "users" ("name");\n'
        "      │ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "    It waits, again.\n"
        "\n"
        "1 risk, 1 note in 1 pending migration, 2 statements.\n"
        "Gate: yellow, wants a look beforehand, and timeouts.\n"
        "`raincheck explain index-built` tells more about it.\n"
    )


def test_relations_that_are_locked_alike_share_a_line():
    class Retyped(IndexBuilt):
        """The same for another kind."""

        kinds = frozenset({Kind.ALTER_COLUMN_TYPE})

    keys = ", ".join(f'CONSTRAINT "k{number}" UNIQUE ("id", "a{number}")' for number in range(6))
    columns = ", ".join(f'"a{number}" integer' for number in range(6))
    tables = f'CREATE TABLE "t" ("id" integer, {columns}, {keys});'
    shown = report(
        changing('ALTER TABLE "t" ALTER "id" TYPE bigint;', tables=tables, rules=[Retyped()]), width=300
    )
    assert (
        "    locks   ACCESS EXCLUSIVE on public.t: blocks reads and writes; rewrites the whole table\n"
        "            ACCESS EXCLUSIVE on public.k0, public.k1, public.k2 and 3 more: blocks reads and writes; "
        "builds an index\n"
    ) in shown


def test_what_is_said_of_a_file_as_a_whole_has_no_excerpt():
    found = changing(ADD, rules=[Moved()])
    assert (
        "drizzle/0000_init.sql  applied\n\n  danger moved  drizzle/0000_init.sql\n    It was elsewhere.\n\n"
        in report(found)
    )


def test_a_clean_run_says_what_was_checked():
    found = changing(ADD, 'CREATE TABLE "t" ("id" integer);', rules=[], settings=Settings(postgres=17))
    assert report(found) == (
        "drizzle  2 migrations, 1 pending, journal layout\n"
        "Pending is what comes after the tag given. PostgreSQL 17.\n"
        "\n"
        "drizzle/0001_change.sql  green  ACCESS EXCLUSIVE on public.users, changes only the catalog\n"
        "\n"
        "Nothing to say about 1 pending migration, 2 statements. Strongest lock: ACCESS EXCLUSIVE on\n"
        "public.users, changes only the catalog.\n"
        "Gate: green, deploys by itself.\n"
    )


def test_a_clean_migration_says_what_decided_its_gate():
    line = "drizzle/0001_change.sql  yellow (create index on users)  SHARE on public.users, builds an index\n"
    assert line in report(changing(INDEX, rules=[]))


def test_what_is_new_in_the_run_locks_nobody_out():
    found = changing('CREATE TABLE "t" ("id" integer); CREATE INDEX ON "t" ("id");', rules=[])
    assert "drizzle/0001_change.sql  green  locks no existing table\n" in report(found)


def test_an_empty_migration_is_said_to_be_empty():
    shown = report(changing("-- nothing", rules=[]))
    assert "drizzle/0001_change.sql  green  no statement\n" in shown
    assert "Nothing to say about 1 pending migration, 0 statements.\n" in shown


def test_many_clean_migrations_are_summed_up():
    texts = {f"{number:04}": f'CREATE TABLE "t{number}" ("id" integer);' for number in range(40)}
    shown = report(analysis(texts, everything=True, rules=[]))
    assert shown.count("green  locks no existing table") == MOST_CLEAN - 1
    assert f"and {40 - MOST_CLEAN + 1} more without findings: locks no existing table\n" in shown


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"pending_from": "git"}, "Pending is what this branch adds to the deployed one, by git."),
        (
            {"pending_from": "git", "deployed": "main (1a2b3c4)"},
            "Pending is what this branch adds to main (1a2b3c4), by git.",
        ),
        ({"pending_from": "seal"}, "Pending is what raincheck.sum does not list."),
        (
            {"pending_from": "all"},
            "Every migration is taken as pending, as asked: one run on an empty database.",
        ),
        (
            {"pending_from": "unknown"},
            "Nobody can tell what is pending, so every migration is taken as pending",
        ),
        (
            {"layout": "loose", "pending_from": "unknown"},
            "What these files do not create themselves is taken as",
        ),
    ],
)
def test_the_header_says_how_pending_was_told(options, told):
    found = changing(ADD, rules=[])
    found = replace(found, project=replace(found.project, **options))
    assert told in report(found)


@pytest.mark.parametrize(
    ("start", "path"),
    [
        ("/app", "drizzle/0001_change.sql"),
        ("/", "app/drizzle/0001_change.sql"),
        ("/app/drizzle", "0001_change.sql"),
        ("/ap", "/app/drizzle/0001_change.sql"),
        ("", "/app/drizzle/0001_change.sql"),
    ],
)
def test_paths_are_shown_from_where_the_reader_stands(start, path):
    assert f"\n{path}  green" in report(changing(ADD, rules=[]), start=start)


def test_colours_change_nothing_else():
    found = changing(ADD, INDEX, "SELEC 1;", rules=[IndexBuilt(), Moved()])
    coloured = report(found, colour=True)
    plain = coloured
    for code in ("1", "2", "31", "32", "33", "34", "1;31", "1;33", "1;34"):
        plain = plain.replace(f"\x1b[{code}m", "")
    assert "\x1b[1;33mrisk\x1b[0m" in coloured
    assert plain.replace("\x1b[0m", "") == report(found)


def test_a_finding_in_another_file_is_shown_with_its_line():
    found = changing(ADD, rules=[])
    problem = Finding(
        "settings-invalid",
        Severity.RISK,
        "No.",
        "",
        found.project.migrations[0].document.statements[0].span,
        "raincheck.toml",
    )
    project = replace(found.project, settings_text="postgres = 9\n")
    shown = report(
        replace(found, project=project, others=(replace(problem, span=type(problem.span)(11, 12)),))
    )
    assert (
        "raincheck.toml\n\n  risk settings-invalid  raincheck.toml:1:12\n    1 │ postgres = 9\n      │            ^\n    No.\n"
        in shown
    )


def test_notes_come_first():
    assert formats.render("text", [changing(ADD, rules=[])], ["no git here"]).startswith(
        "note: no git here\n\n/app/drizzle  "
    )


def test_a_crash_in_a_fix_does_not_hide_the_finding():
    class Broken(IndexBuilt):
        """A rule whose fixes cannot be built."""

        def fixes(self, analysis, finding):
            raise ZeroDivisionError

    shown = report(changing(INDEX, rules=[Broken()]))
    assert "It waits." in shown
    assert "Wait for it" not in shown
