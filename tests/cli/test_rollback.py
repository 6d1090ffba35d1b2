from __future__ import annotations


def test_the_pending_run_is_undone(project, run):
    code, out, err = run("rollback", "--since", "0000_init")
    assert (code, err) == (0, "")
    assert 'DROP INDEX "public"."i";' in out
    assert "0000_init" not in out


def test_a_tag_is_undone_with_what_is_behind_it(project, run):
    code, out, _ = run("rollback", "0000_init", "--all")
    assert code == 0
    assert out.startswith("-- Rollback of 0001_index, 0000_init, by Raincheck ")
    assert 'DROP TABLE "public"."users";' in out


def test_a_file_can_be_named(project, run):
    assert run("rollback", "drizzle/0001_index.sql", "--all").out.startswith("-- Rollback of 0001_index, by ")


def test_what_is_not_there_is_said(project, run):
    code, out, err = run("rollback", "0009_x", "--all")
    assert (code, out) == (2, "")
    assert err.startswith("raincheck: no migration here is called 0009_x.")


def test_what_does_not_come_back_is_an_exit_code(project, run):
    (project / "drizzle" / "0001_index.sql").write_text('DROP TABLE "users" CASCADE;')
    code, out, _ = run("rollback", "--since", "0000_init")
    assert code == 1
    assert "-- loses data: its rows are lost" in out
