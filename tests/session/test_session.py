"""A sitting: unsaved texts, changed files, loose files, seals, and the same answer as a sitting begun afresh."""

from __future__ import annotations

import pytest

from raincheck.session.errors import SessionError
from raincheck.session.pending import Selection, UnknownTagError
from raincheck.session.session import Options, Session
from support.projects import chunked, journal, told

INIT = 'CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text);'
INDEX = 'CREATE INDEX "i" ON "users" ("email");'
QUIET = "SET LOCAL lock_timeout = '2s';"


@pytest.fixture
def app(tmp_path):
    root = tmp_path / "repository" / "app"
    (root / "drizzle" / "meta").mkdir(parents=True)
    write(root, {"0": INIT, "1": chunked(QUIET, INDEX)})
    return root


def write(root, migrations):
    for tag, sql in migrations.items():
        (root / "drizzle" / f"{tag}.sql").write_text(sql)
    (root / "drizzle" / "meta" / "_journal.json").write_text(journal(list(migrations)))


def sitting(root, since="0"):
    return Session(str(root), Options(Selection(since=since)))


def findings(session):
    return [line for analysis in session.analyses() for line in told(analysis)]


def test_it_finds_the_project_from_any_folder_in_or_above_it(app):
    for start in (app, app / "drizzle", app / "drizzle" / "meta", app.parent, app / "drizzle" / "1.sql"):
        assert findings(sitting(start)) == ["1.sql:2 risk index-blocks-writes"], start


def test_an_unsaved_text_counts_until_it_is_closed(app):
    session = sitting(app)
    session.overlay(str(app / "drizzle" / "1.sql"), "SELECT 1;")
    assert findings(session) == []
    session.overlay(str(app / "drizzle" / "1.sql"), None)
    assert findings(session) == ["1.sql:2 risk index-blocks-writes"]


def test_an_unsaved_journal_counts_too(app):
    session = sitting(app)
    session.overlay(str(app / "drizzle" / "meta" / "_journal.json"), journal(["0"]))
    assert findings(session) == ["1.sql:0 risk file-without-journal-entry"]


def test_a_file_that_drizzle_kit_writes_is_seen_when_told(app):
    session = sitting(app)
    assert len(findings(session)) == 1
    write(app, {"0": INIT, "1": chunked(QUIET, INDEX), "2": 'DROP TABLE "users";'})
    session.forget([str(app / "drizzle" / "2.sql"), str(app / "drizzle" / "meta" / "_journal.json")])
    assert [line.split()[2] for line in findings(session)] == ["index-blocks-writes", "table-dropped"]


def test_the_settings_file_is_read_again(app):
    session = sitting(app)
    assert len(findings(session)) == 1
    (app / "raincheck.toml").write_text('[rules]\nindex-blocks-writes = "off"\n')
    session.forget([str(app / "raincheck.toml")])
    assert findings(session) == []


def test_an_editors_settings_fill_what_the_file_leaves_open(app):
    session = Session(str(app), Options(Selection(since="0"), fallback={"postgres": 17, "base": "trunk"}))
    assert session.analyses()[0].settings.target == 17
    (app / "raincheck.toml").write_text("postgres = 14\n")
    session.forget()
    assert session.analyses()[0].settings.target == 14
    session.configure(Options(Selection(since="0"), override={"postgres": 12}))
    assert session.analyses()[0].settings.target == 12


def test_a_loose_file_is_taken_by_itself(app):
    (app / "scratch.sql").write_text(INDEX)
    analysis, path = sitting(app).of(str(app / "scratch.sql"))
    assert (path, analysis.project.layout) == ("scratch.sql", "loose")
    assert "index-blocks-writes" in {finding.rule for finding in analysis.findings}


def test_an_edit_of_a_loose_file_reuses_what_is_known_of_it(app):
    (app / "scratch.sql").write_text(INDEX)
    session = sitting(app)
    session.of(str(app / "scratch.sql"))
    session.overlay(str(app / "scratch.sql"), f"-- a comment\n{INDEX}")
    analysis, _ = session.of(str(app / "scratch.sql"))
    assert analysis.timeline.reused == 1
    session.overlay(str(app / "scratch.sql"), None)
    assert session.of(str(app / "scratch.sql"))[0].timeline.steps[0].statement.span.start == 0


def test_a_file_belongs_to_its_project(app):
    analysis, path = sitting(app).of(str(app / "drizzle" / "1.sql"))
    assert (path, analysis.project.layout) == ("drizzle/1.sql", "journal")


def test_a_tag_that_is_not_there_is_an_error(app):
    with pytest.raises(UnknownTagError, match="has no migration 9"):
        sitting(app, since="9").analyses()


def test_in_a_monorepo_a_tag_is_said_of_the_project_that_has_it(app):
    other = app.parent / "other"
    (other / "drizzle" / "meta").mkdir(parents=True)
    write(other, {"a": INIT, "b": INDEX})
    found = {
        a.project.root.rpartition("/")[2]: a.project.pending_from for a in sitting(app.parent).analyses()
    }
    assert found == {"app": "since", "other": "unknown"}


def test_in_a_monorepo_a_seal_follows_the_tag_only_where_it_is_one(app):
    other = app.parent / "other"
    (other / "drizzle" / "meta").mkdir(parents=True)
    write(other, {"a": INIT, "b": INDEX})
    session = sitting(app.parent)
    of = {analysis.project.root.rpartition("/")[2]: analysis.project for analysis in session.analyses()}
    assert session.sealed(of["app"]).splitlines()[1:] != []
    with pytest.raises(SessionError, match="not known"):
        session.sealed(of["other"])


def test_seal_holds_what_is_applied(app):
    session = sitting(app)
    (analysis,) = session.analyses()
    assert [line.split()[2] for line in session.sealed(analysis.project).splitlines()[1:]] == ["0"]
    everything = session.sealed(analysis.project, everything=True)
    assert [line.split()[2] for line in everything.splitlines()[1:]] == ["0", "1"]


def test_seal_does_not_guess(app):
    session = Session(str(app))
    (analysis,) = session.analyses()
    with pytest.raises(SessionError, match="--since"):
        session.sealed(analysis.project)


def test_an_edit_of_a_sealed_migration_is_found_and_its_restoration_too(app):
    session = sitting(app)
    (app / "drizzle" / "raincheck.sum").write_text(session.sealed(session.analyses()[0].project))
    session = Session(str(app))
    assert findings(session) == ["1.sql:2 risk index-blocks-writes"]
    session.overlay(str(app / "drizzle" / "0.sql"), INIT.replace("text", "varchar(20)"))
    assert findings(session) == ["0.sql:1 danger migration-edited", "1.sql:2 risk index-blocks-writes"]
    session.overlay(str(app / "drizzle" / "0.sql"), INIT)
    assert findings(session) == ["1.sql:2 risk index-blocks-writes"]
