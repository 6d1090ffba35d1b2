"""`raincheck fix`: what it writes, what it leaves, and that it never leaves half."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from raincheck.engine.finding import Finding, Fix, Severity
from raincheck.engine.rule import MigrationRule
from raincheck.text import Edit, Span
from support.changes import TABLES
from support.fix_proofs import project as written

if TYPE_CHECKING:
    from pathlib import Path

INDEX = 'CREATE INDEX "i" ON "users" ("name");'
OTHER = 'CREATE INDEX "j" ON "users" ("id", "name");'
COLUMN = 'ALTER TABLE "users" ADD COLUMN "note" text;'
REQUIRED = 'ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL;'
BREAK = "--> statement-breakpoint\n"
SINCE = ("--since", "0000_m")
ONLINE = (
    'COMMIT;--> statement-breakpoint\nDROP INDEX CONCURRENTLY IF EXISTS "i";--> statement-breakpoint\n'
    'CREATE INDEX CONCURRENTLY "i" ON "users" ("name");--> statement-breakpoint\nBEGIN;'
)
RULE = ("--rule", "index-blocks-writes")


class Project:
    """A journal folder: two tables that are applied, and a migration that is not."""

    def __init__(self, root: Path, pending: str) -> None:
        self.root = written(root, "v0", (TABLES, pending))
        self.journal = root / "drizzle" / "meta" / "_journal.json"

    def path(self, tag: str) -> Path:
        return self.root / "drizzle" / f"{tag}.sql"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Makes a project, in which the test stands."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RAINCHECK_DEBUG", raising=False)
    return lambda pending: Project(tmp_path, pending)


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_what_it_fixes_it_fixes_once(folder, run):
    path = folder(INDEX).path("0001_m")
    code, out, _ = run("fix", *SINCE)
    assert code == 0
    assert path.read_text() == ONLINE
    assert "fixed drizzle/0001_m.sql:1  index-blocks-writes\n" in out
    assert "Changed drizzle/0001_m.sql.\nNothing is left.\n" in out
    after = contents(path.parent)
    assert run("fix", *SINCE) == (0, "Nothing was changed.\nNothing is left.\n", "")
    assert contents(path.parent) == after
    assert run("check", *SINCE).code == 0


def test_fixes_of_one_file_do_not_clash_and_new_migrations_are_seen(folder, run):
    project = folder(BREAK.join((COLUMN, INDEX, OTHER)))
    code, out, _ = run("fix", *SINCE)
    assert (code, out.count("fixed ")) == (0, 3)
    assert project.path("0001_m").read_text() == f"SET LOCAL lock_timeout = '2s';{BREAK}{COLUMN}"
    assert project.path("0002_build_i").exists()
    assert project.path("0003_build_j").exists()
    assert [name for name in ("0002", "0003") if f'"{name}_build_' in project.journal.read_text()] == [
        "0002",
        "0003",
    ]
    assert "Nothing is left." in out
    assert run("check", *SINCE).code == 0


def test_it_sees_the_new_folders_of_drizzle_1(tmp_path, monkeypatch, run):
    root = written(tmp_path / "app", "v1", (TABLES, BREAK.join((COLUMN, INDEX, OTHER))))
    monkeypatch.chdir(root)
    code, out, _ = run("fix", "--since", "20261122120000_m", *RULE)
    assert (code, out.count("fixed ")) == (0, 2)
    folders = sorted(path.name for path in (root / "drizzle").iterdir())
    assert folders[2:] == ["20261122120002_build_i", "20261122120003_build_j"]
    assert sorted(path.name for path in (root / "drizzle" / folders[2]).iterdir()) == [
        "migration.sql",
        "snapshot.json",
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_diff_is_what_is_written_and_writes_nothing(folder, run, end):
    project = folder(BREAK.join((COLUMN, INDEX, OTHER)).replace("\n", end))
    before = contents(project.root)
    code, told, _ = run("fix", "--diff", *SINCE)
    assert (code, contents(project.root)) == (0, before)
    assert "+++ b/drizzle/0002_build_i.sql" in told
    assert run("fix", *SINCE).code == 0
    after = contents(project.root)
    for path in (project.root / "drizzle").rglob("*.*"):
        path.unlink()
    for path, content in before.items():
        (project.root / path).write_bytes(content)
    patch = project.root / "told.patch"
    patch.write_bytes(told.encode())
    subprocess.run(["git", "apply", patch.name], cwd=project.root, check=True)
    patch.unlink()
    assert contents(project.root) == after


def test_without_changes_there_is_no_diff(folder, run):
    folder("SELECT 1;")
    assert run("fix", "--diff", *SINCE) == (0, "", "")


def test_it_wants_to_know_what_is_pending(folder, run):
    project = folder(INDEX)
    before = contents(project.root)
    code, out, err = run("fix")
    assert (code, out) == (2, "")
    assert "Which migrations are pending is not known" in err
    assert contents(project.root) == before
    assert run("fix", "--all").code == 0


def test_what_is_spread_over_deployments_is_asked_for(folder, run):
    project = folder(REQUIRED)
    code, out, _ = run("fix", *SINCE)
    assert code == 1
    assert "so only --needs-deploy applies it" in out.replace("\n    ", " ")
    assert REQUIRED in project.path("0001_m").read_text()
    assert run("fix", *SINCE, "--fail-on", "never").code == 0
    code, out, _ = run("fix", *SINCE, "--needs-deploy")
    assert code == 0
    assert "NOT VALID;" in project.path("0001_m").read_text()


def test_a_lock_timeout_is_set_in_each_transaction_and_in_files_that_the_run_makes(folder, run):
    project = folder(f'CREATE TABLE "t" ("id" integer);{BREAK}{REQUIRED}')
    code, out, _ = run("fix", *SINCE, "--needs-deploy")
    assert (code, "not applied" in out) == (0, False)
    assert project.path("0001_m").read_text().startswith("SET LOCAL lock_timeout = '2s';-->")
    behind = project.path("0002_users_name_not_null").read_text()
    assert behind.startswith(f"COMMIT;{BREAK}BEGIN;{BREAK}SET LOCAL lock_timeout = '2s';{BREAK}ALTER TABLE")


def test_a_fix_that_two_rules_offer_is_named_once(folder, run):
    folder(f'{COLUMN}{BREAK}UPDATE "users" SET "note" = \'x\';')
    out = run("fix", *SINCE, "--rule", "work-under-exclusive-lock").out.replace("\n    ", " ")
    assert out.count("Take it out of the migration") == 1


def test_only_the_rules_that_are_named(folder, run):
    project = folder(INDEX)
    assert (
        run("fix", *SINCE, "--rule", "set-not-null-scans").out == "Nothing was changed.\nNothing is left.\n"
    )
    assert project.path("0001_m").read_text() == INDEX
    assert run("fix", *SINCE, *RULE).code == 0
    assert project.path("0001_m").read_text() == ONLINE
    code, _, err = run("fix", *SINCE, "--rule", "index-block-writes")
    assert (code, err) == (
        2,
        "raincheck: There is no rule index-block-writes; did you mean index-blocks-writes?\n",
    )


def test_an_applied_migration_is_never_touched(folder, run):
    project = folder(INDEX)
    assert run("seal", *SINCE).code == 0
    first = project.path("0000_m")
    first.write_text(first.read_text() + "-- edited\n")
    before = first.read_bytes()
    code, out, _ = run("fix", *RULE, "--rule", "migration-edited")
    assert code == 1
    assert "migration-edited" in out.partition("left:")[2]
    assert first.read_bytes() == before
    assert (project.root / "drizzle" / "raincheck.sum").read_text().splitlines()[1].endswith(" 0000_m")
    assert project.path("0001_m").read_text() == ONLINE


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"SELECT 1;--> statement-breakpoint\r\n" + INDEX.encode(), b"SELECT 1;"),
        (INDEX.encode().replace(b'"i"', '"ï"'.encode()), ONLINE.replace('"i"', '"ï"').encode()),
    ],
    ids=["crlf", "utf-8"],
)
def test_the_bytes_around_are_kept(folder, run, content, wanted):
    project = folder("")
    path = project.path("0001_m")
    path.write_bytes(content)
    assert run("fix", *SINCE, *RULE).code == 0
    assert path.read_bytes() == wanted


def test_a_file_that_is_not_utf_8_is_left(folder, run):
    project = folder("")
    path = project.path("0001_m")
    path.write_bytes(f"-- \xe9\n{INDEX}".encode("latin-1"))
    before = contents(project.root)
    code, out, _ = run("fix", *SINCE, *RULE)
    assert code == 1
    assert "0001_m.sql is not UTF-8." in out.replace("\n    ", " ")
    assert contents(project.root) == before


def test_a_read_only_file_is_left(folder, run):
    project = folder(INDEX)
    path = project.path("0001_m")
    path.chmod(0o444)
    code, out, _ = run("fix", *SINCE, *RULE)
    assert code == 1
    assert "0001_m.sql is read-only." in out.replace("\n    ", " ")
    assert path.read_text() == INDEX


def test_a_link_stays_a_link_and_one_to_elsewhere_is_left(folder, run, tmp_path_factory):
    project = folder(INDEX)
    path, inside = project.path("0001_m"), project.root / "real.sql"
    path.rename(inside)
    path.symlink_to(inside)
    assert run("fix", *SINCE, *RULE).code == 0
    assert path.is_symlink()
    assert inside.read_text() == ONLINE
    outside = tmp_path_factory.mktemp("elsewhere") / "real.sql"
    outside.write_text(INDEX)
    path.unlink()
    path.symlink_to(outside)
    code, out, _ = run("fix", *SINCE, *RULE)
    assert code == 1
    assert "outside the project" in out.replace("\n    ", " ")
    assert outside.read_text() == INDEX


@pytest.mark.parametrize("at", range(1, 5))
def test_when_one_file_cannot_be_written_none_is(folder, run, monkeypatch, at):
    project = folder(BREAK.join((COLUMN, INDEX)))
    before, replace, calls = contents(project.root), os.replace, []

    def full(source, target):
        calls.append(target)
        if len(calls) == at:
            raise OSError(28, "No space left on device", target)
        replace(source, target)

    monkeypatch.setattr("os.replace", full)
    code, out, err = run("fix", *SINCE, *RULE)
    assert (code, out) == (2, "")
    assert err.endswith(": No space left on device.\n")
    assert contents(project.root) == before
    assert len(calls) >= at


class Toggles(MigrationRule):
    """Wants a word that the other does not want."""

    severity, telling = Severity.RISK, "apart"

    def __init__(self, name: str, old: str, new: str) -> None:
        self.name, self.old, self.new = name, old, new

    def check(self, project, migration):
        at = migration.document.text.find(self.old)
        if migration.pending and at >= 0:
            yield Finding(self.name, self.severity, "It is so.", span=Span(at, at + 3), path=migration.path)

    def fixes(self, analysis, finding):
        yield Fix(
            f"Write {self.new}", "exact", {finding.path: (Edit(finding.span, self.new),)}, preferred=True
        )


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        (
            [Toggles("one", "aaa", "bbb"), Toggles("other", "bbb", "aaa")],
            "it brings what is as severe: other",
        ),
        ([Toggles("one", "aaa", "aaa")], "it leads back to where it was"),
        ([Toggles("one", "aaa", "aaaaaa")], "it does not cure what was found"),
    ],
    ids=["two that undo each other", "nothing", "more of it"],
)
def test_fixes_that_do_not_help_are_taken_back(folder, run, monkeypatch, rules, why):
    project = folder("SELECT 'aaa';")
    monkeypatch.setattr("raincheck.session.session.ALL", rules)
    code, out, _ = run("fix", *SINCE)
    assert code == 1
    assert why in out.replace("\n    ", " ")
    assert project.path("0001_m").read_text() == "SELECT 'aaa';"
