import pytest
from hypothesis import given

from raincheck.sql.plpgsql import body_statements
from support.sql_fragments import texts


def check(sql: str, *expected: tuple[str, str]) -> None:
    """The statements of a body are these, with these guards, and each stands where its span says."""
    found = body_statements(sql)
    assert found is not None
    assert [(one.text, one.guard) for one in found] == list(expected)
    assert all(one.span.within(sql) == one.text for one in found if one.text in sql)


def test_drizzle_kits_block():
    check(
        'DO $$ BEGIN\n ALTER TABLE "a" ADD CONSTRAINT "x" UNIQUE("b");\nEXCEPTION\n WHEN duplicate_object THEN null;\nEND $$;',
        ('ALTER TABLE "a" ADD CONSTRAINT "x" UNIQUE("b")', "duplicate_object"),
    )


def test_branches_and_loops():
    check(
        """DO $é$ DECLARE r record; BEGIN
        DROP TABLE "é🦀";
        IF NOT EXISTS (SELECT 1) THEN DROP TABLE a; ELSIF true THEN DROP TABLE b; ELSE DROP TABLE c; END IF;
        FOR r IN SELECT * FROM d LOOP UPDATE e SET f = r.f; END LOOP;
        WHILE true LOOP DELETE FROM g; END LOOP;
        CASE WHEN true THEN DROP TABLE h; ELSE DROP TABLE i; END CASE;
        BEGIN DROP TABLE a; EXCEPTION WHEN undefined_table OR others THEN DROP TABLE j; END;
        DROP TABLE a;
        END $é$""",
        ('DROP TABLE "é🦀"', ""),
        *[(f"DROP TABLE {name}", "conditional") for name in "abc"],
        ("SELECT * FROM d", ""),
        ("UPDATE e SET f = r.f", "conditional"),
        ("DELETE FROM g", "conditional"),
        ("DROP TABLE h", "conditional"),
        ("DROP TABLE i", "conditional"),
        ("DROP TABLE a", "undefined_table"),
        ("DROP TABLE j", "conditional"),
        ("DROP TABLE a", ""),
    )


def test_what_a_branch_asks_first_is_always_run():
    check(
        """DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM a) THEN DROP TABLE b; ELSIF EXISTS (SELECT 1 FROM c) THEN DROP TABLE d; END IF;
        WHILE EXISTS (SELECT 1 FROM e) LOOP DELETE FROM e; END LOOP;
        END $$""",
        ("SELECT EXISTS (SELECT 1 FROM a)", ""),
        ("DROP TABLE b", "conditional"),
        ("SELECT EXISTS (SELECT 1 FROM c)", "conditional"),
        ("DROP TABLE d", "conditional"),
        ("SELECT EXISTS (SELECT 1 FROM e)", ""),
        ("DELETE FROM e", "conditional"),
    )


def test_perform_is_a_select():
    sql = "DO $$ BEGIN PERFORM f(1); END $$"
    check(sql, ("SELECT f(1)", ""))
    [statement] = body_statements(sql)
    assert sql[: statement.span.end].endswith("f(1)")


def test_a_function_is_read_too():
    check(
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a = now(); UPDATE b SET c = 1; RETURN NEW; END $$",
        ("UPDATE b SET c = 1", ""),
    )


def test_sql_that_is_put_together_is_opaque():
    [execute, drop] = body_statements("DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'a'; DROP TABLE b; END $$")
    assert (execute.opaque, execute.text) == (True, "'DROP TABLE ' || 'a'")
    assert (drop.opaque, drop.text) == (False, "DROP TABLE b")


@pytest.mark.parametrize(
    "sql",
    [
        "DO $$ nonsense $$",
        "DO LANGUAGE plperl $$ 1 $$",
        "DO LANGUAGE sql $$ SELECT 1 $$",
        "SELECT 1",
        "",
        "DO $$ BEGIN \0 END $$",
        "DO $$ DECLARE " + "".join(f"x{n} int; " for n in range(50_000)) + "BEGIN END $$",
        "DO $$ BEGIN " + "IF true THEN " * 10_000 + "NULL; " + "END IF; " * 10_000 + "END $$",
    ],
    ids=lambda sql: sql[:30],
)
def test_what_cannot_be_read_is_none(sql):
    assert body_statements(sql) is None


@given(texts)
def test_it_never_raises(text):
    for statement in body_statements(f"DO $$ BEGIN {text} END $$") or ():
        assert statement.span.start >= 0
