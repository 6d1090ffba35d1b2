"""Allowing a finding: the comment or the entry is right, and counts once a reason is written."""

from __future__ import annotations

import pytest

from raincheck.engine.allowances import PLACEHOLDER
from raincheck.session.pending import Selection
from raincheck.session.session import Options, Session
from support.pages import apply
from support.projects import chunked, journal

BASE = 'CREATE TABLE "t" ("id" integer PRIMARY KEY NOT NULL, "c" text);'
DROP = chunked('ALTER TABLE "t" ADD COLUMN "d" date;', 'ALTER TABLE "t" DROP COLUMN "c";')
QUIET = {"rules": {"lock-timeout-missing": "off"}}


def write(root, last: str, *, end_of_line: str = "\n"):
    meta = root / "drizzle" / "meta"
    meta.mkdir(parents=True)
    (meta / "_journal.json").write_text(journal(["0000_base", "0001_drop"]))
    (root / "drizzle/0000_base.sql").write_text(BASE)
    (root / "drizzle/0001_drop.sql").write_bytes(last.replace("\n", end_of_line).encode())
    return root


def analysis(root, selection: Selection | None = None):
    session = Session(str(root), Options(selection or Selection(since="0000_base"), fallback=QUIET))
    (found,) = session.analyses()
    return found


def allow(found, rule: str):
    offered = [fix for finding in found.findings for one, fix in found.fixes(finding) if one.rule == rule]
    (fix,) = [fix for fix in offered if fix.title.startswith("Allow ")]
    return fix


@pytest.mark.parametrize("end_of_line", ["\n", "\r\n"])
def test_a_pending_migration_gets_a_comment(tmp_path, end_of_line):
    root = write(tmp_path / "project", DROP, end_of_line=end_of_line)
    fix = allow(analysis(root), "column-dropped")
    assert fix.title == "Allow column-dropped here, because ..."
    apply(root, root, fix)
    text = (root / "drizzle/0001_drop.sql").read_bytes().decode()
    comment = f"-- raincheck: allow column-dropped because {PLACEHOLDER}{end_of_line}"
    assert text == DROP.replace("\n", end_of_line).replace(
        'ALTER TABLE "t" DROP', f'{comment}ALTER TABLE "t" DROP'
    )
    assert {finding.rule for finding in analysis(root).findings} == {
        "column-dropped",
        "allowance-without-reason",
    }
    (root / "drizzle/0001_drop.sql").write_text(text.replace(PLACEHOLDER, "nobody reads it"))
    assert analysis(root).findings == ()


@pytest.mark.parametrize("settings", [None, "", "postgres = 16", "postgres = 16\n", "postgres = 16\r\n"])
def test_an_applied_migration_gets_an_entry_in_the_settings(tmp_path, settings):
    root = write(tmp_path / "project", DROP)
    session = Session(str(root), Options(Selection(since="0001_drop"), fallback=QUIET))
    (root / "drizzle/raincheck.sum").write_text(session.sealed(session.analyses()[0].project))
    (root / "drizzle/0001_drop.sql").write_text(DROP.replace('"d" date', '"d" integer'))
    if settings is not None:
        (root / "raincheck.toml").write_bytes(settings.encode())
    selection = Selection()
    apply(root, root, allow(analysis(root, selection), "migration-edited"))
    text = (root / "raincheck.toml").read_bytes().decode()
    assert text.startswith(settings or "[[allow]]")
    assert "[[allow]]" in text.splitlines()
    rules = [finding.rule for finding in analysis(root, selection).findings]
    assert rules == ["allowance-without-reason", "migration-edited"]
    (root / "raincheck.toml").write_bytes(text.replace(PLACEHOLDER, "put right by hand").encode())
    assert analysis(root, selection).findings == ()
